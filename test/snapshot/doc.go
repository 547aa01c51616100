// Package snapshot holds the reviewed templates of the sample mesh and the tests
// that they are what the app renders, every time.
package snapshot
