// Package refresh holds the tests that run the queries of the sample mesh's clinical
// contracts on invented FHIR resources, from tables like those of HealthLake to the
// de-identified table: translated by sqlglot and run by DuckDB. They show what the
// queries compute; they do not show that Athena takes them, nor how HealthLake's tables
// look.
package refresh
