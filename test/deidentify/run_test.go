package deidentify_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
)

// step is one statement for run.py.
type step struct {
	SQL    string `json:"sql,omitempty"`    // as Athena takes it
	DuckDB string `json:"duckdb,omitempty"` // as it is
	Rows   bool   `json:"rows,omitempty"`
	Fails  bool   `json:"fails,omitempty"`
}

// answer is what became of a step.
type answer struct {
	Rows  []map[string]any `json:"rows"`
	Error string           `json:"error"`
}

// run runs the steps one after another in a new database.
func run(t *testing.T, steps ...step) []answer {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		t.Fatal("not installed: run make test, which installs what tests need")
	}
	input, err := json.Marshal(map[string]any{"steps": steps})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), python, "run.py")
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "TZ=UTC")
	command.Stdin = bytes.NewReader(input)
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var answers []answer
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// last is the rows of the last step.
func last(t *testing.T, steps ...step) []map[string]any {
	t.Helper()
	answers := run(t, steps...)
	return answers[len(answers)-1].Rows
}

// plan plans one of the tables that the package's own tests use.
func plan(t *testing.T, from, to string) *deidentify.Plan {
	t.Helper()
	const folder = "../../constructs/deidentify/testdata/"
	registry, err := contract.Load(folder + "registry.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := contract.Load(folder + to + ".odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := deidentify.New(registry.Table(from), made.Table(to))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func options(key string) deidentify.Options {
	return deidentify.Options{SourceDatabase: "curated", TargetDatabase: "analytics", KeyDatabase: "keys", KeyID: key}
}

// create, merge and key are the statements of a plan.
func create(t *testing.T, p *deidentify.Plan, key string) step {
	t.Helper()
	sql, err := p.CreateTable(options(key), "s3://riverside/deid/")
	if err != nil {
		t.Fatal(err)
	}
	return step{SQL: sql}
}

func merge(t *testing.T, p *deidentify.Plan) step {
	t.Helper()
	sql, err := p.Merge(options("a"))
	if err != nil {
		t.Fatal(err)
	}
	return step{SQL: sql}
}

func key(t *testing.T, name string) step {
	t.Helper()
	sql, err := deidentify.CreateKey(options(name))
	if err != nil {
		t.Fatal(err)
	}
	return step{SQL: sql}
}

// fixed is a known key, so that results can be computed here as well.
func fixed(name, secret string) step {
	return step{DuckDB: "INSERT INTO keys.deidentification_key VALUES ('" + name + "', encode('" + secret + "'))"}
}

// schemas makes the databases and the key table.
func schemas() []step {
	return []step{
		{DuckDB: "CREATE SCHEMA curated"},
		{DuckDB: "CREATE SCHEMA analytics"},
		{DuckDB: "CREATE SCHEMA keys"},
		{DuckDB: "CREATE TABLE keys.deidentification_key (key_id VARCHAR, secret BLOB)"},
	}
}
