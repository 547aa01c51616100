package guardrail

// Guardrail is a rule about who can see what, as its author writes it down.
type Guardrail struct {
	Name   string      // one of Names, or that of an own guardrail
	Refuse string      // what an own guardrail refuses: an expression over an Access
	Fix    string      // what to do about a violation of an own guardrail; by default to take the access back
	Known  []string    // who may administer, for AdministratorsAreKnown: ARNs, in which * stands for anything
	Except []Exception // what is let through
}

// Exception is what a guardrail lets through on purpose. What is written of Principal to
// Columns must all match.
type Exception struct {
	Principal string   // ARN, account or last part of the ARN; * stands for anything
	Domain    string   // whose data; "" is any
	Table     string   // database.table, * stands for anything; "" is any
	Columns   []string // that may be seen; none is all
	Reason    string   // why, as an auditor reads it
	Steward   string   // e-mail address of the steward who lets it through
	Until     string   // last day, YYYY-MM-DD; "" is no end

	// Implied says that the exception follows from something else that is agreed, and is
	// no finding where it matches nothing.
	Implied bool
}

// Domain says what belongs to a domain: who works for it, and its databases where no LF-Tag
// "domain" says whose they are.
type Domain struct {
	Name string // of the domain
	// Principals are ARNs, accounts or last parts of ARNs; * stands for anything. Where
	// none without a * matches, the longest of those that match decides.
	Principals []string
	Databases  []string // names; * stands for anything, and the longest that matches decides
}

// The guardrails that are known by name.
const (
	// PHIStaysInDomain refuses that phi, or columns without a level, are seen by somebody
	// who does not belong to their domain: by a grant, or past Lake Formation where it is
	// certain. NoBypass refuses what may be so too.
	PHIStaysInDomain = "phi-stays-in-domain"
	// NoBypass refuses every way to files of tables past Lake Formation.
	NoBypass = "no-bypass"
	// NoSharedResults refuses that principals who see different things read each other's
	// results in an Athena workgroup.
	NoSharedResults = "no-shared-results"
	// ExpiringAccessOnly refuses that data of another domain is seen or changed other than
	// by a subscription with a last day.
	ExpiringAccessOnly = "expiring-access-only"
	// NoGrantOptionOutsideOwner refuses that somebody outside a domain may grant on what
	// the domain owns.
	NoGrantOptionOutsideOwner = "no-grant-option-outside-owner"
	// AdministratorsAreKnown refuses administrators of Lake Formation that Known does not list.
	AdministratorsAreKnown = "administrators-are-known"
)

// builtin is a guardrail that is known by name.
type builtin struct {
	name    string
	refuses string // in words
	refuse  string // the expression
	fix     string
}

// builtins are sorted by name. Each is an expression, as own ones are.
func builtins() []builtin {
	return []builtin{
		{
			AdministratorsAreKnown, "an administrator of Lake Formation that the list does not have",
			`path == "administrator" && not known`,
			"take it from the administrators, or add it to the list",
		},
		{
			ExpiringAccessOnly, "access to data of another domain other than by a subscription with an end",
			`path in ["grant", "subscription"] && on == "table" && right != "DESCRIBE" && ends == "" && not (domain in homes)`,
			"let it subscribe, with a last day, or take the grant back",
		},
		{
			NoBypass, "a way to files of tables past Lake Formation",
			`path == "bypass"`,
			"take what allows it out of the policy or the grant",
		},
		{
			NoGrantOptionOutsideOwner, "the right to grant on what another domain owns",
			`path == "grant-option" && not (domain in homes)`,
			"share with the principals themselves, without the grant option",
		},
		{
			NoSharedResults, "results of queries that principals who see different things share",
			`path == "shared-results"`,
			"give each of them a workgroup of its own",
		},
		{
			PHIStaysInDomain, "phi of a domain, or a column without a level, for somebody of another domain",
			`phi && (path in ["grant", "subscription"] || path == "bypass" && certain) && right in ["SELECT", "read", "get"] && not (domain in homes)`,
			"publish what others need as a deidentified product, or take the access back",
		},
	}
}

// Names are those of the guardrails that are known, sorted.
func Names() []string {
	var out []string
	for _, b := range builtins() {
		out = append(out, b.name)
	}
	return out
}

// Refuses says in words what a guardrail that is known by name refuses; "" for another.
func Refuses(name string) string { return named(name).refuses }

// Expression is what a guardrail that is known by name refuses, as an expression; "" for another.
func Expression(name string) string { return named(name).refuse }

func named(name string) builtin {
	for _, b := range builtins() {
		if b.name == name {
			return b
		}
	}
	return builtin{}
}
