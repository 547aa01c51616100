// Package stacks turns the plan of a mesh into CDK stacks: a foundation per
// account and region, a stack per domain, one per product of it, and one per consumer
// with what it subscribes to.
//
// Stacks share planned names only, never exports or tokens, so that each can be
// deployed, replaced and deleted by itself.
package stacks
