// Package rules checks synthesized CloudFormation templates of health lakes: the
// mistakes in Lake Formation, Glue, HealthLake and S3 resources that neither
// CloudFormation's schemas nor published rule packs see, and that show only when a
// stack is deployed, updated or deleted, or when data leaks.
//
// The rules read templates, so they see what escape hatches and other libraries
// put there. They look at all stacks of an app together, by the account and region
// of each. What only a deployment can tell, such as a parameter, is never
// guessed: a rule says nothing about it, unless not knowing is itself the risk.
//
// It is plain Go: Check takes a folder such as cdk.out, so that a job can run it
// without the CDK. Package policy stops a synthesis with the same rules.
package rules
