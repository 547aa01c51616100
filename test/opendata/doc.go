// Package opendata reads open data sets as their contracts say: files of the published layout,
// made by DuckDB, through tables that the contracts give, with the queries of the page on open
// data and with the statement that copies from them into the lake. DuckDB has no ORC, and no
// Lake Formation; what it shows is that names, types and partitions go together.
package opendata
