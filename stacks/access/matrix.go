package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Matrix is who may see and do what.
type Matrix struct {
	Rows   []Row   `json:"rows"`
	Admins []Admin `json:"admins"`
	// Notes are what a reader must know to trust the rows: what could not be
	// resolved, grants that reach nothing, tables that Lake Formation does not guard.
	Notes []string `json:"notes"`
}

// Admin is a data lake administrator. Administrators can grant themselves
// anything, so no row limits them; read-only ones see all metadata and grants.
type Admin struct {
	Account   string `json:"account"`
	Region    string `json:"region"`
	Principal string `json:"principal"`
	ReadOnly  bool   `json:"readOnly"`
}

// Kind is what the rights of a row are about.
type Kind string

// The kinds of rows.
const (
	OnTable    Kind = "table"
	OnDatabase Kind = "database" // rights on the database itself, not on its tables
	OnLocation Kind = "location"
	OnTag      Kind = "tag"
	OnCatalog  Kind = "catalog"
)

// Row is what one principal may do with one table, database, location, tag or
// catalog.
type Row struct {
	Principal string  `json:"principal"` // as Lake Formation takes it
	Kind      Kind    `json:"kind"`
	Account   string  `json:"account"`
	Region    string  `json:"region"`
	Domain    string  `json:"domain"`
	Zone      string  `json:"zone"`
	Product   string  `json:"product"`
	Database  string  `json:"database"`
	Table     string  `json:"table"`
	Object    string  `json:"object,omitempty"` // location ARN, tag expression or link target
	Rights    []Right `json:"rights"`
	Levels    []Level `json:"levels,omitempty"`  // of a table: every level it holds
	Columns   []Cells `json:"columns,omitempty"` // of a table: the columns the principal may read
}

// Right is a permission, and whether it may be passed on.
type Right struct {
	Permission lakeformation.Permission `json:"permission"`
	Grantable  bool                     `json:"grantable"`
}

// Level is how many of a table's columns of one sensitivity are seen.
type Level struct {
	Sensitivity string `json:"sensitivity"`
	Seen        int    `json:"seen"`
	Total       int    `json:"total"`
}

// Cells is a column the principal may read, and the rows of it.
type Cells struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Sensitivity string   `json:"sensitivity"`
	Rows        []string `json:"rows,omitempty"` // row conditions joined by OR; empty is every row
	Grantable   bool     `json:"grantable"`
}

// Options choose rows; the zero value chooses all. Each that is set must match.
type Options struct {
	Principal   string // part of the identifier, in any case
	Product     string // product or domain.product
	Table       string // table or database.table
	Sensitivity string // rows that show at least one column of the level
}

// Filter returns the rows and administrators that the options choose, and all notes.
func (m *Matrix) Filter(o Options) *Matrix {
	out := &Matrix{Notes: m.Notes}
	for _, r := range m.Rows {
		if o.chooses(r) {
			out.Rows = append(out.Rows, r)
		}
	}
	for _, a := range m.Admins {
		if contains(a.Principal, o.Principal) {
			out.Admins = append(out.Admins, a)
		}
	}
	return out
}

func (o Options) chooses(r Row) bool {
	return contains(r.Principal, o.Principal) &&
		(o.Product == "" || o.Product == r.Product || o.Product == r.Domain+"."+r.Product) &&
		(o.Table == "" || o.Table == r.Table || o.Table == r.Database+"."+r.Table) &&
		(o.Sensitivity == "" || r.Sees(o.Sensitivity))
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// Sees reports whether the row shows at least one column of a sensitivity level.
func (r Row) Sees(sensitivity string) bool {
	return slices.ContainsFunc(r.Levels, func(l Level) bool { return l.Sensitivity == sensitivity && l.Seen > 0 })
}

// Can reports whether the row holds a permission.
func (r Row) Can(p lakeformation.Permission) bool {
	return slices.ContainsFunc(r.Rights, func(have Right) bool { return have.Permission == p })
}

// Name is what the row is about, short enough for a table.
func (r Row) Name() string {
	switch r.Kind {
	case OnTable:
		return r.Database + "." + r.Table
	case OnDatabase:
		return r.Database + " (database)"
	case OnLocation:
		return "s3://" + r.Object[strings.LastIndex(r.Object, ":")+1:]
	case OnTag:
		return "tag " + r.Object
	default:
		return "catalog " + r.Account
	}
}

// RowLimit is a group of columns that are seen in the same rows.
type RowLimit struct {
	Rows    []string // row conditions joined by OR; empty is every row
	Columns []string
}

// String returns the condition, or "all".
func (l RowLimit) String() string {
	if len(l.Rows) == 0 {
		return "all"
	}
	if len(l.Rows) == 1 {
		return l.Rows[0]
	}
	return "(" + strings.Join(l.Rows, ") OR (") + ")"
}

// RowLimits groups the columns by the rows that are seen of them, the widest first.
func (r Row) RowLimits() []RowLimit {
	groups := map[string]*RowLimit{}
	for _, c := range r.Columns {
		key := strings.Join(c.Rows, "\x00")
		if groups[key] == nil {
			groups[key] = &RowLimit{Rows: c.Rows}
		}
		groups[key].Columns = append(groups[key].Columns, c.Name)
	}
	var out []RowLimit
	for _, key := range sortedKeys(groups) {
		out = append(out, *groups[key])
	}
	return out
}

// Short returns what people know a principal by: the last part of an ARN's path,
// "account 111111111111" of an account.
func Short(principal string) string {
	if unresolved(principal) {
		return principal
	}
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		return "account " + principal
	}
	return principal[strings.LastIndex(principal, "/")+1:]
}

func compareRows(a, b Row) int {
	return cmp.Or(
		cmp.Compare(Short(a.Principal), Short(b.Principal)), cmp.Compare(a.Principal, b.Principal),
		cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region),
		cmp.Compare(rank(a.Kind), rank(b.Kind)),
		cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Product, b.Product),
		cmp.Compare(a.Database, b.Database), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Object, b.Object),
	)
}

func rank(k Kind) int {
	return slices.Index([]Kind{OnTable, OnDatabase, OnLocation, OnTag, OnCatalog}, k)
}
