package main

import "errors"

// The exit codes of the command line.
const (
	exitFailed = 1 // something went wrong
	exitFound  = 2 // there is what the user asked to fail on
)

// failOn says that a command did its work and found what the user asked to fail on.
type failOn string

// Error says what was found.
func (f failOn) Error() string { return string(f) }

// exitCode is the exit code of a command that ended with an error.
func exitCode(err error) int {
	var found failOn
	if errors.As(err, &found) {
		return exitFound
	}
	return exitFailed
}
