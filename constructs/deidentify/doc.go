// Package deidentify makes a de-identified table of one that holds protected
// health information: from the two tables of their contracts it plans, column
// by column, what happens to every value, and writes the plan as SQL for Athena
// (engine version 3, Trino's dialect).
//
// What is not planned does not travel: a source column that no target column
// names is dropped, and an identifier reaches the target only by a method that
// 45 CFR 164.514 leaves open for its kind. The methods are in package ontology;
// constructs/docs/deidentify.md lists which identifier takes which.
//
// Hashes and date shifts use a key that is in no statement. It is one row of a
// table (KeyTable) that only the job may read, made inside Athena by CreateKey,
// so that nobody has ever seen it. A key in the statement or in an execution
// parameter would be readable by everyone who may call GetQueryExecution on the
// workgroup, which returns both.
//
// The rules here are those of the regulation as far as a program can hold them.
// That free text in a kept column names nobody, that groups are large enough,
// and that nobody has actual knowledge that what is left identifies a patient
// (164.514(b)(2)(ii)) is for people to see to.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package deidentify
