package repository

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// placeholder is the part of a file's name that the change chooses.
var placeholder = regexp.MustCompile(`<\w+>`)

// Each task of a maintainer is done in at most three files of code, and what
// CONTRIBUTING.md says of it exists.
func TestTasksNameFiles(t *testing.T) {
	_, section, _ := strings.Cut(readText(t, "CONTRIBUTING.md"), "\n## Where to change what\n")
	section, _, _ = strings.Cut(section, "\n## ")
	tasks := 0
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 3 || strings.HasPrefix(strings.TrimSpace(cells[0]), "-") || strings.TrimSpace(cells[0]) == "to add or change" {
			continue
		}
		tasks++
		code := pathsIn(cells[1])
		if len(code) == 0 || len(code) > 3 {
			t.Errorf("%s: %d files of code, want 1 to 3", cells[0], len(code))
		}
		for _, path := range append(code, pathsIn(cells[2])...) {
			pattern := placeholder.ReplaceAllString(path, "*")
			if found, err := filepath.Glob(filepath.Join(root, pattern)); err != nil || len(found) == 0 {
				t.Errorf("%s: %s does not exist", cells[0], path)
			}
		}
	}
	if tasks < 15 {
		t.Errorf("%d tasks, want the fifteen that maintainers have", tasks)
	}
}

// pathsIn are the files and folders that a cell names.
func pathsIn(cell string) []string {
	var out []string
	for _, name := range allOf(quoted, cell) {
		if strings.Contains(name, "/") || name == "CHANGELOG.md" {
			out = append(out, name)
		}
	}
	return out
}
