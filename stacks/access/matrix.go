package access

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Matrix is who may see and do what.
type Matrix struct {
	Rows   []Row   `json:"rows"`   // sorted by principal, then by what they are about
	Admins []Admin `json:"admins"` // of every catalog
	// Notes are what a reader must know to trust the rows: what could not be
	// resolved, grants that reach nothing, tables that Lake Formation does not guard.
	Notes []string `json:"notes"`
	// Bypasses are ways to files of registered locations that no row tells.
	Bypasses []Bypass `json:"bypasses"`
	// Grantors are those who can give access to others, or to themselves.
	Grantors []Grantor `json:"grantors"`
	// SharedResults are results of Athena that are read by others than those who made them.
	// The notes say them too.
	SharedResults []SharedResults `json:"-"`
	// Caveats are what may let somebody see more than the rows say, one for each kind; the
	// notes give the particulars. Only without any does a matrix without rows mean nobody.
	Caveats []string `json:"caveats,omitempty"`
	// Question is what the matrix was filtered by, in words; "" when it was not.
	Question string `json:"question,omitempty"`
	// Known is what can be asked for.
	Known Known `json:"-"`
}

// Scope is what a matrix does not say, for those who read it.
const Scope = "The rows are what Lake Formation allows. The IAM permissions that a principal needs too are not read. " +
	"Policies of templates are read for ways past Lake Formation only, which --bypasses lists; other policies are not. " +
	"Who creates a database or table, such as the role that CloudFormation works with, holds all permissions on it, which templates do not tell."

// Admin is a data lake administrator. Administrators can grant themselves
// anything, so no row limits them; read-only ones see all metadata and grants.
type Admin struct {
	Account   string `json:"account"`   // of the catalog
	Region    string `json:"region"`    // of the catalog
	Principal string `json:"principal"` // as Lake Formation takes it
	ReadOnly  bool   `json:"readOnly"`  // sees all, changes nothing
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
	Principal string         `json:"principal"`         // as Lake Formation takes it
	Kind      Kind           `json:"kind"`              // what the rights are about
	Account   string         `json:"account"`           // of the catalog that it is in
	Region    string         `json:"region"`            // of the catalog that it is in
	Domain    string         `json:"domain"`            // by its LF-Tags, as Zone and Product; "" when they do not say it
	Zone      string         `json:"zone"`              // raw, curated or analytics
	Product   string         `json:"product"`           // data product
	Database  string         `json:"database"`          // of a database or table
	Table     string         `json:"table"`             // of a table; "*" is every table that is to come
	Object    string         `json:"object,omitempty"`  // location ARN, tag expression or link target
	Rights    []Right        `json:"rights"`            // in the order of lakeformation.Permissions
	Levels    []Level        `json:"levels,omitempty"`  // of a table: every level it holds
	Columns   []ColumnAccess `json:"columns,omitempty"` // of a table: the columns the principal may read; rows may share the list
	// Inherited is the level that columns of a table inherit which are not known.
	Inherited ontology.Sensitivity `json:"inherited,omitempty"`
	// ReadFor are the products that the principal writes, as domain.product: what a job
	// makes of a table that it reads, and a domain alone where these are more than three.
	ReadFor []string `json:"readFor,omitempty"`
	// Subscriptions are those that give some or all of this, sorted by name, as far as the
	// templates or the plan tell: a deployed catalog does not.
	Subscriptions []Subscription `json:"subscriptions,omitempty"`
	// AlsoOtherwise says that something of this stays when all Subscriptions have ended.
	AlsoOtherwise bool `json:"alsoOtherwise,omitempty"`
}

// Right is a permission, and whether its holder may grant it on.
type Right struct {
	Permission lakeformation.Permission `json:"permission"` // that the principal has
	Grantable  bool                     `json:"grantable"`  // the principal may grant it on
}

// Level is how many of a table's columns of one sensitivity are seen.
type Level struct {
	Sensitivity ontology.Sensitivity `json:"sensitivity"` // or Untagged
	Seen        int                  `json:"seen"`        // columns that the principal may read
	Total       int                  `json:"total"`       // columns of the level
}

// String returns "phi 3/12".
func (l Level) String() string { return fmt.Sprintf("%s %d/%d", l.Sensitivity, l.Seen, l.Total) }

// ColumnAccess is a column that the principal may read, and the rows of it.
type ColumnAccess struct {
	Name        string               `json:"name"`           // of the column
	Type        string               `json:"type"`           // Glue's type of it
	Sensitivity ontology.Sensitivity `json:"sensitivity"`    // or Untagged
	Rows        RowConditions        `json:"rows,omitempty"` // that are seen of the column
	Grantable   bool                 `json:"grantable"`      // SELECT on the column may be granted on
}

// RowConditions are the conditions of the rows that are seen, as the data cells filters
// spell them. They are joined by OR; none is every row.
type RowConditions []string

// String returns the conditions as one, "" for every row.
func (c RowConditions) String() string {
	if len(c) < 2 {
		return strings.Join(c, "")
	}
	return "(" + strings.Join(c, ") OR (") + ")"
}

// Cover reports whether the rows are certain to hold those of other conditions.
// Conditions are compared as texts.
func (c RowConditions) Cover(other RowConditions) bool {
	if len(c) == 0 {
		return true
	}
	return len(other) > 0 && !slices.ContainsFunc(other, func(o string) bool { return !slices.Contains(c, o) })
}

// Can reports whether the row holds a permission.
func (r Row) Can(p lakeformation.Permission) bool {
	return slices.ContainsFunc(r.Rights, func(have Right) bool { return have.Permission == p })
}

// Name is what the row is about, in full.
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

// Short returns what people know a principal by: the last part of an ARN's path,
// "account 111111111111" of an account.
func Short(principal string) string {
	if unresolved(principal) || strings.Contains(principal, " ") { // whoever is given a policy
		return principal
	}
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		return "account " + principal
	}
	return principal[strings.LastIndex(principal, "/")+1:]
}

// shortNames joins the short names of principals.
func shortNames(principals []string) string {
	out := make([]string, len(principals))
	for i, p := range principals {
		out[i] = Short(p)
	}
	return strings.Join(out, ", ")
}

// sortRows sorts rows by principal, as people call it, and by what they are about; those of
// one principal about the same stay in order.
func sortRows(rows []Row) {
	places := map[string]int{}
	for i := range rows {
		places[rows[i].Principal] = 0
	}
	for i, principal := range inOrderOfNames(maps.Keys(places)) {
		places[principal] = i
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if a.Principal != b.Principal {
			return places[a.Principal] - places[b.Principal]
		}
		return compareAbout(&a, &b)
	})
}

// inOrderOfNames sorts principals by their short names, then in full.
func inOrderOfNames(principals iter.Seq[string]) []string {
	return slices.SortedFunc(principals, func(a, b string) int { return cmp.Or(cmp.Compare(Short(a), Short(b)), cmp.Compare(a, b)) })
}

// compareAbout orders rows by what they are about.
func compareAbout(a, b *Row) int {
	for _, pair := range [...][2]string{{a.Account, b.Account}, {a.Region, b.Region}} {
		if c := cmp.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	if a.Kind != b.Kind {
		return cmp.Compare(rank(a.Kind), rank(b.Kind))
	}
	for _, pair := range [...][2]string{{a.Domain, b.Domain}, {a.Product, b.Product}, {a.Database, b.Database}, {a.Table, b.Table}, {a.Object, b.Object}} {
		if c := cmp.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	return 0
}

func rank(k Kind) int {
	return slices.Index([]Kind{OnTable, OnDatabase, OnLocation, OnTag, OnCatalog}, k)
}
