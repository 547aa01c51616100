// Package assembly reads who is granted what from the templates of a CDK cloud
// assembly: what deploying all of its stacks leads to.
package assembly
