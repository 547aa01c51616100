package deidentify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/athena"
)

// empty is the statement that makes a table of simple types.
func empty(database string, t *contract.Table) step {
	kinds := map[string]string{"string": "VARCHAR", "int": "INT", "double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name + " " + kinds[c.Type]
	}
	return step{DuckDB: fmt.Sprintf("CREATE TABLE %s.%s (%s)", database, t.Name, strings.Join(columns, ", "))}
}

// TestSampleRuns runs the statement that makes clinical.patient_deid of the
// sample mesh, into a table that the contract's types made.
func TestSampleRuns(t *testing.T) {
	table := func(product, name string) *contract.Table {
		c, err := contract.LoadFS(sample.FS(), "contracts/clinical/"+product+".odcs.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return c.Table(name)
	}
	from, to := table("research_registry", "enrolment"), table("patient_deid", "patient_deid")
	p, err := deidentify.New(from, to)
	if err != nil {
		t.Fatal(err)
	}
	steps := slices.Concat(schemas(), []step{
		empty("curated", from), empty("analytics", to), fixed("a", secret),
		{DuckDB: `INSERT INTO curated.enrolment (member_token, study_id, mrn, patient_name, phone, birth_date, zip_code, index_date, last_encounter_date, nurse_note, race, gender)
			VALUES ('mt_1', 'NCT0456', 'MRN-77', 'Jane Roe', '617-555-0100', DATE '1961-07-08', '02139', DATE '2020-07-07', DATE '2020-08-07', 'Jane asked for a call', 'tongan', 'female')`},
		merge(t, p), merge(t, p),
		{DuckDB: "SELECT * FROM analytics.patient_deid", Rows: true},
	})
	rows := athena.Last(t, steps...)
	if len(rows) != 1 {
		t.Fatalf("got %v", rows)
	}
	for column, want := range map[string]any{
		"patient_token": code("mt_1"), "study_id": "NCT0456", "birth_year": 1961.0, "age_group": "50-59", "zip3": "021", "race": "other",
		"gender": "female", "index_year": 2020.0, "follow_up_days": 31.0, "deid_method": "safe-harbor",
	} {
		if rows[0][column] != want {
			t.Errorf("%s is %v, want %v", column, rows[0][column], want)
		}
	}
	for _, value := range []string{"MRN-77", "Jane", "Roe", "617", "1961-", "2020-", "02139", "mt_1"} {
		if strings.Contains(fmt.Sprint(rows[0]), value) {
			t.Errorf("%s is in the target: %v", value, rows[0])
		}
	}
}
