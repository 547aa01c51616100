// Package catalogue says what the products of a mesh are, for people who look for data:
// the contract with its owner, terms and promises, tables and columns with their levels,
// quality rules in words, where the rows come from, who is subscribed, and queries to
// begin with.
//
// Of reads it from the plan of a mesh and from who can see what. FromState reads what
// templates alone tell of any lake: databases, tables and columns. The result is sorted,
// is written as JSON, and has no text that is not in the plan or in the templates but the
// words around it.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package catalogue
