package sample_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/test/golden"
)

// table finds a table of the sample's clinical domain.
func table(t *testing.T, product, name string) *contract.Table {
	t.Helper()
	for _, domain := range load(t).Domains {
		for _, c := range domain.Contracts {
			if domain.Name == "clinical" && c.Name == product && c.Table(name) != nil {
				return c.Table(name)
			}
		}
	}
	t.Fatalf("no table %s.%s", product, name)
	return nil
}

// TestPatientDeidIsMadeFromTheRegistry holds the statements that make
// clinical.patient_deid.
func TestPatientDeidIsMadeFromTheRegistry(t *testing.T) {
	plan, err := deidentify.New(table(t, "research_registry", "enrolment"), table(t, "patient_deid", "patient_deid"))
	if err != nil {
		t.Fatal(err)
	}
	options := deidentify.Options{
		SourceDatabase: "riverside_clinical_curated", TargetDatabase: "riverside_clinical_analytics",
		KeyDatabase: "riverside_clinical_keys", KeyID: "research",
	}
	key, err := deidentify.CreateKey(options)
	if err != nil {
		t.Fatal(err)
	}
	merge, err := plan.Merge(options)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/patient_deid.golden.sql", []byte("-- once\n"+key+";\n\n-- every week\n"+merge+";\n"))
	for _, column := range plan.Dropped {
		if strings.Contains(merge, `"s"."`+column.Name+`"`) {
			t.Errorf("the statement reads %s, which is dropped", column.Name)
		}
	}
}
