// Package registry is the catalogue of open data sets of health and genomics: where each one
// stands, who hosts it, what its licence asks for, and the columns of its tables, with a
// contract of each that has tables.
//
// The catalogue is one file, datasets.yaml. Everything in it was read in public files, which
// each data set names; what was not found is left out and said in LeftOut. The contracts are
// made of it once and kept in the folder contracts, for people to read and for
// [Dataset.Contract]; a test holds them against the catalogue.
//
// A data set that its publisher does not host any more needs a place of its own, where a copy
// stands: whoever gets the bucket of that name next could put other files there.
//
// It is pure Go: nothing here needs Node.js or the CDK, and nothing is asked of the network.
package registry
