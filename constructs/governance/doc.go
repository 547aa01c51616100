// Package governance makes Lake Formation's side of a lake: the settings of an
// account, the LF-Tags of the mesh's ontology, registered locations, tags on
// databases, tables and columns, row and column filters, and grants.
//
// Lake Formation resources name each other by plain strings, so CloudFormation
// sees no order between them. What this library makes in one stack is put in
// order when the app is synthesized, whatever the order of calls was (rule 2.12):
// settings, tags, location role with its policy, location, database, table, tag
// association, filter, grants one after another. What other stacks make, and
// resources of plain CDK, are named by After or by dependencies between stacks.
//
// What can be granted has verbs for it, as in the CDK: Location.GrantAccess,
// DataProduct.GrantRead, ResourceLink.GrantRead, and in the package catalog
// Database.GrantCreateTable and Table.GrantRead. Whom they grant to is a
// Principal: PrincipalFrom makes one of whatever the CDK grants to. They all write
// into the Permissions of the stack of the thing granted, which PermissionsOf returns;
// Permissions.Grant says in which stack a grant then stands.
package governance
