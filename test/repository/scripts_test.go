package repository

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// stopsEarly finds a pipe into a reader that does not read to the end: head,
// read, grep -q, grep -m and sed …q. What writes is killed by the closed pipe then,
// sometimes, and pipefail makes a failure of it.
var stopsEarly = regexp.MustCompile(`(?:^|[^|])\|&?\s*(?:head\b|read\b|[ef]?grep\b[^|;&\n]*\s-(?:-quiet|-silent|-max-count|[a-zA-Z]*[qm])|sed\b[^|;&\n]*[\s\d$/'"{;]q\b)`)

func TestNoReaderStopsEarly(t *testing.T) {
	scripts := []string{filepath.Join(root, "Makefile"), filepath.Join(root, "bin", "ci", "mesh")}
	for _, folder := range []string{".ci", ".dev"} {
		found, err := filepath.Glob(filepath.Join(root, folder, "*"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no scripts in %s: %v", folder, err)
		}
		scripts = append(scripts, found...)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		for _, pipe := range stopsEarly.FindAllString(joined(string(text)), -1) {
			t.Errorf("%s: %q stops reading before the end: take a reader that does not, as sed -n 1p for head -1", script, pipe)
		}
	}
}

// joined are the lines of a script without comments, continued ones as one.
func joined(script string) string {
	script = regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(script, "")
	return strings.ReplaceAll(script, "\\\n", " ")
}

func TestStopsEarly(t *testing.T) {
	for line, want := range map[string]bool{
		"make --version | head -1":         true,
		"make --version |\n  head -n 1":    true,
		"a | \\\n\thead":                   true,
		"a |& grep -q b":                   true,
		"a | grep -iq b":                   true,
		"a | grep -E -m1 b | sort":         true,
		"a | grep --quiet b":               true,
		"a | sed 1q":                       true,
		"a | sed -n '/b/{p;q}'":            true,
		"a | sed -e 's/b/c/' -e q":         true,
		"a | read -r first":                true,
		"make --version | sed -n 1p":       false,
		"a | sed 's/^/golangci-lint /'":    false,
		"a | grep -iE '^(b|c-q)==' | sort": false,
		"a || head file":                   false,
		"# a | head":                       false,
		"grep -q b file":                   false,
		"while read -r a; do :; done <<<b": false,
	} {
		if got := stopsEarly.MatchString(joined(line)); got != want {
			t.Errorf("%q: %t", line, got)
		}
	}
}
