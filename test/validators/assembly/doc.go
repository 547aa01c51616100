// Package assembly synthesizes apps in tests and holds what comes out against what
// others wrote: the packs HIPAA Security and AWS Solutions of cdk-nag, and the
// validation that the CDK does in a deployment.
package assembly
