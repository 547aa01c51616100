package review

import (
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// Revision is one side of a comparison.
type Revision struct {
	Name   string            // what reports call it
	Stacks []*template.Stack // nil where only a state is known: then nothing is said about resources
	State  *access.State     // what deploying it leads to
}

// Read reads a cloud assembly, a folder of templates or a single one; see template.Read.
// The revision is called as the path.
func Read(path string, given template.Given) (Revision, error) {
	stacks, err := template.Read(path, given)
	if err != nil {
		return Revision{}, err
	}
	return Revision{Name: path, Stacks: stacks, State: assembly.FromStacks(stacks)}, nil
}
