// Package gluetype reads and writes the column types of the Glue catalog, in
// Hive's grammar: string, decimal(10,2), array<struct<code:string,system:string>>.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package gluetype
