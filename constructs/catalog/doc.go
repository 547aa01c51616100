// Package catalog makes Glue Data Catalog databases, tables and views from data
// contracts: external tables over Parquet, ORC, Avro, JSON, CSV and text files,
// Iceberg tables with the optimizers that keep them fast, Athena views, and the
// encryption of the catalog.
//
// Creating a table gives nobody access to it; that is what package governance
// is for.
package catalog
