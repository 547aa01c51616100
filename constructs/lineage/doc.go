// Package lineage reads a query in the dialect of Trino, which Athena's engine
// version 3 speaks, and says what it reads: which tables, which columns of each, what
// every column of the result is made of, and what decides which rows are in it.
//
// Parse reads the text by Trino's own grammar. Resolve then looks every name up in the
// schemas that the caller knows. What cannot be understood is a problem with its place
// in the query; nothing is left out in silence. Where it stays open which table a
// column is from, because the schema of one is unknown, each table that it could be
// from counts as read whole.
//
// A query can name tables by references, as the query of a contract does: {product.table}.
//
// It is pure Go: nothing here needs Node.js or the CDK. The grammar is large: it costs
// half a minute to compile once. Only the packages of stacks import this one, so that
// who imports a construct does not pay for it.
package lineage
