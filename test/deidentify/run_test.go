package deidentify_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/test/athena"
)

// step is one statement to run.
type step = athena.Step

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
