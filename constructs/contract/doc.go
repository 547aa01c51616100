// Package contract reads data contracts in the Open Data Contract Standard
// (ODCS v3.0 and v3.1, Bitol / Linux Foundation) and gives what a lake is built
// from: tables, columns with their catalog types, sensitivity, Safe Harbor
// identifiers, quality rules and service levels.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package contract
