// Package live reads who can see what from running accounts, through the AWS
// SDK, into the same access.State that templates and plans give. It only calls
// Get and List operations.
//
// # What the APIs leave out
//
// The answers are filtered by what the caller may see, without any sign of it: only a
// data lake administrator (a read-only one is enough) is shown everything. A reading by
// anybody else has a Problem that says so. ListPermissions returns explicit grants. Those include what
// Lake Formation grants by itself to whoever creates a database or table, and
// the grants of IAM_ALLOWED_PRINCIPALS; the implicit rights of administrators
// are in no list. Only the account's own default catalog is read: databases that other
// accounts share are seen as resource links; of nested and federated catalogs no more
// is said than that they are there and not read. Grants made
// in this account on shared resources are read, and stand in the catalog of the
// account that owns the resource; whether that owner shared it is not checked.
//
// A grant with a condition on attributes of the principal cannot be evaluated:
// it is counted as if the condition always held, and listed as unresolved.
//
// The state is not a snapshot: it is put together from many calls, and what
// changes meanwhile may be in it in part.
package live
