// Package lakeformation is Lake Formation's permission model as plain values:
// principals, resources, permissions and which of them go together. The
// planner decides grants with it, the governance constructs render them, and
// the access evaluator reads them back.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package lakeformation
