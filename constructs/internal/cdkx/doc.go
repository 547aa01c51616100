// Package cdkx holds the few things that every construct of this module needs
// from the CDK and that the CDK for Go does not give: one panic for all
// problems of a set of props, the removal policy of stateful resources, and
// acknowledgements of findings.
package cdkx
