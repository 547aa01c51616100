// Package refresh writes the SQL that keeps a table up to date whose contract says
// the query that makes it (contract.Table.Query): one MERGE INTO for Athena (engine
// version 3), which works on Iceberg tables.
//
// The query says what rows the table shall have, all of them. Its columns are taken
// by the names of the contract's: their order does not matter, every column of the
// contract must be there, others are left out. Each value is cast to the contract's
// type; one that does not fit becomes null, because the error of a failed cast would
// stand in the query history with the value in it. Fields inside structs are taken by
// name as well: what the query has too much is left out, what it lacks is null. That
// is how nested columns of a FHIR store, which has more fields than a contract names,
// can be passed as they are.
//
// Rows without a primary key are left out, and rows that the query no longer gives
// are deleted: in one commit, so readers see the table before or after.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package refresh
