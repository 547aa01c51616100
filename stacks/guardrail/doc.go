// Package guardrail judges who can see what: a guardrail refuses accesses, and each access
// that it refuses is a violation, with the principal, the columns, the way and the fix. They
// are judged on what package access evaluates, from templates or from a plan, so that a grant
// counts whoever wrote it.
//
// Some guardrails are known by name (Names). Others are written as an expression over one
// Access, in the language of github.com/expr-lang/expr:
//
//	phi && path == "grant" && not (domain in homes)
//
// An expression is checked when it is read: a name that is not among those of an access, and
// a word that no access can have, such as level == "fhi", is an error.
//
// A Judge is given to policy.Use, which stops the synthesis of any CDK app.
package guardrail
