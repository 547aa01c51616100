package athena

import (
	"bytes"
	_ "embed" // run.py
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed run.py
var script string

// Step is one statement: SQL or DuckDB.
type Step struct {
	SQL    string `json:"sql,omitempty"`    // as Athena takes it
	DuckDB string `json:"duckdb,omitempty"` // as it is
	Rows   bool   `json:"rows,omitempty"`   // the answer has its result
	Fails  bool   `json:"fails,omitempty"`  // it must fail
}

// Answer is what became of a step. Numbers are float64; what JSON does not have is
// text as DuckDB's Python client writes it, but bytes, which are hexadecimal.
type Answer struct {
	Rows  []map[string]any `json:"rows"`
	Error string           `json:"error"`
}

// Run runs the steps one after another in a new database and returns an answer for
// each. A step that fails, or does not fail and must, ends the test.
func Run(t testing.TB, steps ...Step) []Answer {
	t.Helper()
	answers, err := run(t, steps)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

// Last is the rows of the last step.
func Last(t testing.TB, steps ...Step) []map[string]any {
	t.Helper()
	answers := Run(t, steps...)
	return answers[len(answers)-1].Rows
}

func run(t testing.TB, steps []Step) (answers []Answer, err error) {
	return answers, python(t, script, map[string]any{"steps": steps}, &answers)
}

// Python runs a script of the repository's environment: it reads a value as JSON from
// standard input and answers with one. What it cannot do ends the test.
func Python(t testing.TB, script string, question, answer any) {
	t.Helper()
	if err := python(t, script, question, answer); err != nil {
		t.Fatal(err)
	}
}

func python(t testing.TB, script string, question, answer any) error {
	interpreter, err := interpreter()
	if err != nil {
		return err
	}
	input, err := json.Marshal(question)
	if err != nil {
		return err
	}
	command := exec.CommandContext(t.Context(), interpreter, "-c", script)
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "TZ=UTC")
	command.Stdin = bytes.NewReader(input)
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, stderr.String())
	}
	return json.Unmarshal(out, answer)
}

// interpreter is the Python of the repository's environment. Tests run in their own
// folder, somewhere below the root.
func interpreter() (string, error) {
	folder, err := filepath.Abs(".")
	if err != nil {
		return "", err
	}
	for {
		python := filepath.Join(folder, ".venv", "bin", "python")
		if _, err := os.Stat(python); err == nil {
			return python, nil
		}
		if filepath.Dir(folder) == folder {
			return "", fmt.Errorf("not installed: run make test, which installs what tests need")
		}
		folder = filepath.Dir(folder)
	}
}
