package review

import (
	"os"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
)

// Revision is one side of a comparison.
type Revision struct {
	Name   string            // what reports call it
	Stacks []*template.Stack // nil where only a state is known: then nothing is said about resources
	State  *access.State     // what deploying it leads to
	Judge  *guardrail.Judge  // by the guardrails of the revision; nil where none are known
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

// ReadBoth reads two sides of a comparison. Two single templates are versions of one stack,
// whatever their files are called.
func ReadBoth(base, head string, given template.Given) (before, after Revision, err error) {
	if before, err = Read(base, given); err != nil {
		return before, after, err
	}
	stacks, err := template.Read(head, given)
	if err != nil {
		return before, after, err
	}
	if isFile(base) && isFile(head) && len(before.Stacks) > 0 && len(stacks) > 0 {
		rename(stacks, stacks[0].Name, before.Stacks[0].Name)
	}
	return before, Revision{Name: head, Stacks: stacks, State: assembly.FromStacks(stacks)}, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// rename gives the first of some stacks, which the others are nested in, another name.
func rename(stacks []*template.Stack, from, to string) {
	for _, s := range stacks {
		s.Name = to + strings.TrimPrefix(s.Name, from)
		for i, u := range s.Unread {
			if rest, found := strings.CutPrefix(u.Place, from); found {
				s.Unread[i].Place = to + rest
			}
		}
	}
}
