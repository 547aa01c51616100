// Package drift says what was changed by hand in running accounts since templates were
// deployed to them: granted, revoked, tagged, opened, registered, and what that means for
// who sees what.
//
// FromTemplates reads what the templates say, package live what the accounts hold, and Find
// compares the two.
//
// # What is not reported
//
// What nobody did by hand: what Lake Formation gives the role that deploys, and others on
// what they make; tables that crawlers, jobs and workflows of the templates make, as far as
// Glue tells who made them; what the workflow of a FHIR store grants its readers; grants of
// subscriptions that have ended, once they are revoked; the reader itself, as a read-only
// administrator. Notes say how much of it there is.
//
// Settings of the data lake are compared where a template has them, else they are noted.
// Policies of IAM, of buckets and of keys are not read from accounts, and neither are
// opt-ins of hybrid access mode compared, which no template has. What a reading has a
// problem with is not compared, as if the account held what the templates say.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package drift
