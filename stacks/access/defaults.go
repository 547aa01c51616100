package access

import "github.com/lakemesh/lakemesh/constructs/lakeformation"

// defaults are the permissions that new databases and tables start with. They
// become grants on the databases and tables of the same assembly.
type defaults struct {
	databases map[string][]defaultPermissions // by catalog
	tables    map[string][]defaultPermissions // by catalog
	own       map[string][]defaultPermissions // of a database's tables, by catalog and database
}

func newDefaults() *defaults {
	return &defaults{map[string][]defaultPermissions{}, map[string][]defaultPermissions{}, map[string][]defaultPermissions{}}
}

func (d *defaults) catalog(key string, databases, tables []defaultPermissions) {
	d.databases[key] = append(d.databases[key], databases...)
	d.tables[key] = append(d.tables[key], tables...)
}

// database records what a database says of its own tables; an empty list is an
// answer too, and hides the catalog's default.
func (d *defaults) database(catalog, name string, tables []defaultPermissions) {
	key := catalog + " " + name
	d.own[key] = append(d.own[key], tables...)
}

// apply adds the grants that databases and tables start with.
func (d *defaults) apply(s *State) {
	for i := range s.Catalogs {
		c := &s.Catalogs[i]
		for _, database := range c.Databases {
			c.start(d.databases[c.Key()], lakeformation.Database(fold(database.Name)))
		}
		for _, table := range c.Tables {
			start, own := d.own[c.Key()+" "+fold(table.Database)]
			if !own {
				start = d.tables[c.Key()]
			}
			c.start(start, lakeformation.Table(fold(table.Database), fold(table.Name)))
		}
	}
}

func (c *Catalog) start(permissions []defaultPermissions, on lakeformation.Resource) {
	for _, p := range permissions {
		c.Grants = append(c.Grants, lakeformation.Grant{
			Principal: p.Principal.DataLakePrincipalIdentifier, Resource: on.In(c.Account), Permissions: p.Permissions,
		})
	}
}
