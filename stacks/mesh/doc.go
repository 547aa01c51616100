// Package mesh is the model of a governed data mesh: its definition (written as
// mesh.yaml or as a Go value), the checks on it, and the plan that says in full
// what will be deployed where.
//
// Load, then Validate, then Plan. All three are pure Go, deterministic and take
// milliseconds; nothing here needs Node.js, the CDK or an AWS account.
package mesh
