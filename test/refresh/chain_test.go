package refresh_test

import (
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/test/athena"
)

const secret = "0123456789abcdef0123456789abcdef"

// chain is the tables in the order in which the jobs make them, and the statements.
type chain struct {
	tables []*contract.Table
	deid   *contract.Table
}

func clinical(t *testing.T) chain {
	t.Helper()
	var c chain
	for _, name := range []string{"patient", "observation", "condition", "encounter"} {
		c.tables = append(c.tables, load(t, "fhir", name))
	}
	c.tables = append(c.tables, load(t, "research_registry", "enrolment"))
	c.deid = load(t, "patient_deid", "patient_deid")
	return c
}

// lake is the empty tables and the key.
func (c chain) lake(t *testing.T) []athena.Step {
	t.Helper()
	var steps []athena.Step
	for _, schema := range []string{store, curated, analytics, keys} {
		steps = append(steps, athena.Step{DuckDB: "CREATE SCHEMA " + schema})
	}
	for _, m := range c.tables {
		steps = append(steps, empty(t, curated, m))
	}
	return append(steps,
		empty(t, analytics, c.deid),
		athena.Step{DuckDB: "CREATE TABLE " + keys + ".deidentification_key (key_id VARCHAR, secret BLOB)"},
		athena.Step{DuckDB: "INSERT INTO " + keys + ".deidentification_key VALUES ('clinical', encode('" + secret + "'))"},
	)
}

// run is one run of the jobs; the answers say how many rows each statement changed.
func (c chain) run(t *testing.T) []athena.Step {
	t.Helper()
	var steps []athena.Step
	for _, m := range c.tables {
		step := refreshed(t, m)
		step.Rows = true
		steps = append(steps, step)
	}
	step := deidentified(t, c.tables[len(c.tables)-1], c.deid)
	step.Rows = true
	return append(steps, step)
}

// content is all rows of all tables, the de-identified last.
func (c chain) content() []athena.Step {
	var steps []athena.Step
	for _, m := range c.tables {
		steps = append(steps, athena.Step{DuckDB: "SELECT * FROM " + curated + "." + m.Name + " ORDER BY ALL", Rows: true})
	}
	return append(steps, athena.Step{DuckDB: "SELECT * FROM " + analytics + "." + c.deid.Name + " ORDER BY ALL", Rows: true})
}

type rows = []map[string]any

// tables are the rows after one run, by table.
func tables(t *testing.T, have []resource) map[string]rows {
	t.Helper()
	c := clinical(t)
	content := c.content()
	answers := athena.Run(t, slices.Concat(c.lake(t), stored(t, have), c.run(t), content)...)
	return c.named(answers[len(answers)-len(content):])
}

func (c chain) named(answers []athena.Answer) map[string]rows {
	out := map[string]rows{c.deid.Name: answers[len(answers)-1].Rows}
	for i, m := range c.tables {
		out[m.Name] = answers[i].Rows
	}
	return out
}

// where is the only row that has the values.
func where(t *testing.T, from rows, want map[string]any) map[string]any {
	t.Helper()
	var found rows
	for _, row := range from {
		if !slices.ContainsFunc(keysOf(want), func(k string) bool { return row[k] != want[k] }) {
			found = append(found, row)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d rows have %v", len(found), want)
	}
	return found[0]
}

func keysOf(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// check compares some columns of a row.
func check(t *testing.T, name string, row, want map[string]any) {
	t.Helper()
	for column, value := range want {
		got, there := row[column]
		if n, ok := value.(int); ok {
			value = float64(n)
		}
		if !there || got != value {
			t.Errorf("%s: %s is %v, want %v", name, column, got, value)
		}
	}
}
