package entityresolution_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/test/golden"
)

// What the page shows to copy compiles and runs.
func TestPageShowsTheExample(t *testing.T) {
	golden.CheckExample(t, "../docs/entity-resolution.md", "example_test.go", "ExampleNewMatchingWorkflow")
}
