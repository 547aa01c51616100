// Package personindex holds the tests that run the statements of package constructs/personindex on
// invented people whose truth is known: translated by sqlglot and run by DuckDB. They show what the
// statements compute; they do not show that Athena takes them.
package personindex
