// Package deploy drives the stock CDK command line against the local AWS, and
// reads back what it made there.
package deploy
