// Package merge writes the statement that makes an Iceberg table what a query says
// it is. Packages deidentify and refresh share it.
package merge
