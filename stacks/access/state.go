package access

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// IAMAllowedPrincipals is the principal that hands a resource back to IAM
// policies: while it holds a grant, Lake Formation protects nothing there.
const IAMAllowedPrincipals = "IAM_ALLOWED_PRINCIPALS"

// KindCatalog is a whole Data Catalog as a resource. LakeMesh never grants on
// it (rule 2.7), but running accounts have such grants.
const KindCatalog lakeformation.Kind = "Catalog"

// State is the Lake Formation and Glue state of one or more catalogs. After
// Normalize two states are equal exactly when they say the same.
type State struct {
	Catalogs []Catalog
	// Unresolved is what could not be read exactly. A value in it stands in the
	// state as the marker text, never as a guess.
	Unresolved []Unresolved
}

// Catalog is the Data Catalog of one account and region, with its Lake
// Formation settings, tags and grants.
type Catalog struct {
	Account      string
	Region       string
	Databases    []Database
	Tables       []Table
	Tags         []ontology.Tag
	Associations []lakeformation.TagAssociation // one per database, table and column
	Filters      []lakeformation.DataCellsFilter
	Grants       []lakeformation.Grant // Resource.Catalog is always the account
	Passed       []Passed              // what other accounts pass on of what this catalog shares
	Locations    []Location
	FhirStores   []FhirStore `json:",omitempty"` // with tables that are granted after the deployment
	WorkGroups   []WorkGroup `json:",omitempty"` // whose results and history somebody reads
	Admins       []string
	Readers      []string // read-only administrators
	// OpenByDefault holds "databases" or "tables" when new ones start with
	// permissions for IAM_ALLOWED_PRINCIPALS.
	OpenByDefault []string
}

// Database is a Glue database or, with a Target, a resource link to one.
type Database struct {
	Name     string
	Location string // s3:// URI; "" when it has none
	Target   string // account/database of a resource link
}

// Table is a Glue table or, with a Target, a resource link to one.
type Table struct {
	Database      string
	Name          string
	Location      string // s3:// URI; "" when it has none
	Columns       []Column
	PartitionKeys []Column
	Target        string // account/database.table of a resource link
}

// Passed is a grant on a catalog that another account made to its own principals.
// It has effect while the catalog's account shares the same, with the right to
// pass it on.
type Passed struct {
	By    string // account that grants
	Grant lakeformation.Grant
}

// Column is a column or partition key of a table.
type Column struct {
	Name string
	Type string
}

// Location is an S3 location that is registered with Lake Formation.
type Location struct {
	ARN  string
	Role string // ARN; "" with the service-linked role
}

// FhirStore is a HealthLake data store whose tables a workflow grants, because
// they exist only when the store is active: DESCRIBE and SELECT on all of them.
// Templates and plans know of it; a deployed catalog does not.
type FhirStore struct {
	Name     string
	Database string   // that queries name, a link which the workflow makes
	Readers  []string // principals, as Lake Formation takes them
}

// Unresolved is a value that could not be read, or a resource that is not
// understood.
type Unresolved = template.Unresolved

// Key returns "account/region".
func (c Catalog) Key() string { return c.Account + "/" + c.Region }

// Key returns "database.table".
func (t Table) Key() string { return t.Database + "." + t.Name }

// AllColumns returns the columns and then the partition keys.
func (t Table) AllColumns() []Column { return slices.Concat(t.Columns, t.PartitionKeys) }

// Catalog returns the catalog of an account and region, made on first use. The
// pointer is good until another catalog is made.
func (s *State) Catalog(account, region string) *Catalog {
	for i := range s.Catalogs {
		if s.Catalogs[i].Account == account && s.Catalogs[i].Region == region {
			return &s.Catalogs[i]
		}
	}
	s.Catalogs = append(s.Catalogs, Catalog{Account: account, Region: region})
	return &s.Catalogs[len(s.Catalogs)-1]
}

