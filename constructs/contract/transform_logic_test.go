package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

func TestReferences(t *testing.T) {
	t.Parallel()
	table := contract.Table{TransformLogic: `SELECT p.id, '{"a": 1}' AS note
FROM {fhir.patient} AS p JOIN {fhirStore.researchsubject} AS r ON r.id = p.id JOIN {fhir.patient} AS q ON regexp_like(q.id, '^[0-9]{3}$')
JOIN {2nd-payer.claims.claim} AS c ON c.id = p.id JOIN {claims.claim} AS d ON d.id = c.id`}
	want := []contract.Reference{{Product: "fhir", Table: "patient"}, {Product: contract.FhirStoreReference, Table: "researchsubject"},
		{Domain: "2nd-payer", Product: "claims", Table: "claim"}, {Product: "claims", Table: "claim"}}
	if got := table.References(); !slices.Equal(got, want) || got[0].OfFhirStore() || !got[1].OfFhirStore() || got[1].String() != "{fhirStore.researchsubject}" {
		t.Errorf("got %v", got)
	}
	for i, name := range []string{"fhir.patient", "fhirStore.researchsubject", "2nd-payer.claims.claim", "claims.claim"} {
		if want[i].Name() != name || want[i].String() != "{"+name+"}" || contract.ParseReference(name) != want[i] || want[i].Source()+"."+want[i].Table != name {
			t.Errorf("%s is read as %+v", name, want[i])
		}
	}
	expanded := table.ExpandTransformLogic(func(r contract.Reference) string { return "db." + r.Table })
	for _, part := range []string{`'{"a": 1}'`, "FROM db.patient AS p JOIN db.researchsubject AS r", "JOIN db.patient AS q", "'^[0-9]{3}$'"} {
		if !strings.Contains(expanded, part) {
			t.Errorf("%s is not in %s", part, expanded)
		}
	}
}

func TestQueryProblems(t *testing.T) {
	t.Parallel()
	table := contract.Table{Name: "t", TransformLogic: "SELECT 1 FROM {fhir}, {a.b.c.d}, {pay-er.claims}", Format: contract.FormatIceberg, Columns: []contract.Column{{Name: "id", Type: "string"}}}
	got := table.StorageProblems().Error()
	for _, part := range []string{"TransformLogic: got {fhir} in the query; expected {product.table}", "TransformLogic: got {a.b.c.d} in", "TransformLogic: got {pay-er.claims} in", "TransformLogic: got a query for a table without a primary key"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in %s", part, got)
		}
	}
	table.TransformLogic, table.Columns[0].PrimaryKey = "WITH a AS (SELECT 1) SELECT * FROM a", 1
	if err := table.StorageProblems().Err(); err != nil {
		t.Error(err)
	}
}
