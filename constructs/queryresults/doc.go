// Package queryresults reads from templates who reads the results and the history of
// which Athena workgroup. Lake Formation governs neither, so who shares a workgroup, or
// a results location in S3, has to have the same rights.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package queryresults