// Merge joins states, for example those of several accounts, and normalizes
// the result. The inputs are not changed.
func Merge(states ...*State) *State {
	out := &State{}
	for _, s := range states {
		if s == nil {
			continue
		}
		for _, c := range s.Catalogs {
			to := out.Catalog(c.Account, c.Region)
			to.Databases = append(to.Databases, c.Databases...)
			to.Tables = append(to.Tables, c.Tables...)
			to.Tags = append(to.Tags, c.Tags...)
			to.Associations = append(to.Associations, c.Associations...)
			to.Filters = append(to.Filters, c.Filters...)
			to.Grants = append(to.Grants, c.Grants...)
			to.Passed = append(to.Passed, c.Passed...)
			to.Locations = append(to.Locations, c.Locations...)
			to.FhirStores = append(to.FhirStores, c.FhirStores...)
			to.WorkGroups = append(to.WorkGroups, c.WorkGroups...)
			to.Admins = append(to.Admins, c.Admins...)
			to.Readers = append(to.Readers, c.Readers...)
			to.OpenByDefault = append(to.OpenByDefault, c.OpenByDefault...)
		}
		out.Unresolved = append(out.Unresolved, s.Unresolved...)
	}
	out.Normalize()
	return out
}

// Normalize brings the state to its one form: names folded as the services fold
// them, everything that names another account's catalog moved there, grants and
// associations merged, all of it sorted, nothing twice.
func (s *State) Normalize() {
	s.route()
	for i := range s.Catalogs {
		s.Catalogs[i].normalize()
	}
	s.Catalogs = slices.DeleteFunc(s.Catalogs, Catalog.empty)
	slices.SortFunc(s.Catalogs, func(a, b Catalog) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
	})
	s.Catalogs = orNil(s.Catalogs)
	slices.SortFunc(s.Unresolved, func(a, b Unresolved) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Reason, b.Reason))
	})
	s.Unresolved = orNil(slices.Compact(s.Unresolved))
}

// route moves grants, filters and associations to the catalog that they name.
func (s *State) route() {
	from := s.Catalogs
	s.Catalogs = nil
	for _, c := range from {
		home := s.Catalog(c.Account, c.Region)
		home.Databases = append(home.Databases, c.Databases...)
		home.Tables = append(home.Tables, c.Tables...)
		home.Tags = append(home.Tags, c.Tags...)
		home.Locations = append(home.Locations, c.Locations...)
		home.FhirStores = append(home.FhirStores, c.FhirStores...)
		home.WorkGroups = append(home.WorkGroups, c.WorkGroups...)
		home.Admins = append(home.Admins, c.Admins...)
		home.Readers = append(home.Readers, c.Readers...)
		home.OpenByDefault = append(home.OpenByDefault, c.OpenByDefault...)
		home.Passed = append(home.Passed, c.Passed...)
		for _, g := range c.Grants {
			g.Resource.Catalog = cmp.Or(g.Resource.Catalog, c.Account)
			to := s.Catalog(g.Resource.Catalog, c.Region)
			if g.Resource.Catalog == c.Account {
				to.Grants = append(to.Grants, g)
			} else {
				to.Passed = append(to.Passed, Passed{By: c.Account, Grant: g})
			}
		}
		for _, a := range c.Associations {
			a.Resource.Catalog = cmp.Or(a.Resource.Catalog, c.Account)
			to := s.Catalog(a.Resource.Catalog, c.Region)
			to.Associations = append(to.Associations, a)
		}
		for _, f := range c.Filters {
			f.Catalog = cmp.Or(f.Catalog, c.Account)
			to := s.Catalog(f.Catalog, c.Region)
			to.Filters = append(to.Filters, f)
		}
	}
}

func (c Catalog) empty() bool {
	return len(c.Databases)+len(c.Tables)+len(c.Tags)+len(c.Associations)+len(c.Filters)+
		len(c.Grants)+len(c.Passed)+len(c.Locations)+len(c.FhirStores)+len(c.WorkGroups)+len(c.Admins)+len(c.Readers)+len(c.OpenByDefault) == 0
}

// orNil returns nil for an empty slice, so that equal states are deeply equal.
func orNil[T any](in []T) []T {
	if len(in) == 0 {
		return nil
	}
	return in
}
