// Package catalog makes Glue Data Catalog databases and tables from data
// contracts: external tables over Parquet, ORC, Avro, JSON and CSV files, and
// Iceberg tables.
//
// Creating a table gives nobody access to it; that is what package governance
// is for.
package catalog
