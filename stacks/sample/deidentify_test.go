package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/golden"
)

// TestPatientDeidIsMadeFromTheRegistry holds the statements of the job that makes
// clinical.patient_deid, which are the same in every stage.
func TestPatientDeidIsMadeFromTheRegistry(t *testing.T) {
	definition := load(t)
	for _, stage := range definition.StageNames() {
		plan, err := definition.Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		domain, _ := plan.Domain("clinical")
		var b strings.Builder
		for _, s := range domain.Deidentify.Statements {
			source := "nothing"
			if len(s.Reads) > 0 {
				source = strings.Join(s.Reads, ", ")
			}
			fmt.Fprintf(&b, "-- %s from %s\n%s;\n\n", s.Database+"."+s.Table, source, s.SQL)
		}
		golden.Check(t, "testdata/patient_deid.golden.sql", []byte(strings.TrimSuffix(b.String(), "\n")))
		for _, d := range plan.Domains {
			if d.Name != "clinical" && d.Deidentify != nil {
				t.Errorf("%s has a job", d.Name)
			}
		}
	}
}
