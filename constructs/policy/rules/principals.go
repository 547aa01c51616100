package rules

import (
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func principalRules() []Rule {
	return []Rule{{
		ID:     "LF17",
		Title:  "Nothing is granted to everyone",
		Why:    "IAM_ALLOWED_PRINCIPALS and Everyone hand the resource back to IAM policies: Lake Formation protects nothing there.",
		Fix:    "grant to a role, a group or an account",
		Source: `"Changing the default settings for your data lake" (rule 2.8)`,
		check: func(a *app, report reporter) {
			for _, o := range grantsOfBothTypes(a) {
				if p := o.recipient(); isEveryone(p) {
					report(o, "", p, lf.PrincipalForms)
				}
			}
		},
	}, {
		ID:     "LF18",
		Title:  "A principal has a form that Lake Formation takes",
		Why:    "Anything else fails with Invalid principal while the stack is deployed.",
		Fix:    "write the full ARN, the account, or the group as Lake Formation takes it",
		Source: `"Lake Formation permissions reference", principals (rule 2.8)`,
		check:  each(checkPrincipals, typeGrant),
	}, {
		ID:     "LF21",
		Title:  "Administrators get no grants",
		Why:    "They have everything without it, and the grant stays when they stop being administrators.",
		Fix:    "grant to a role that is no administrator",
		Source: `"Implicit Lake Formation permissions" (rule 2.8)`,
		check:  checkAdmins,
	}}
}

func grantsOfBothTypes(a *app) []*object {
	return slices.Concat(a.byType[typeGrant], a.byType[typeLegacyGrant])
}

// recipient is whom a grant of either type is for.
func (o *object) recipient() string {
	if o.resource.Type == typeLegacyGrant {
		return text(o.props, "DataLakePrincipal.DataLakePrincipalIdentifier")
	}
	return o.principal()
}

func isEveryone(p string) bool {
	return strings.EqualFold(p, "IAM_ALLOWED_PRINCIPALS") || strings.EqualFold(p, "Everyone")
}

func checkPrincipals(o *object, report reporter) {
	p := o.principal()
	if !known(p) || isEveryone(p) {
		return
	}
	if _, err := lf.ParsePrincipal(p); err != nil {
		report(o, "Principal.DataLakePrincipalIdentifier", p, lf.PrincipalForms)
	}
}

func checkAdmins(a *app, report reporter) {
	for _, o := range a.byType[typeGrant] {
		p := o.principal()
		r, _ := o.granted()
		if p != "" && slices.Contains(a.admins(o.environment(r.Catalog)), p) {
			report(o, "Principal.DataLakePrincipalIdentifier", p+", an administrator", "a principal that is none")
		}
	}
}
