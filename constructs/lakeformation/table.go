package lakeformation

// ReadTable are the grants to read a table by name, without their principal: SELECT
// on all of its columns. Whoever may SELECT from a table sees its entry in the
// catalog, so DESCRIBE is not granted beside it.
//
// Reading is granted on columns and writing on the table, because a grant whose
// permissions change under one principal and resource cannot be changed by one
// deployment (rule 2.4). So a reader becomes a writer, and a writer a reader, by a
// grant that comes or goes.
// Source: "Lake Formation permissions reference", SELECT.
func ReadTable(database, table string) []Grant {
	return []Grant{{Resource: Columns(database, table, AllColumns), Permissions: []Permission{Select}}}
}

// WriteTable are the grants to read and write a table by name, without their
// principal: what ReadTable gives and INSERT, DELETE and ALTER, which engines need
// to add partitions and to commit to Iceberg tables. The table may not be dropped.
func WriteTable(database, table string) []Grant {
	return append(ReadTable(database, table), Grant{Resource: Table(database, table), Permissions: []Permission{Describe, Insert, Delete, Alter}})
}
