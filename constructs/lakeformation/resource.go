package lakeformation

import (
	"slices"
	"strings"
)

// Kind says which member of Lake Formation's Resource union a Resource is.
type Kind string

// The kinds of resources that permissions are granted on. KindCatalog is only read: a
// grant on a whole catalog cannot be updated or deleted reliably through CloudFormation
// (rule 2.7), so Check refuses it, but deployed accounts and other people's templates
// have such grants.
const (
	KindCatalog   Kind = "Catalog"
	KindDatabase  Kind = "Database"
	KindTable     Kind = "Table"
	KindColumns   Kind = "TableWithColumns"
	KindDataCells Kind = "DataCellsFilter"
	KindLocation  Kind = "DataLocation"
	KindTag       Kind = "LFTag"
	KindTagPolicy Kind = "LFTagPolicy"
)

// PolicyType is what an LF-Tag policy selects.
type PolicyType string

// The two things an LF-Tag policy can select.
const (
	Databases PolicyType = "DATABASE"
	Tables    PolicyType = "TABLE"
)

// AllTables as a table name is the wildcard: every table of the database.
const AllTables = "*"

// AllColumns as a column name is the wildcard: every column of the table, also
// those it gets later.
const AllColumns = "*"

// Condition is one key of an LF-Tag expression; it holds when the resource's
// value for the key is one of Values.
type Condition struct {
	Key    string   // of the LF-Tag
	Values []string // one of which the resource has
}

// Resource is one thing a permission is granted on. Make it with the functions
// of this package; the zero value is no resource.
type Resource struct {
	Kind       Kind        // which member of the union it is
	Catalog    string      // 12-digit account of the catalog; "" is the account it is used in
	Database   string      // name in the catalog
	Table      string      // AllTables for every table
	Columns    []string    // with KindColumns: names, or AllColumns
	Excluded   []string    // with KindColumns: every column but these
	Filter     string      // name of a data cells filter
	Location   string      // ARN of a registered location
	PolicyType PolicyType  // with KindTagPolicy: what the policy selects
	Expression []Condition // conditions of an LF-Tag policy, joined by AND
	TagKey     string      // with KindTag
	TagValues  []string    // with KindTag
}

// Database is a Glue database.
func Database(name string) Resource { return Resource{Kind: KindDatabase, Database: name} }

// Table is a Glue table; the name AllTables stands for every table of the database.
func Table(database, name string) Resource {
	return Resource{Kind: KindTable, Database: database, Table: name}
}

// Columns is a table with only the named columns; the name AllColumns stands for
// every column. Check refuses it without a name.
func Columns(database, table string, names ...string) Resource {
	return Resource{Kind: KindColumns, Database: database, Table: table, Columns: sorted(names)}
}

// DataCells is a data cells filter: chosen rows and columns of a table.
func DataCells(database, table, filter string) Resource {
	return Resource{Kind: KindDataCells, Database: database, Table: table, Filter: filter}
}

// Location is a registered S3 location, by exactly the ARN that was registered.
func Location(arn string) Resource { return Resource{Kind: KindLocation, Location: arn} }

// TagPolicy is every database or table whose LF-Tags meet all the conditions.
func TagPolicy(t PolicyType, conditions ...Condition) Resource {
	expression := make([]Condition, len(conditions))
	for i, c := range conditions {
		expression[i] = Condition{Key: lower([]string{c.Key})[0], Values: sorted(lower(c.Values))}
	}
	slices.SortFunc(expression, func(a, b Condition) int { return strings.Compare(a.Key, b.Key) })
	return Resource{Kind: KindTagPolicy, PolicyType: t, Expression: expression}
}

// TagValues is an LF-Tag itself with some of its values.
func TagValues(key string, values ...string) Resource {
	return Resource{Kind: KindTag, TagKey: lower([]string{key})[0], TagValues: sorted(lower(values))}
}

// In returns the resource in the catalog of another account.
func (r Resource) In(catalog string) Resource {
	r.Catalog = catalog
	return r
}

// Key identifies the resource: two resources are the same to Lake Formation
// exactly when their keys are equal. It reads well enough to be shown.
func (r Resource) Key() string {
	body := ""
	switch r.Kind {
	case KindCatalog:
	case KindDatabase:
		body = r.Database
	case KindTable:
		body = r.Database + "." + r.Table
	case KindColumns:
		body = r.Database + "." + r.Table + "(" + strings.Join(r.Columns, ",") + ")"
		if len(r.Excluded) > 0 || len(r.Columns) == 0 { // the latter where a template says neither
			body = r.Database + "." + r.Table + "(* except " + strings.Join(r.Excluded, ",") + ")"
		}
	case KindDataCells:
		body = r.Database + "." + r.Table + "[" + r.Filter + "]"
	case KindLocation:
		body = r.Location
	case KindTag:
		body = r.TagKey + "=" + strings.Join(r.TagValues, "|")
	case KindTagPolicy:
		parts := make([]string, len(r.Expression))
		for i, c := range r.Expression {
			parts[i] = c.Key + "=" + strings.Join(c.Values, "|")
		}
		body = string(r.PolicyType) + " where " + strings.Join(parts, " and ")
	}
	if r.Catalog != "" {
		body = r.Catalog + "/" + body
	}
	return string(r.Kind) + " " + body
}

func sorted(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

// lower folds as Lake Formation does; what is known only at deployment, ${…}, stays.
func lower(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		if out[i] = s; !strings.Contains(s, "${") {
			out[i] = strings.ToLower(s)
		}
	}
	return out
}
