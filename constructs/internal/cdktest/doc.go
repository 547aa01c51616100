// Package cdktest synthesizes constructs in tests and asks the templates
// questions in plain Go.
package cdktest
