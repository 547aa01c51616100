// Package gluetype reads and writes the column types of the Glue catalog, in
// Hive's grammar: string, decimal(10,2), array<struct<code:string,system:string>>.
// Every mapping of them stands here: from what common databases and the Open Data
// Contract Standard call a type, and to what Athena, Iceberg and Avro call it.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package gluetype
