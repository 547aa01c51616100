package rules

import (
	"fmt"
	"slices"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const permissionsPage = `"Lake Formation permissions reference"`

func grantRules() []Rule {
	return []Rule{{
		ID:     "LF10",
		Title:  "Grants are of the type PrincipalPermissions",
		Why:    "AWS::LakeFormation::Permissions knows no tags, filters or catalogs, and leaves old grants behind when it changes.",
		Fix:    "use " + typeGrant,
		Source: `"AWS::LakeFormation::PrincipalPermissions" (rule 2.1)`,
		check: each(func(o *object, report reporter) {
			report(o, "", typeLegacyGrant, typeGrant)
		}, typeLegacyGrant),
	}, {
		ID:     "LF14",
		Title:  "A grant enumerates what it allows",
		Why:    "ALL grows with the service, and includes dropping and passing on.",
		Fix:    "write the permissions that are needed",
		Source: permissionsPage + " (rule 2.6)",
		check:  each(checkAll, typeGrant),
	}, {
		ID:     "LF15",
		Title:  "Permissions fit the kind of resource",
		Why:    "Lake Formation refuses the grant while the stack is deployed.",
		Fix:    "leave out what the resource does not take",
		Source: permissionsPage + " (rules 2.6 and 2.7)",
		check:  each(checkPermissions, typeGrant),
	}, {
		ID:     "LF19",
		Title:  "One grant per principal and resource",
		Why:    "The second creation fails with AlreadyExists, and removing one of them takes the permissions of both.",
		Fix:    "join the permissions in one resource",
		Source: `"AWS::LakeFormation::PrincipalPermissions", return values (rule 2.4)`,
		check:  checkDuplicates,
	}, {
		ID:     "LF20",
		Title:  "The grants of a stack wait for each other",
		Why:    "Lake Formation fails on grants that CloudFormation makes in parallel.",
		Fix:    "let each grant depend on the previous one",
		Source: "CloudFormation coverage roadmap, issues 2432 and 2500 (rule 2.5)",
		check:  checkChain,
	}}
}

func isAll(p lf.Permission) bool { return p == "ALL" || p == "SUPER_USER" || p == "Super" }

func checkAll(o *object, report reporter) {
	for _, property := range []string{"Permissions", "PermissionsWithGrantOption"} {
		if slices.ContainsFunc(o.permissions(property), isAll) {
			report(o, property, "ALL", "an enumeration")
		}
	}
}

// fitting are the permissions that a kind of resource takes, those that LakeMesh
// itself never grants included.
func fitting(r lf.Resource) []lf.Permission {
	switch r.Kind {
	case lf.KindCatalog:
		return []lf.Permission{"CREATE_DATABASE", "CREATE_CATALOG", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION", lf.Describe, lf.Alter, lf.Drop}
	case lf.KindTag:
		return append(lf.PermissionsFor(r), "GRANT_WITH_LF_TAG_EXPRESSION")
	default:
		return lf.PermissionsFor(r)
	}
}

func checkPermissions(o *object, report reporter) {
	r, ok := o.granted()
	if !ok {
		return
	}
	permissions := o.permissions("Permissions")
	if len(permissions) == 0 {
		report(o, "Permissions", "nothing", fmt.Sprintf("some of %v", fitting(r)))
	}
	for _, p := range permissions {
		if known(string(p)) && !isAll(p) && !slices.Contains(fitting(r), p) {
			report(o, "Permissions", fmt.Sprintf("%s on a %s", p, r.Kind), fmt.Sprintf("some of %v", fitting(r)))
		}
	}
	for _, p := range o.permissions("PermissionsWithGrantOption") {
		if known(string(p)) && !isAll(p) && !slices.Contains(permissions, p) {
			report(o, "PermissionsWithGrantOption", string(p), fmt.Sprintf("some of Permissions %v", permissions))
		}
	}
}

func checkDuplicates(a *app, report reporter) {
	first := map[string]*object{}
	for _, o := range a.byType[typeGrant] {
		r, ok := o.granted()
		if !ok || o.principal() == "" {
			continue
		}
		home := o.environment(r.Catalog)
		key := home + "\n" + o.principal() + "\n" + r.In("").Key()
		if other := first[key]; other != nil {
			report(o, "", "the pair of "+other.stack.Path(other.id)+" again", "one grant per principal and resource")
			continue
		}
		first[key] = o
	}
}

// checkChain wants the grants of each stack in one line: every two of them stand
// in an order. Then no two have the same number of grants before them.
func checkChain(a *app, report reporter) {
	type place struct {
		stack  string
		before int
	}
	at := map[place]*object{}
	for _, o := range a.byType[typeGrant] {
		n := 0
		for id := range a.graphs[o.stack].before(o.id) {
			if o.stack.Resources[id].Type == typeGrant {
				n++
			}
		}
		p := place{o.stack.Name, n}
		if other := at[p]; other != nil {
			report(o, "DependsOn", "no order between it and "+other.stack.Path(other.id), "one chain of grants")
			continue
		}
		at[p] = o
	}
}
