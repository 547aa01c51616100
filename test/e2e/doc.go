// Package e2e deploys the sample mesh with the stock CDK command line to the
// local AWS, reads everything back through the AWS SDK, changes it, and destroys
// it. What it proves is wiring, order, names and API shapes, not AWS's behaviour.
package e2e
