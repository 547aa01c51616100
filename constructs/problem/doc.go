// Package problem describes what is wrong with an input, so that every mistake
// in a mesh, a contract or a set of props is reported at once, each with its
// place, what was found, what was expected and how to mend it.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package problem
