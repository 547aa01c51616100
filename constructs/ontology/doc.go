// Package ontology is the vocabulary that every domain of a mesh shares: the
// zones of a lake, the sensitivity of a column, the identifiers that the HIPAA
// Safe Harbor method removes, and the names of the Lake Formation tags that
// carry them.
//
// It is pure Go: nothing here needs Node.js or the CDK. The construct that
// creates the tags is governance.Ontology.
package ontology
