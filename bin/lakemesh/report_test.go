package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	out, _, err := run("report", "--assembly", templates, "-o", folder)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, "index.html")
	if strings.TrimSpace(out) != name {
		t.Errorf("got %q; expected the name of the page, %s", out, name)
	}
	page, err := os.ReadFile(name) //nolint:gosec // in a folder of the test
	if err != nil || !strings.Contains(string(page), "CardiologyAnalyst") {
		t.Errorf("%v: the page does not say who sees what", err)
	}
	if _, _, err := run("report", "--assembly", t.TempDir()+"/none", "-o", folder); err == nil || !strings.Contains(err.Error(), "run cdk synth first") {
		t.Errorf("without templates: got %v", err)
	}
}
