package lakeformation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
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
// intrinsic functions are resolved. Its Kind is "" where the union has no member, several,
// or one that is no kind of resource; the problems say so, and what is not of the type
// that CloudFormation takes. Their paths start with Resource.
func FromCloudFormation(property any) (Resource, problem.List) {
	var read reader
	union := read.object(property, "Resource")
	members := slices.Sorted(maps.Keys(union))
	r := Resource{Kind: Kind(strings.Join(members, " and "))}
	properties := r.properties()
	if properties == nil {
		read.problems.Addf("Resource", cmp.Or(string(r.Kind), "no member"), "exactly one member",
			"name one of Catalog, Database, Table, TableWithColumns, DataLocation, DataCellsFilter, LFTag, LFTagPolicy")
		return Resource{}, read.problems
	}
	at := "Resource." + members[0]
	if id, isText := union[members[0]].(string); isText && r.Kind == KindCatalog { // as CloudFormation's schema has it
		return r.In(id), read.problems
	}
	member := read.object(union[members[0]], at)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		*properties[name] = read.text(member[name], at+"."+name)
	}
	for _, name := range slices.Sorted(maps.Keys(member)) {
		if properties[name] == nil && !slices.Contains(further[r.Kind], name) {
			read.problems.Addf(at+"."+name, fmt.Sprint(member[name]), "a property that is known here", "without it, this says something else; name the resource by those that CloudFormation documents")
		}
	}
	switch r.Kind {
	case KindTable:
		if member["TableWildcard"] != nil {
			r.Table = AllTables
		}
	case KindColumns:
		r.Columns = sorted(read.texts(member["ColumnNames"], at+".ColumnNames"))
		if text, isText := member["ColumnNames"].(string); isText && template.IsUnresolved(text) {
			r.Columns = []string{AllColumns} // it may be any
		}
		if wildcard := member["ColumnWildcard"]; wildcard != nil {
			except := read.object(wildcard, at+".ColumnWildcard")["ExcludedColumnNames"]
			if r.Excluded = sorted(read.texts(except, at+".ColumnWildcard.ExcludedColumnNames")); len(r.Excluded) == 0 {
				r.Columns = []string{AllColumns}
			}
		}
	case KindTag:
		r = TagValues(r.TagKey, read.texts(member["TagValues"], at+".TagValues")...).In(r.Catalog)
	case KindTagPolicy:
		var conditions []Condition
		for i, c := range read.list(member["Expression"], at+".Expression") {
			path := fmt.Sprintf("%s.Expression[%d]", at, i)
			condition := read.object(c, path)
			conditions = append(conditions, Condition{Key: read.text(condition["TagKey"], path+".TagKey"), Values: read.texts(condition["TagValues"], path+".TagValues")})
		}
		r = TagPolicy(r.PolicyType, conditions...).In(r.Catalog)
	case KindCatalog:
		r.Catalog = read.text(member["Id"], at+".Id")
	case KindDatabase, KindDataCells, KindLocation: // texts only
	}
	return r, read.problems
}

// further are the properties of a kind of resource that are no texts, or not written.
var further = map[Kind][]string{
	KindCatalog:   {"Id"},
	KindTable:     {"TableWildcard"},
	KindColumns:   {"ColumnNames", "ColumnWildcard"},
	KindTag:       {"TagValues"},
	KindTagPolicy: {"Expression"},
}

// DataCellsFilterFromCloudFormation reads the properties of a data cells filter whose
// intrinsic functions are resolved, and says what is not of the type that CloudFormation
// takes.
func DataCellsFilterFromCloudFormation(properties map[string]any) (DataCellsFilter, problem.List) {
	var read reader
	return DataCellsFilter{
		Catalog:  read.text(properties["TableCatalogId"], "TableCatalogId"),
		Database: read.text(properties["DatabaseName"], "DatabaseName"),
		Table:    read.text(properties["TableName"], "TableName"),
		Name:     read.text(properties["Name"], "Name"),
		Rows:     read.text(read.object(properties["RowFilter"], "RowFilter")["FilterExpression"], "RowFilter.FilterExpression"),
		Columns:  read.texts(properties["ColumnNames"], "ColumnNames"),
		Excluded: read.texts(read.object(properties["ColumnWildcard"], "ColumnWildcard")["ExcludedColumnNames"], "ColumnWildcard.ExcludedColumnNames"),
	}, read.problems
}

// reader notes values of another type than CloudFormation takes.
type reader struct{ problems problem.List }

func (r *reader) wrong(value any, path, expected string) {
	if text, isText := value.(string); isText && template.IsUnresolved(text) {
		return // a marker, of which whoever resolved it has heard
	}
	if value != nil {
		r.problems.Addf(path, fmt.Sprintf("%T", value), expected, "follow the CloudFormation schema of the property")
	}
}

func (r *reader) object(value any, path string) map[string]any {
	out, ok := value.(map[string]any)
	if !ok {
		r.wrong(value, path, "a struct")
	}
	return out
}

func (r *reader) list(value any, path string) []any {
	out, ok := value.([]any)
	if !ok {
		r.wrong(value, path, "a slice")
	}
	return out
}

func (r *reader) text(value any, path string) string {
	switch v := value.(type) {
	case string:
		return v
	case fmt.Stringer: // json.Number
		return v.String()
	}
	r.wrong(value, path, "a string")
	return ""
}

func (r *reader) texts(value any, path string) []string {
	var out []string
	for i, v := range r.list(value, path) {
		out = append(out, r.text(v, fmt.Sprintf("%s[%d]", path, i)))
	}
	return out
}
