// Package rowfilter makes and reads the conditions that keep rows in a data
// cells filter: the subset of PartiQL that Lake Formation takes.
//
// A Condition is made from columns and Go values, and rendered so that no value
// can change what it says. Parse reads one that a person wrote, and finds what
// Lake Formation would refuse, or would only notice when a reader runs a query:
// functions, columns compared with columns, columns of types that cannot be
// compared, values of another type than their column.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package rowfilter
