// Package gluetype reads and writes the column types of the Glue catalog, in
// Hive's grammar: string, decimal(10,2), array<struct<code:string,system:string>>,
// and what the types of common databases are in it.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package gluetype
