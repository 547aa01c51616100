package assembly

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// defaults are the permissions that new databases and tables start with. They
// become grants on the databases and tables of the same assembly.
type defaults struct {
	databases map[string][]defaultPermissions // by catalog
	tables    map[string][]defaultPermissions // by catalog
	own       map[string][]defaultPermissions // of a database's tables, by catalog and database
	open      map[string]bool                 // of own: the catalog's defaults may hold too
	known     map[string]bool                 // of databases and tables of a catalog: its settings say them
}

func newDefaults() *defaults {
	return &defaults{map[string][]defaultPermissions{}, map[string][]defaultPermissions{}, map[string][]defaultPermissions{}, map[string]bool{}, map[string]bool{}}
}

// ofCatalog records what the settings of a catalog say; nil says nothing, and so do
// settings that perhaps are not made.
func (d *defaults) ofCatalog(key string, databases, tables *[]defaultPermissions, uncertain bool) {
	if databases != nil {
		d.databases[key] = append(d.databases[key], *databases...)
	}
	if tables != nil {
		d.tables[key] = append(d.tables[key], *tables...)
	}
	d.known[key+" databases"] = d.known[key+" databases"] || databases != nil && !uncertain
	d.known[key+" tables"] = d.known[key+" tables"] || tables != nil && !uncertain
}

// ofDatabase records what a database says of its own tables. An empty list is an
// answer too: it replaces the catalog's default.
func (d *defaults) ofDatabase(catalog, name string, tables []defaultPermissions) {
	key := databaseKey(catalog, name)
	d.own[key] = append(d.own[key], tables...)
}

// mayInherit records that a database perhaps says nothing of its own tables.
func (d *defaults) mayInherit(catalog, name string) { d.open[databaseKey(catalog, name)] = true }

func databaseKey(catalog, name string) string { return catalog + " " + strings.ToLower(name) }

// grant adds the grants that databases and tables start with, and says which start with
// an account's defaults that no template sets. Settings without the property leave them
// as the account has them: open, as AWS makes it.
// Source: "Changing the default settings for your data lake".
func (d *defaults) grant(s *access.State) {
	for i := range s.Catalogs {
		c := &s.Catalogs[i]
		from := d.settingsOf(c)
		for _, database := range c.Databases {
			grantDefaults(c, d.databases[from], lakeformation.Database(database.Name))
			if !d.known[from+" databases"] && database.Target == "" {
				c.UnknownDefaults = append(c.UnknownDefaults, database.Name)
			}
		}
		for _, table := range c.Tables {
			key := databaseKey(c.Key(), table.Database)
			permissions, own := d.own[key]
			if inherits := !own || d.open[key]; inherits {
				permissions = append(slices.Clone(permissions), d.tables[from]...)
				if !d.known[from+" tables"] && table.Target == "" {
					c.UnknownDefaults = append(c.UnknownDefaults, table.Key())
				}
			}
			grantDefaults(c, permissions, lakeformation.Table(table.Database, table.Name))
		}
	}
}

// settingsOf is the key of the catalog whose settings a catalog has: its own, or, nested in
// another that is not the account's, those of the one around it.
func (d *defaults) settingsOf(c *access.Catalog) string {
	for id := c.Account; ; {
		key := id + "/" + c.Region
		if d.known[key+" databases"] || d.known[key+" tables"] {
			return key
		}
		last := strings.LastIndex(id, "/")
		if last < 0 {
			return c.Key()
		}
		id = id[:last]
	}
}

func grantDefaults(c *access.Catalog, permissions []defaultPermissions, on lakeformation.Resource) {
	for _, p := range permissions {
		c.Grants = append(c.Grants, lakeformation.Grant{
			Principal: p.Principal.DataLakePrincipalIdentifier, Resource: on.In(c.Account), Permissions: p.Permissions,
		})
	}
}
