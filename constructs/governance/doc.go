// Package governance makes Lake Formation's side of a lake: the settings of an
// account, the LF-Tags of the mesh's ontology, registered locations, tags on
// databases, tables and columns, row and column filters, and grants.
//
// Lake Formation resources name each other by plain strings, so CloudFormation
// sees no order between them. The constructs add it (rule 2.12): settings, tags,
// location role with its policy, location, database, table, tag association,
// filter, grants one after another.
package governance
