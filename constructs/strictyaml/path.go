package strictyaml

import (
	"strconv"
	"strings"
)

// rootPath is the path of the whole document.
const rootPath = "."

// step is one part of a path: a key or an index.
type step struct {
	name    string
	index   int
	isIndex bool
}

// Key returns the path of a key below a path: a.b, or a["b c"] where the key
// has other characters than letters, digits, _ and -.
func Key(path, key string) string {
	if !isBare(key) {
		if path == rootPath {
			path = ""
		}
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == rootPath || path == "" {
		return key
	}
	return path + "." + key
}

// Index returns the path of an item below a path: a[2].
func Index(path string, i int) string {
	if path == rootPath {
		path = ""
	}
	return path + "[" + strconv.Itoa(i) + "]"
}

// Parent returns the path of what a path is in; "." is its own.
func Parent(path string) string {
	steps := splitPath(path)
	parent := rootPath
	for _, s := range steps[:max(0, len(steps)-1)] {
		if s.isIndex {
			parent = Index(parent, s.index)
		} else {
			parent = Key(parent, s.name)
		}
	}
	return parent
}

func isBare(key string) bool {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return key != ""
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
