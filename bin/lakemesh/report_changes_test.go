package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The page says what changes since a base, in the words of lakemesh diff.
func TestReportSinceABase(t *testing.T) {
	folder := t.TempDir()
	base, head := filepath.Join(reviewed, "before"), filepath.Join(reviewed, "after")
	if _, _, err := run("report", "-a", head, "--base", base, "--account", "111111111111", "--region", "eu-west-1", "-o", folder); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, pageFile))
	if err != nil {
		t.Fatal(err)
	}
	if want := "Reader gains SELECT on 1 column of ward.stays: patient (deidentified, was phi)"; !strings.Contains(string(page), want) {
		t.Errorf("the page does not say %s", want)
	}
	if _, _, err := run("report", "-a", head, "--base", "nowhere", "-o", folder); err == nil || !strings.Contains(err.Error(), `BASE: got "nowhere"; expected a cloud assembly`) {
		t.Errorf("got %v", err)
	}
}
