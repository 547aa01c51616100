package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// TestTablesAreMadeFromTheRecord holds the statements of the jobs of the clinical
// domain, which are the same in every stage: from the FHIR store to the curated record,
// the registry of studies, and clinical.patient_deid.
func TestTablesAreMadeFromTheRecord(t *testing.T) {
	definition := load(t)
	for _, stage := range definition.Stages.Names() {
		plan, err := definition.Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		domain, _ := plan.Domain("clinical")
		golden.Check(t, "testdata/refresh.golden.sql", script(domain.Materialization))
		golden.Check(t, "testdata/patient_deid.golden.sql", script(&domain.Deidentify.JobPlan))
		for _, d := range plan.Domains {
			if d.Name != "clinical" && (d.Deidentify != nil || d.Materialization != nil) {
				t.Errorf("%s has a job", d.Name)
			}
		}
	}
}

// script is the statements of a job, each with what it reads.
func script(job *mesh.JobPlan) []byte {
	var b strings.Builder
	for _, s := range job.Statements {
		sources := s.Reads
		if s.ReadsFhirStore {
			sources = append([]string{"the FHIR store"}, sources...)
		}
		if len(sources) == 0 {
			sources = []string{"nothing"}
		}
		fmt.Fprintf(&b, "-- %s from %s\n%s;\n\n", s.Database+"."+s.Table, strings.Join(sources, ", "), s.SQL)
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
