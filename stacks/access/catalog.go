package access

import (
	"reflect"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Catalog is the Data Catalog of one account and region, with its Lake
// Formation settings, tags and grants.
type Catalog struct {
	Account        string                          // 12 digits
	Region         string                          // for example us-east-1
	Databases      []Database                      // and resource links to databases
	Tables         []Table                         // and resource links to tables
	Tags           []ontology.Tag                  // LF-Tags that are defined
	Associations   []lakeformation.TagAssociation  // one per database, table and column
	Filters        []lakeformation.DataCellsFilter // data cells filters on the tables
	Grants         []lakeformation.Grant           // Resource.Catalog is always the account
	Cascaded       []CascadedGrant                 // what other accounts grant of what this catalog shares
	Locations      []Location                      // registered with Lake Formation
	FhirStores     []FhirStore                     `json:",omitempty"` // with tables that are granted after the deployment
	Subscriptions  []SubscribedGrants              `json:",omitempty"` // what grants are for, of subscriptions that have ended too
	WorkGroups     []WorkGroup                     `json:",omitempty"` // with results or a history that somebody may read
	Admins         []string                        // data lake administrators
	ReadOnlyAdmins []string                        // read-only data lake administrators
	// OpenByDefault holds "databases" or "tables" when new ones start with
	// permissions for IAM_ALLOWED_PRINCIPALS.
	OpenByDefault []string
	// UnknownDefaults are databases ("ward") and tables ("ward.stays") that start with the
	// account's default permissions, which are not known.
	UnknownDefaults []string `json:",omitempty"`
	// FullTableAccess says that Lake Formation lends credentials for whole tables to engines
	// that do not filter.
	FullTableAccess bool `json:",omitempty"`
	// ExternalFiltering are the accounts whose engines get files whole and filter columns and
	// rows themselves; UnnamedAccounts where that is on and names none.
	ExternalFiltering []string `json:",omitempty"`
	// OptIns are those for whom Lake Formation decides in locations in hybrid access mode;
	// templates do not tell them.
	OptIns []OptIn `json:",omitempty"`
	// OptInsKnown says that OptIns are all that there are.
	OptInsKnown bool `json:",omitempty"`
	// Bypasses are the ways to files that policies of the templates open, without what the
	// evaluation adds: Account, Region, and what is about tables.
	Bypasses []Bypass `json:",omitempty"`
	// Grantors are those whom policies of the templates let grant, without Account and Region.
	Grantors []Grantor `json:",omitempty"`
}

// Database is a Glue database or, with a Target, a resource link to one.
type Database struct {
	Name     string // in lower case, as Glue stores it
	Location string // s3:// URI; "" when it has none
	Target   string // account/database of a resource link
}

// Table is a Glue table or, with a Target, a resource link to one.
type Table struct {
	Database      string   // name of the database
	Name          string   // in lower case, as Glue stores it
	Location      string   // s3:// URI; "" when it has none
	Columns       []Column // without the partition keys
	PartitionKeys []Column // of an Iceberg table none: its are among the columns
	Target        string   // account/database.table of a resource link
}

// Column is a column or partition key of a table.
type Column struct {
	Name string // in lower case, as Glue stores it
	Type string // as the catalog spells it
}

// CascadedGrant is a grant on a catalog that another account made to its own
// principals. It has effect while the catalog's account shares the same with that
// account, with the right to grant it on.
type CascadedGrant struct {
	By    string              // account that grants
	Grant lakeformation.Grant // on this catalog, to a principal of By
}

// Location is an S3 location that is registered with Lake Formation.
type Location struct {
	ARN  string // of a bucket or of a prefix in it
	Role string // ARN; "" with the service-linked role
	// Hybrid says that IAM still decides for principals that have not opted in.
	Hybrid bool `json:",omitempty"`
}

// UnnamedAccounts stands for accounts in a list that is in force and empty.
const UnnamedAccounts = "accounts that are not named"

// FilteringBy returns ExternalFiltering where it is on, for the accounts that it names.
func FilteringBy(accounts []string) []string {
	if len(accounts) == 0 {
		return []string{UnnamedAccounts}
	}
	return accounts
}

// OptIn says that Lake Formation decides, and not IAM, for a principal on a resource in
// hybrid access mode.
type OptIn struct {
	Principal string                 // ARN, or the group of all principals of an account
	Resource  lakeformation.Resource // a catalog, database or table
}

// FhirStore is a HealthLake data store whose tables a workflow grants, because
// they exist only when the store is active: DESCRIBE and SELECT on all of them.
// Templates and plans know of it; a deployed catalog does not.
type FhirStore struct {
	Name     string   // of the data store
	Domain   string   `json:",omitempty"` // whose store it is; "" when neither the tags of its stack nor a plan say it
	Database string   // resource link that the workflow makes, which queries name
	Readers  []string // principals, as Lake Formation takes them
}

// WorkGroup is an Athena workgroup with those who may read its results and its
// history, which Lake Formation does not govern: they see what all others in it read.
type WorkGroup struct {
	Name    string   // of the workgroup
	Readers []string // ARNs, sorted
	Unknown []string `json:",omitempty"` // policies that allow it to whoever they are attached to
}

// Key returns "account/region".
func (c Catalog) Key() string { return c.Account + "/" + c.Region }

// owner is the account whose catalog it is, also of one that is nested in it.
func (c Catalog) owner() string {
	if unresolved(c.Account) {
		return c.Account
	}
	account, _, _ := strings.Cut(c.Account, ":")
	return account
}

// Key returns "database.table".
func (t Table) Key() string { return t.Database + "." + t.Name }

// AllColumns returns the columns and then the partition keys.
func (t Table) AllColumns() []Column { return slices.Concat(t.Columns, t.PartitionKeys) }

// add appends what another description of the same catalog holds.
func (c *Catalog) add(o Catalog) {
	c.Databases = append(c.Databases, o.Databases...)
	c.Tables = append(c.Tables, o.Tables...)
	c.Tags = append(c.Tags, o.Tags...)
	c.Associations = append(c.Associations, o.Associations...)
	c.Filters = append(c.Filters, o.Filters...)
	c.Grants = append(c.Grants, o.Grants...)
	c.Cascaded = append(c.Cascaded, o.Cascaded...)
	c.Locations = append(c.Locations, o.Locations...)
	c.FhirStores = append(c.FhirStores, o.FhirStores...)
	c.Subscriptions = append(c.Subscriptions, o.Subscriptions...)
	c.WorkGroups = append(c.WorkGroups, o.WorkGroups...)
	c.Admins = append(c.Admins, o.Admins...)
	c.ReadOnlyAdmins = append(c.ReadOnlyAdmins, o.ReadOnlyAdmins...)
	c.OpenByDefault = append(c.OpenByDefault, o.OpenByDefault...)
	c.UnknownDefaults = append(c.UnknownDefaults, o.UnknownDefaults...)
	c.FullTableAccess = c.FullTableAccess || o.FullTableAccess
	c.ExternalFiltering = append(c.ExternalFiltering, o.ExternalFiltering...)
	c.OptIns = append(c.OptIns, o.OptIns...)
	c.OptInsKnown = c.OptInsKnown || o.OptInsKnown
	c.Bypasses = append(c.Bypasses, o.Bypasses...)
	c.Grantors = append(c.Grantors, o.Grantors...)
}

// empty reports whether a normalized catalog says nothing.
func (c Catalog) empty() bool {
	return reflect.DeepEqual(c, Catalog{Account: c.Account, Region: c.Region})
}

// isUnread reports whether all that is known of a catalog is what other accounts grant of it.
func (c *Catalog) isUnread() bool {
	known := len(c.Databases) + len(c.Tables) + len(c.Tags) + len(c.Associations) + len(c.Filters) + len(c.Grants) +
		len(c.Locations) + len(c.FhirStores) + len(c.WorkGroups) + len(c.Admins) + len(c.ReadOnlyAdmins) + len(c.OpenByDefault)
	return known == 0 && len(c.Cascaded) > 0
}
