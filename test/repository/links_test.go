package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
