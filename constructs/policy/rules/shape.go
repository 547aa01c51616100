package rules

import (
	"fmt"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func shapeRules() []Rule {
	return []Rule{{
		ID:     "LF11",
		Title:  "A grant names exactly one resource",
		Why:    "Resource is a union: with none or several members the deployment fails, and the schema accepts both.",
		Fix:    "name one of Catalog, Database, Table, TableWithColumns, DataLocation, DataCellsFilter, LFTag, LFTagPolicy; make a grant for each",
		Source: `"AWS::LakeFormation::PrincipalPermissions Resource" (rule 2.3)`,
		check:  each(checkUnion, typeGrant),
	}, {
		ID:     "LF12",
		Title:  "A table is named or every table is meant, columns are listed or excluded",
		Why:    "Both or neither of the two fail at deployment, and the schema accepts both.",
		Fix:    "set Name or TableWildcard, and ColumnNames or ColumnWildcard; {} is a wildcard",
		Source: `"AWS::LakeFormation::PrincipalPermissions TableResource", "TableWithColumnsResource" (rule 2.3)`,
		check:  each(checkWildcards, typeGrant, typeAssociation),
	}, {
		ID:     "LF13",
		Title:  "A grant or tag association says everything that its type requires",
		Why:    "Nested catalog ids and the list of grantable permissions are required, even when it is empty.",
		Fix:    "write CatalogId in every member of Resource and every LF-Tag, and PermissionsWithGrantOption, [] when nothing may be passed on",
		Source: `"AWS::LakeFormation::PrincipalPermissions" (rule 2.2)`,
		check:  checkComplete,
	}, {
		ID:     "LF16",
		Title:  "What a grant is about is named in full",
		Why:    "A resource without its name, or a tag expression without keys and values, fails at deployment.",
		Fix:    "give every name; an LF-Tag policy has 1 to 5 keys, each with at least one value",
		Source: `"Lake Formation tag-based access control", "LFTagPolicyResource" (rules 2.3 and 2.9)`,
		check:  each(checkNames, typeGrant),
	}}
}

func checkUnion(o *object, report reporter) {
	if kinds := members(get(o.props, "Resource")); len(kinds) != 1 {
		report(o, "Resource", words(kinds), "exactly one member")
	}
}

// checkWildcards is about grants; those of tag associations are the same.
func checkWildcards(o *object, report reporter) {
	for _, pair := range []struct{ kind, name, wildcard string }{
		{"Table", "Name", "TableWildcard"},
		{"TableWithColumns", "ColumnNames", "ColumnWildcard"},
	} {
		p := "Resource." + pair.kind
		if has(o.props, p) {
			checkEither(o, p, pair.name, pair.wildcard, report)
		}
	}
}

// checkEither reports that both or neither of two properties are set.
func checkEither(o *object, path, a, b string, report reporter) {
	hasA, hasB := has(o.props, path+"."+a), has(o.props, path+"."+b)
	switch {
	case hasA && hasB:
		report(o, path, a+" and "+b, "one of them")
	case !hasA && !hasB:
		report(o, path, "neither "+a+" nor "+b, "one of them")
	}
}

func checkComplete(a *app, report reporter) {
	for _, o := range a.byType[typeGrant] {
		for _, property := range []string{"Permissions", "PermissionsWithGrantOption"} {
			if !has(o.props, property) {
				report(o, property, "nothing", "a list")
			}
		}
		if !has(o.props, "Principal.DataLakePrincipalIdentifier") {
			report(o, "Principal", "nothing", "a principal")
		}
		checkCatalogIDs(o, report)
	}
	for _, o := range a.byType[typeAssociation] {
		checkCatalogIDs(o, report)
		for i, tag := range list(o.props, "LFTags") {
			if !has(tag, "CatalogId") {
				report(o, fmt.Sprintf("LFTags[%d]", i), "no CatalogId", "the account of the tag")
			}
		}
	}
}

func checkCatalogIDs(o *object, report reporter) {
	for _, kind := range members(get(o.props, "Resource")) {
		if id := lf.CatalogProperty(lf.Kind(kind)); id != "" && !has(o.props, "Resource."+kind+"."+id) {
			report(o, "Resource."+kind, "no "+id, "the account of the catalog")
		}
	}
}

func checkNames(o *object, report reporter) {
	r, ok := o.granted()
	if !ok || r.Kind == lf.KindCatalog {
		return
	}
	if r.Kind == lf.KindTable && r.Table == "" || r.Kind == lf.KindColumns && (len(r.Columns) > 0) == (len(r.Excluded) > 0) {
		return // LF12 says so, or the wildcard means every column
	}
	if r.Kind == lf.KindTagPolicy && r.PolicyType != lf.Databases && r.PolicyType != lf.Tables {
		report(o, "Resource.LFTagPolicy.ResourceType", fmt.Sprintf("%q", r.PolicyType), "DATABASE or TABLE")
		return
	}
	if err := r.Check(lf.PermissionsFor(r)); err != nil {
		report(o, "Resource."+string(r.Kind), err.Error(), "every name and value")
	}
}
