package rules

import (
	"slices"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const kindCatalog lf.Kind = "Catalog"

// granted is the resource of a grant or tag association, when exactly one is named.
func (o *object) granted() (lf.Resource, bool) {
	kinds := members(get(o.props, "Resource"))
	if len(kinds) != 1 {
		return lf.Resource{}, false
	}
	p := get(o.props, "Resource."+kinds[0])
	r := lf.Resource{Kind: lf.Kind(kinds[0]), Catalog: text(p, "CatalogId")}
	switch r.Kind {
	case kindCatalog:
	case lf.KindDatabase:
		r.Database = text(p, "Name")
	case lf.KindTable:
		r.Database, r.Table = text(p, "DatabaseName"), text(p, "Name")
		if has(p, "TableWildcard") {
			r.Table = lf.AllTables
		}
	case lf.KindColumns:
		r = lf.Columns(text(p, "DatabaseName"), text(p, "Name"), texts(p, "ColumnNames")...).In(r.Catalog)
		r.Excluded = slices.Sorted(slices.Values(texts(p, "ColumnWildcard.ExcludedColumnNames")))
		if has(p, "ColumnWildcard") && len(r.Excluded) == 0 {
			r.Columns = []string{lf.AllColumns}
		}
	case lf.KindDataCells:
		r = lf.DataCells(text(p, "DatabaseName"), text(p, "TableName"), text(p, "Name")).In(text(p, "TableCatalogId"))
	case lf.KindLocation:
		r.Location = text(p, "ResourceArn")
	case lf.KindTag:
		r = lf.TagValues(text(p, "TagKey"), texts(p, "TagValues")...).In(r.Catalog)
	case lf.KindTagPolicy:
		var conditions []lf.Condition
		for _, e := range list(p, "Expression") {
			conditions = append(conditions, lf.Condition{Key: text(e, "TagKey"), Values: texts(e, "TagValues")})
		}
		r = lf.TagPolicy(lf.PolicyType(text(p, "ResourceType")), conditions...).In(r.Catalog)
	default:
		return lf.Resource{}, false
	}
	return r, true
}

// permissions are those of a grant.
func (o *object) permissions(property string) []lf.Permission {
	var out []lf.Permission
	for _, p := range texts(o.props, property) {
		out = append(out, lf.Permission(p))
	}
	return out
}

// principal is whom a grant is for.
func (o *object) principal() string {
	return text(o.props, "Principal.DataLakePrincipalIdentifier")
}
