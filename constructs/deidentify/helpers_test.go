package deidentify_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
)

// pair loads a source and a target of testdata.
func pair(t testing.TB, from, to string) (source, target *contract.Table) {
	t.Helper()
	registry, err := contract.Load("testdata/registry.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := contract.Load("testdata/" + to + ".odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return registry.Table(from), made.Table(to)
}

func options() deidentify.Options {
	return deidentify.Options{SourceDatabase: "curated", TargetDatabase: "analytics", KeyDatabase: "keys", KeyID: "research"}
}
