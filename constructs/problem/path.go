package problem

import "strconv"

// Root is the path of a whole document.
const Root = "."

// Key returns the path of a key below a path: a.b, or a["b c"] where it is no plain
// key. Below "" and Root it is the key alone.
func Key(path, key string) string {
	switch {
	case !IsPlainKey(key):
		return inRoot(path) + "[" + strconv.Quote(key) + "]"
	case inRoot(path) == "":
		return key
	}
	return path + "." + key
}

// Index returns the path of an item below a path: a[2].
func Index(path string, i int) string { return inRoot(path) + "[" + strconv.Itoa(i) + "]" }

func inRoot(path string) string {
	if path == Root {
		return ""
	}
	return path
}

// IsPlainKey reports whether a key is of letters, digits, _ and -.
func IsPlainKey(key string) bool {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return key != ""
}
