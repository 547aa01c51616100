package personindex_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/personindex"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/golden"
)

func index(t *testing.T) *contract.PersonIndex {
	t.Helper()
	c, err := contract.Load("testdata/person_index.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) > 0 {
		t.Error(c.Warnings)
	}
	return c.Table(contract.PersonsTable).PersonIndex
}

func options() personindex.Options {
	return personindex.Options{Database: "identity_curated", Databases: map[string]string{
		"clinical.patients": "clinical_curated", "claims.members": "claims_curated", "pharmacy.customers": "pharmacy_curated",
	}}
}

// TestStatements holds the whole SQL, as a privacy officer reads it.
func TestStatements(t *testing.T) {
	t.Parallel()
	statements, err := personindex.Statements(index(t), options())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(statements); n > contract.MaxStatements {
		t.Errorf("%d statements, and a job takes %d", n, contract.MaxStatements)
	}
	var all strings.Builder
	for i, s := range statements {
		if i > 0 && s == statements[i-1] {
			continue
		}
		fmt.Fprintf(&all, "%s;\n\n", s.SQL)
	}
	golden.Check(t, "testdata/statements.golden.sql", []byte(strings.TrimSuffix(all.String(), "\n")))
}

// TestEveryComparison writes what the example does not use.
func TestEveryComparison(t *testing.T) {
	t.Parallel()
	x := &contract.PersonIndex{
		Sources: []contract.PersonSource{{Name: "a", From: contract.ParseReference("p.t"), Record: "id", Attributes: []contract.PersonAttribute{
			{Attribute: "birthDate", Column: "b"}, {Attribute: "email", Column: "e"}, {Attribute: "family", Column: "f"},
		}}},
		Rules: []contract.PersonRule{{Name: "it's\nall", Same: []contract.PersonMatch{
			{Attribute: "birthDate", How: contract.ComparedYear}, {Attribute: "email", How: contract.ComparedExact}, {Attribute: "family", How: contract.ComparedSound},
		}}},
	}
	c := contract.Contract{Name: "people", Tables: contract.PersonIndexTables(x)}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	statements, err := personindex.Statements(x, personindex.Options{Database: "d", Databases: map[string]string{"p": "s"}})
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprint(statements)
	for _, want := range []string{
		`substr("a"."birth_date", 1, 4) = substr("b"."birth_date", 1, 4)`, `"a"."email_as_written" = "b"."email_as_written"`,
		`soundex(nullif(regexp_replace("a"."family", '[^a-z]', ''), ''))`, `nullif(trim(CAST("r"."e" AS varchar)), '') AS "email_as_written"`,
		"-- 1. it's all: ", "WHEN 1 THEN 'it''s\nall'", "WHERE false",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in\n%s", want, all)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	_, err := personindex.Statements(index(t), personindex.Options{Database: "No", Databases: map[string]string{"claims.members": "no-name"}})
	if list := problem.Of(err); len(list) != 4 {
		t.Errorf("%d problems, want 4: %v", len(list), err)
	}
	long := index(t)
	for i := range long.Rules {
		long.Rules[i].Name += strings.Repeat("x", 100_000)
	}
	if _, err := personindex.Statements(long, options()); err == nil || !strings.Contains(err.Error(), "at most 250000 bytes") {
		t.Errorf("a long statement gives %v", err)
	}
}
