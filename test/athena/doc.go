// Package athena runs statements in Athena's dialect for tests: sqlglot translates
// them and DuckDB runs them. It shows what a statement computes; it does not show that
// Athena takes it.
package athena
