// Package governance makes Lake Formation's side of a lake: the settings of an
// account, the LF-Tags of the mesh's ontology, registered locations, tags on
// databases, tables and columns, row and column filters, and grants.
//
// Lake Formation resources name each other by plain strings, so CloudFormation
// sees no order between them. The constructs add it (rule 2.12): settings, tags,
// location role with its policy, location, database, table, tag association,
// filter, grants one after another.
//
// What can be granted has verbs for it, as in the CDK: Location.GrantAccess,
// DataProduct.GrantRead, ResourceLink.GrantRead, and in the package catalog
// Database.GrantCreateTable and Table.GrantRead. They all write into the one
// ledger of the stack of the thing granted, which PermissionsOf returns.
package governance
