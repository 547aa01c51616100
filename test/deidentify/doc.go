// Package deidentify holds the tests that run the statements of package
// constructs/deidentify on invented patients: translated by sqlglot and run by
// DuckDB. They show what the statements compute; they do not show that Athena
// takes them.
package deidentify
