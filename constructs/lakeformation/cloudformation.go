package lakeformation

import (
	"fmt"
	"maps"
	"slices"
)

// properties are the texts of a resource by the names that CloudFormation gives them;
// nil for what is no kind of resource.
func (r *Resource) properties() map[string]*string {
	switch r.Kind {
	case KindCatalog:
		return map[string]*string{}
	case KindDatabase:
		return map[string]*string{"CatalogId": &r.Catalog, "Name": &r.Database}
	case KindTable, KindColumns:
		return map[string]*string{"CatalogId": &r.Catalog, "DatabaseName": &r.Database, "Name": &r.Table}
	case KindDataCells:
		return map[string]*string{"TableCatalogId": &r.Catalog, "DatabaseName": &r.Database, "TableName": &r.Table, "Name": &r.Filter}
	case KindLocation:
		return map[string]*string{"CatalogId": &r.Catalog, "ResourceArn": &r.Location}
	case KindTag:
		return map[string]*string{"CatalogId": &r.Catalog, "TagKey": &r.TagKey}
	case KindTagPolicy:
		return map[string]*string{"CatalogId": &r.Catalog, "ResourceType": (*string)(&r.PolicyType)}
	}
	return nil
}

// CatalogProperty returns the property that names the catalog of a resource of the
// kind in CloudFormation; "" where there is none.
func CatalogProperty(kind Kind) string {
	r := Resource{Kind: kind}
	for name, text := range r.properties() {
		if text == &r.Catalog {
			return name
		}
	}
	return ""
}

// ToCloudFormation writes the property Resource of a grant or a tag association: a
// union, of which it sets the one member that is the resource's kind (rules 2.2 and 2.3).
// Source: "AWS::LakeFormation::PrincipalPermissions Resource".
func (r Resource) ToCloudFormation() map[string]any {
	member := map[string]any{}
	for name, text := range r.properties() {
		member[name] = *text
	}
	switch {
	case r.Kind == KindTable && r.Table == AllTables:
		delete(member, "Name")
		member["TableWildcard"] = map[string]any{}
	case r.Kind == KindColumns && len(r.Columns) > 0 && r.Columns[0] != AllColumns:
		member["ColumnNames"] = r.Columns
	case r.Kind == KindColumns:
		wildcard := map[string]any{}
		if len(r.Excluded) > 0 {
			wildcard["ExcludedColumnNames"] = r.Excluded
		}
		member["ColumnWildcard"] = wildcard
	case r.Kind == KindTag:
		member["TagValues"] = r.TagValues
	case r.Kind == KindTagPolicy:
		expression := make([]any, len(r.Expression))
		for i, c := range r.Expression {
			expression[i] = map[string]any{"TagKey": c.Key, "TagValues": c.Values}
		}
		member["Expression"] = expression
	}
	return map[string]any{string(r.Kind): member}
}

// FromCloudFormation reads the property Resource of a grant or a tag association whose
// intrinsic functions are resolved. Members are those that the union has, sorted; the
// resource is that of the only one, and its Kind is "" where there are none or several
// or where it is no kind of resource.
func FromCloudFormation(property any) (r Resource, members []string) {
	union, _ := property.(map[string]any)
	members = slices.Sorted(maps.Keys(union))
	if len(members) != 1 {
		return Resource{}, members
	}
	r.Kind = Kind(members[0])
	properties := r.properties()
	if properties == nil {
		return Resource{}, members
	}
	member, _ := union[members[0]].(map[string]any)
	for name, text := range properties {
		*text = textOf(member[name])
	}
	switch r.Kind {
	case KindTable:
		if member["TableWildcard"] != nil {
			r.Table = AllTables
		}
	case KindColumns:
		r.Columns = sorted(textsOf(member["ColumnNames"]))
		if wildcard := member["ColumnWildcard"]; wildcard != nil {
			except, _ := wildcard.(map[string]any)
			if r.Excluded = sorted(textsOf(except["ExcludedColumnNames"])); len(r.Excluded) == 0 {
				r.Columns = []string{AllColumns}
			}
		}
	case KindTag:
		r = TagValues(r.TagKey, textsOf(member["TagValues"])...).In(r.Catalog)
	case KindTagPolicy:
		var conditions []Condition
		expression, _ := member["Expression"].([]any)
		for _, c := range expression {
			condition, _ := c.(map[string]any)
			conditions = append(conditions, Condition{Key: textOf(condition["TagKey"]), Values: textsOf(condition["TagValues"])})
		}
		r = TagPolicy(r.PolicyType, conditions...).In(r.Catalog)
	case KindCatalog, KindDatabase, KindDataCells, KindLocation: // texts only
	}
	return r, members
}

// textOf is a text or a number as text, "" for anything else.
func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case fmt.Stringer: // json.Number
		return v.String()
	}
	return ""
}

func textsOf(value any) []string {
	list, _ := value.([]any)
	var out []string
	for _, v := range list {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return out
}
