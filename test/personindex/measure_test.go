package personindex_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/personindex"
	"github.com/lakemesh/lakemesh/test/athena"
)

// index is the product that the package's own tests use.
func index(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load("../../constructs/personindex/testdata/person_index.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// create makes the tables of the index.
func create(c *contract.Contract) []athena.Step {
	steps := []athena.Step{{DuckDB: "CREATE SCHEMA identity"}}
	for _, table := range c.Tables {
		var columns []string
		for _, column := range table.Columns {
			kind := map[string]string{"string": "VARCHAR", "timestamp": "TIMESTAMP", "int": "INTEGER"}[column.Type]
			columns = append(columns, column.Name+" "+kind)
		}
		steps = append(steps, athena.Step{DuckDB: fmt.Sprintf("CREATE TABLE identity.%s (%s)", table.Name, strings.Join(columns, ", "))})
	}
	return steps
}

// run are the statements of the job.
func run(t *testing.T, c *contract.Contract) []athena.Step {
	t.Helper()
	statements, err := personindex.Statements(c.Table(contract.PersonsTable).PersonIndex, personindex.Options{
		Database:  "identity",
		Databases: map[string]string{"clinical.patients": "clinical", "claims.members": "claims", "pharmacy.customers": "pharmacy"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var steps []athena.Step
	for _, s := range statements {
		steps = append(steps, athena.Step{SQL: s.SQL})
	}
	return steps
}

func rows(sql string) athena.Step { return athena.Step{DuckDB: sql, Rows: true} }

const everything = "SELECT 'persons' AS of, source, record AS a, token AS b, rule AS c, since AS d FROM identity.persons " +
	"UNION ALL SELECT 'tokens', source, token, current, status, since FROM identity.tokens ORDER BY ALL"

// TestMostRecordsOfAPersonAreFound measures precision and recall by pairs of records, on people
// whose truth is known, and that a second run changes nothing.
func TestMostRecordsOfAPersonAreFound(t *testing.T) {
	c, all := index(t), people(2000, 7)
	steps := slices.Concat(tables(all), create(c), run(t, c))
	first := len(steps)
	steps = append(steps, rows(everything))
	steps = append(steps, run(t, c)...)
	steps = append(steps, rows(everything))
	answers := athena.Run(t, steps...)
	if before, after := fmt.Sprint(answers[first].Rows), fmt.Sprint(answers[len(answers)-1].Rows); before != after {
		t.Error("a second run changed something")
	}
	truth := map[string]int{}
	for source, records := range all {
		for _, r := range records {
			truth[source+":"+r.id] = r.truth
		}
	}
	// Pairs are counted by how many records a person and a token have in common.
	type cell struct {
		token string
		truth int
	}
	cells, tokens, persons, count := map[cell]int{}, map[string]int{}, map[int]int{}, 0
	for _, row := range answers[first].Rows {
		if row["of"] == "persons" {
			token, who := fmt.Sprint(row["b"]), truth[fmt.Sprint(row["source"], ":", row["a"])]
			cells[cell{token, who}]++
			tokens[token]++
			persons[who]++
			count++
		}
	}
	if count != len(truth) {
		t.Errorf("%d records have a token, want %d", count, len(truth))
	}
	pairs := func(n int) int { return n * (n - 1) / 2 }
	right, found, there := 0, 0, 0
	for _, n := range cells {
		right += pairs(n)
	}
	for _, n := range tokens {
		found += pairs(n)
	}
	for _, n := range persons {
		there += pairs(n)
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(there)
	t.Logf("%d records of 2000 persons, %d tokens: precision %.4f, recall %.4f of %d pairs; %d pairs are of two persons", len(truth), len(tokens), precision, recall, there, found-right)
	if precision < 0.99 || recall < 0.9 {
		t.Errorf("precision %.4f, recall %.4f", precision, recall)
	}
}
