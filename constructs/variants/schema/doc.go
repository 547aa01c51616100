// Package schema has the tables of a variant lake as contracts describe tables, before
// anything is made. It is plain Go, for those who plan before they build.
package schema
