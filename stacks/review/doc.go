// Package review says what a change of a mesh, or of any templates of CloudFormation, means
// for people and for data: who gains and loses which columns and rows and why, which ways
// around Lake Formation and which grantors are new, which promises of products break, which
// protections become weaker, and what holds data and is replaced or deleted.
//
// Compare takes two revisions, each read from a cloud assembly, a folder of templates or a
// single one (Read), or made of a state alone, such as that of a plan. Package render
// writes the report.
//
// A report says what differs between what would be deployed, not what the deployment of the
// one over the other needs; that nothing differs does not say that the templates are equal.
// What could not be read in the second revision, and could in the first, is a finding too.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package review
