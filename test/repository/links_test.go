package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// The pages link to files and folders that exist.
func TestPagesLinkToWhatExists(t *testing.T) {
	for _, file := range textFiles(t) {
		if filepath.Ext(file) != ".md" {
			continue
		}
		for _, target := range allOf(linked, readText(t, file)) {
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(file), target)); err != nil {
				t.Errorf("%s links to %s, which does not exist", file, target)
			}
		}
	}
}

// A decision names the code that keeps to it, and the tests.
func TestDecisionsNameWhatExists(t *testing.T) {
	defined := namesOf(t)
	for _, r := range rules.All() {
		defined[r.ID] = true
	}
	found, err := filepath.Glob(filepath.Join(root, "constructs", "docs", "decisions", "*.md"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no decisions: %v", err)
	}
	for _, path := range found {
		file := filepath.Base(path)
		if file == "README.md" {
			continue
		}
		_, where, _ := strings.Cut(readText(t, "constructs", "docs", "decisions", file), "\nWhere: ")
		cited := allOf(quoted, where)
		if len(cited) == 0 {
			t.Errorf("%s does not say where the code keeps to it", file)
		}
		for _, name := range cited {
			if !defined[name] {
				t.Errorf("%s names %s, which does not exist", file, name)
			}
		}
		if index := readText(t, "constructs", "docs", "decisions", "README.md"); !strings.Contains(index, "]("+file+")") {
			t.Errorf("decisions/README.md does not list %s", file)
		}
	}
}
