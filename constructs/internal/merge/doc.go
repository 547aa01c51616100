// Package merge writes the statement that makes an Iceberg table what a query says
// it is. Packages contract and deidentify share it.
package merge
