// Package odcs has the shape of a file of the Open Data Contract Standard (v3.0 to
// v3.2). A tag says which versions have a key, where not all do. Where the text of a
// version and its JSON schema differ, what either knows is accepted. What each key means
// is said by the standard: https://bitol-io.github.io/open-data-contract-standard/.
package odcs
