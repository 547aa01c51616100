// Package policy stops a synthesis that would deploy a mistake in Lake Formation,
// Glue, HealthLake or S3: one line, policy.Use(app), for any CDK app, whether or
// not it uses other packages of this module.
//
// RememberValid makes the CDK's own validator faster, which knows other rules.
//
// The rules are in package rules, which works without the CDK; the page
// docs/policy.md lists them.
package policy
