// Package rowfilter reads the conditions that keep rows in a data cells filter:
// the subset of PartiQL that Lake Formation takes. It finds what Lake Formation
// would refuse, or would only notice when a reader runs a query: functions,
// columns compared with columns, columns of types that cannot be compared,
// values of another type than their column.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package rowfilter
