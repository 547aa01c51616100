package lakeformation

import (
	"fmt"
	"slices"
	"strings"
)

// Kind says which member of Lake Formation's Resource union a Resource is.
type Kind string

// The kinds of resources that can be granted on. Catalog is left out: a grant
// on it cannot be updated or deleted reliably through CloudFormation (rule 2.7).
const (
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
	Key    string
	Values []string
}

// Resource is one thing a permission is granted on. Make it with the functions
// of this package; the zero value is no resource.
type Resource struct {
	Kind       Kind
	Catalog    string // 12-digit account of the catalog; "" is the account it is used in
	Database   string
	Table      string // AllTables for every table
	Columns    []string
	Excluded   []string // with KindColumns: every column but these
	Filter     string   // name of a data cells filter
	Location   string   // ARN of a registered location
	PolicyType PolicyType
	Expression []Condition // conditions of an LF-Tag policy, joined by AND
	TagKey     string
	TagValues  []string
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
		expression[i] = Condition{Key: strings.ToLower(c.Key), Values: sorted(lower(c.Values))}
	}
	slices.SortFunc(expression, func(a, b Condition) int { return compareStrings(a.Key, b.Key) })
	return Resource{Kind: KindTagPolicy, PolicyType: t, Expression: expression}
}

// TagValues is an LF-Tag itself with some of its values.
func TagValues(key string, values ...string) Resource {
	return Resource{Kind: KindTag, TagKey: strings.ToLower(key), TagValues: sorted(lower(values))}
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

// Check returns what keeps the permissions from being granted on the resource:
// a missing name, an empty or over-long expression, a permission that Lake
// Formation does not take on this kind (rules 2.3, 2.6 and 2.9).
func (r Resource) Check(permissions []Permission) error {
	if err := r.checkShape(); err != nil {
		return err
	}
	if len(permissions) == 0 {
		return fmt.Errorf("%s: no permissions; expected at least one of %v", r.Key(), PermissionsFor(r))
	}
	allowed := PermissionsFor(r)
	for _, p := range permissions {
		if !slices.Contains(allowed, p) {
			return fmt.Errorf("%s: %s cannot be granted on a %s; expected one of %v", r.Key(), p, r.Kind, allowed)
		}
	}
	return nil
}

func (r Resource) checkShape() error {
	switch r.Kind {
	case KindDatabase:
		return required(r.Kind, field{"database", r.Database})
	case KindTable:
		return required(r.Kind, field{"database", r.Database}, field{"table", r.Table})
	case KindColumns:
		if len(r.Columns) > 0 && len(r.Excluded) > 0 {
			return fmt.Errorf("%s: columns are either listed or excluded, not both", r.Key())
		}
		if len(r.Columns) == 0 && len(r.Excluded) == 0 {
			return fmt.Errorf("%s without a column: got no column that is listed or excluded; expected at least one; fix: name the columns, or AllColumns to show all of them", r.Kind)
		}
		if len(r.Columns) > 1 && slices.Contains(r.Columns, AllColumns) {
			return fmt.Errorf("%s: got every column and columns by name; expected one of the two; fix: leave out one", r.Key())
		}
		return required(r.Kind, field{"database", r.Database}, field{"table", r.Table})
	case KindDataCells:
		return required(r.Kind, field{"database", r.Database}, field{"table", r.Table}, field{"filter name", r.Filter})
	case KindLocation:
		return required(r.Kind, field{"location ARN", r.Location})
	case KindTag:
		if len(r.TagValues) == 0 {
			return fmt.Errorf("%s: an LF-Tag grant names at least one value", r.Key())
		}
		return required(r.Kind, field{"tag key", r.TagKey})
	case KindTagPolicy:
		return r.checkExpression()
	}
	return fmt.Errorf("%q is no kind of resource", r.Kind)
}

func (r Resource) checkExpression() error {
	if n := len(r.Expression); n < 1 || n > 5 {
		return fmt.Errorf("%s: an LF-Tag policy has 1 to 5 conditions, got %d", r.Key(), n)
	}
	for i, c := range r.Expression {
		if c.Key == "" || len(c.Values) == 0 {
			return fmt.Errorf("%s: condition %d needs a key and at least one value", r.Key(), i)
		}
		if i > 0 && r.Expression[i-1].Key == c.Key {
			return fmt.Errorf("%s: key %s stands twice; values of one key are joined in one condition", r.Key(), c.Key)
		}
	}
	return nil
}

type field struct{ name, value string }

func required(kind Kind, fields ...field) error {
	for _, f := range fields {
		if f.value == "" {
			return fmt.Errorf("%s without a %s", kind, f.name)
		}
	}
	return nil
}

func sorted(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

func lower(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = strings.ToLower(s)
	}
	return out
}

func compareStrings(a, b string) int { return strings.Compare(a, b) }
