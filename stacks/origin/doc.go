// Package origin says where the tables of a mesh come from: which job makes each of
// them, when, out of which tables of which domains, and which columns each of its columns
// is made of.
//
// Of reads it from a plan: from the queries of contracts and of views, by package
// lineage, and from what contracts say of de-identification. Text, Mermaid and JSON write
// it. Nothing here needs Node.js, the CDK or an AWS account.
package origin
