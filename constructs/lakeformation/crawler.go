package lakeformation

// CrawlerGrants are what a crawler's role needs in Lake Formation, and all of it:
// making tables in its database, reading and changing tables there, and the
// location that its files stand in (rule 6.2).
func CrawlerGrants(principal, database, location string) []Grant {
	return []Grant{
		{Principal: principal, Resource: Database(database), Permissions: []Permission{Describe, CreateTable}},
		{Principal: principal, Resource: Table(database, AllTables), Permissions: []Permission{Describe, Select, Alter}},
		{Principal: principal, Resource: Location(location), Permissions: []Permission{DataLocationAccess}},
	}
}
