package strictyaml

import (
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// step is one part of a path: a key or an index.
type step struct {
	name    string
	index   int
	isIndex bool
}

// Parent returns the path of what a path is in; "." is its own.
func Parent(path string) string {
	steps := splitPath(path)
	parent := problem.Root
	for _, s := range steps[:max(0, len(steps)-1)] {
		if s.isIndex {
			parent = problem.Index(parent, s.index)
		} else {
			parent = problem.Key(parent, s.name)
		}
	}
	return parent
}

// splitPath reads a path as far as it is well formed.
func splitPath(path string) []step {
	var steps []step
	rest := strings.TrimPrefix(path, ".")
	for rest != "" {
		if rest[0] != '[' {
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			steps = append(steps, step{name: rest[:end]})
			rest = strings.TrimPrefix(rest[end:], ".")
			continue
		}
		inner := rest[1:]
		if quoted, err := strconv.QuotedPrefix(inner); err == nil {
			name, err := strconv.Unquote(quoted)
			if err != nil || !strings.HasPrefix(inner[len(quoted):], "]") {
				return steps
			}
			steps = append(steps, step{name: name})
			rest = strings.TrimPrefix(inner[len(quoted)+1:], ".")
			continue
		}
		number, after, ok := strings.Cut(inner, "]")
		i, err := strconv.Atoi(number)
		if !ok || err != nil || i < 0 {
			return steps
		}
		steps = append(steps, step{index: i, isIndex: true})
		rest = strings.TrimPrefix(after, ".")
	}
	return steps
}
