package iampolicy

import (
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// permissionSet reads what a permission set of IAM Identity Center allows to whoever it is
// assigned to, in whichever account that is.
// Source: "AWS::SSO::PermissionSet".
func (r *reader) permissionSet(id string) {
	p := r.document(id, "", r.property(id, "InlinePolicy"))
	for _, entry := range list(r.property(id, "ManagedPolicies")) {
		arn := text(entry)
		known, ok := managedPolicies[arn[strings.LastIndex(arn, "/")+1:]]
		if !ok {
			r.unresolved(id, "what the policy "+template.Written(entry)+" allows is not known here, and not counted")
		}
		p.Statements = append(p.Statements, known...)
	}
	for _, entry := range list(r.property(id, "CustomerManagedPolicyReferences")) {
		r.unresolved(id, "the policy "+template.Written(entry)+" is not in the templates: what it allows is not counted")
	}
	if len(p.Statements) == 0 {
		return
	}
	r.give(id, p)
	holder := r.into.Principals["whoever is given "+p.Place]
	holder.Account, holder.Bounded = "", r.stack.Resources[id].Properties["PermissionsBoundary"] != nil
}
