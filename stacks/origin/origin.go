package origin

import (
	"cmp"
	"slices"
	"strings"
)

// Mesh is where the tables of a stage of a mesh come from.
type Mesh struct {
	Stage  string  `json:"stage"`  // that the plan is of
	Tables []Table `json:"tables"` // sorted by name
}

// Name names a table, domain and product included. The tables of a FHIR store have the
// product fhirStore, and what no domain has stands in Table alone, as its query names it.
type Name struct {
	Domain  string `json:"domain,omitempty"`  // that has the table
	Product string `json:"product,omitempty"` // of the domain
	Table   string `json:"table"`             // of the product
}

// String is the name as domain.product.table.
func (n Name) String() string {
	parts := slices.DeleteFunc([]string{n.Domain, n.Product, n.Table}, func(s string) bool { return s == "" })
	return strings.Join(parts, ".")
}

// of is the product as domain.product.
func (n Name) of() string { return n.Domain + "." + n.Product }

func compareNames(a, b Name) int {
	return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Table, b.Table))
}

// Kind is how a table gets its rows.
type Kind string

// The kinds of tables.
const (
	MadeByQuery  Kind = "query"       // the job of its product runs the query of its contract
	Deidentified Kind = "deidentify"  // the job of its product de-identifies another table
	PersonIndex  Kind = "personIndex" // the job of its product finds which records are one person
	View         Kind = "view"        // each reader runs its query
	Images       Kind = "images"      // the image store of the domain writes it
	Variants     Kind = "variants"    // the load of VCF files writes it
	Quality      Kind = "quality"     // the evaluations of the domain's quality rules write it
	FhirStore    Kind = "fhirStore"   // the FHIR store of the domain has it
	Outside      Kind = "outside"     // its files stand outside the lake
	Delivered    Kind = "delivered"   // who delivers to the domain, or its pipeline, writes it
	Unknown      Kind = "unknown"     // no domain of the mesh has it
)

// Table is where a table comes from.
type Table struct {
	Name

	Kind     Kind     `json:"kind"`               // how it gets its rows
	Database string   `json:"database"`           // of the Glue catalog
	Files    string   `json:"files,omitempty"`    // of a table outside the lake: where
	Job      string   `json:"job,omitempty"`      // state machine that makes it; "" where no job does
	Role     string   `json:"role,omitempty"`     // ARN that the job runs as
	Schedule string   `json:"schedule,omitempty"` // of the job: a cron in UTC
	After    []string `json:"after,omitempty"`    // state machines that have to have succeeded before
	Reads    []Read   `json:"reads,omitempty"`    // what it is made of, sorted by name
	Columns  []Column `json:"columns,omitempty"`  // its columns in their order
	// Filters are the columns that decide which rows it has: conditions, joins, groups.
	Filters []ColumnName `json:"filters,omitempty"`
	// Problems are what of its query could not be followed: with any, Reads are the tables
	// that it names, and columns are made of nobody knows what.
	Problems []string `json:"problems,omitempty"`
}

// Read is a table that another is made of.
type Read struct {
	Name

	Columns []string `json:"columns,omitempty"` // that are read, sorted; none where rows are only counted
	Whole   bool     `json:"whole,omitempty"`   // other columns too, which nobody knows
	Purpose string   `json:"purpose,omitempty"` // of the subscription, where the table is of another domain
	Expires string   `json:"expires,omitempty"` // last day of the subscription, YYYY-MM-DD
}

// Column is what a column is made of.
type Column struct {
	Name   string       `json:"name"`             // in lower case
	From   []ColumnName `json:"from,omitempty"`   // sorted; none is a constant, or a table that no query makes
	Method string       `json:"method,omitempty"` // how it is de-identified
}

// ColumnName is a column of a table. Column * is the rows as such, or a column that
// nobody knows.
type ColumnName struct {
	Name

	Column string `json:"column"` // in lower case
}

// String is the name as domain.product.table.column.
func (c ColumnName) String() string { return c.Name.String() + "." + c.Column }

// Find is the table of a name.
func (m *Mesh) Find(n Name) (*Table, bool) {
	i, found := slices.BinarySearchFunc(m.Tables, n, func(t Table, n Name) int { return compareNames(t.Name, n) })
	if !found {
		return nil, false
	}
	return &m.Tables[i], true
}

// Of is the tables of a product, by domain.product or product, or one of them, by
// domain.product.table; false where no domain has such. "" is every table that a job makes or
// a view shows.
func (m *Mesh) Of(name string) ([]*Table, bool) {
	var out []*Table
	for i := range m.Tables {
		t := &m.Tables[i]
		if name == "" && len(t.Reads) > 0 || slices.Contains([]string{t.of(), t.Product, t.String()}, name) && t.Kind != FhirStore {
			out = append(out, t)
		}
	}
	return out, len(out) > 0 || name == ""
}

// Products are the names of all products, as domain.product.
func (m *Mesh) Products() []string {
	var out []string
	for _, t := range m.Tables {
		if t.Kind != FhirStore && t.Kind != Unknown {
			out = append(out, t.of())
		}
	}
	return slices.Compact(out)
}

// down is some tables and all that they come from, each once and before what it reads.
func (m *Mesh) down(tables []*Table) []*Table {
	var out []*Table
	seen := map[Name]bool{}
	var visit func(t *Table)
	visit = func(t *Table) {
		if seen[t.Name] {
			return
		}
		seen[t.Name] = true
		out = append(out, t)
		for _, r := range t.Reads {
			if source, known := m.Find(r.Name); known {
				visit(source)
			}
		}
	}
	for _, t := range tables {
		visit(t)
	}
	return out
}
