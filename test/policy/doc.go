// Package policy holds what the sample mesh must satisfy beyond its own tests:
// the HIPAA and AWS Solutions packs of cdk-nag, cfn-lint, the validator that the
// CDK brings, and CloudFormation's limits. It has no code of its own, only tests.
package policy
