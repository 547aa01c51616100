// Package contract reads data contracts in the Open Data Contract Standard
// (ODCS v3.0 to v3.2, Bitol / Linux Foundation) and gives what a lake is built
// from: tables, columns with their catalog types, sensitivity, Safe Harbor
// identifiers, quality rules and service levels.
//
// Every field of the standard is accepted, of the version that a file says; what
// that version does not know is a mistake, so that a typing error is not taken for
// a free field. Free fields belong in odcs.CustomProperties. These mean something here:
//
//	contract  sensitivity      public, internal, deidentified or phi
//	          zone             raw, curated or analytics
//	          product          the name of the product, where dataProduct and name are titles
//	table     format           iceberg, parquet, orc, avro, json or csv
//	          location         s3://bucket/prefix/ of a table outside the lake
//	          delimiter        between the values of a CSV file
//	          header           whether CSV files start with a line of names
//	          sql              the query of a view, or the one that makes the table's rows
//	          deidentify       from, standard and person of a table made by package deidentify
//	column    hipaaIdentifier  one of ontology.Identifiers
//	          deidentify       one of ontology.Methods
//	          deidentifyValues the values that the method generalize lets through
//	each      lfTags           keys of the mesh's ontology with a value each: {consent: research}
//
// A column has its own LF-Tag for a key, else its table's, else the contract's.
//
// A physicalType is the type of the column: one of the Glue catalog, or one that
// common databases have and that maps to it exactly (gluetype.FromPhysical). Any
// other is a mistake; without one the logicalType decides. Columns of Iceberg
// tables get the type that Iceberg has for the same values: char and varchar
// become string, tinyint and smallint become int.
//
// A column without a classification counts as PHI, with a warning. So does a column
// whose classification is no level of the ontology; the mesh refuses it. Every default
// is decided in [Contract.Resolve] and the methods beside it.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package contract
