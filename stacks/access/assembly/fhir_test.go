package assembly_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// opener is a stack with the state machine that opens a FHIR store to readers.
func opener(readers string) string {
	return `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "nurse"}},
		"Other": {"Type": "AWS::StepFunctions::StateMachine", "Condition": "Sometimes", "Properties": {}},
		"Opener": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {}, "Metadata": {
			"lakemesh:fhirReaders": {"store": "records", "database": "m_records_fhir", "principals": [` + readers + `]}}}`
}

// The tables of a FHIR store are in no template; who will read them is.
func TestReadersOfAFhirStore(t *testing.T) {
	const env = "aws://111111111111/us-east-1"
	read := func(readers string) *access.State {
		t.Helper()
		state, err := assembly.Read(appOf(t, env, opener(readers)))
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	one := read(`{"Fn::GetAtt": ["Role", "Arn"]}`)
	matrix := one.Evaluate()
	want := "111111111111/us-east-1: readers of FHIR store records get SELECT and DESCRIBE on all its tables when it is active, through database m_records_fhir: nurse"
	if len(matrix.Rows) != 1 || matrix.Rows[0].Name() != "m_records_fhir.*" || !matrix.Rows[0].Sees("phi") || !slices.Contains(matrix.Notes, want) {
		t.Errorf("rows %v, notes %q; expected one of all tables and %q", matrix.Rows, matrix.Notes, want)
	}

	// Without readers the workflow takes off who is there.
	none := read("")
	want = "111111111111/us-east-1: FHIR store records has no readers: whoever has permissions on database m_records_fhir loses them"
	if notes := none.Evaluate().Notes; !slices.Contains(notes, want) {
		t.Errorf("notes %q; expected %q", notes, want)
	}

	// A reader that a pull request adds is named, and the same states do not differ.
	two := read(`"arn:aws:iam::111111111111:role/steward", {"Fn::GetAtt": ["Role", "Arn"]}`)
	if diff := access.Diff(one, one); !diff.Empty() {
		t.Errorf("a state differs from itself: %v", diff.Changes)
	}
	diff := access.Diff(one, two)
	if len(diff.Changes) != 1 || diff.Changes[0].Op != access.Extra || diff.Changes[0].Principal != "arn:aws:iam::111111111111:role/steward" {
		t.Errorf("got %v; expected the new reader", diff.Changes)
	}
	if !diff.Without("arn:aws:iam::111111111111:role/steward").Empty() {
		t.Error("the change is about somebody else too")
	}

	// So is another name for the database, under which old queries find nothing.
	renamed := read(`{"Fn::GetAtt": ["Role", "Arn"]}`)
	renamed.Catalogs[0].FhirStores[0].Database = "records"
	diff = access.Diff(one, renamed)
	if len(diff.Changes) != 1 || !strings.HasSuffix(diff.Changes[0].String(), "database of FHIR store records: m_records_fhir -> records") {
		t.Errorf("got %v; expected the new database", diff.Changes)
	}
}

// A workflow that may not be deployed promises nothing that can be shown.
func TestReadersUnderACondition(t *testing.T) {
	resources := strings.Replace(opener(""), `"Opener": {`, `"Opener": {"Condition": "Sometimes", `, 1)
	state, err := assembly.Read(appOf(t, "aws://111111111111/us-east-1", resources))
	if err != nil || len(state.Catalogs) != 1 || len(state.Catalogs[0].FhirStores) != 1 {
		t.Fatalf("got %v and %v; expected the store", state, err)
	}
	if want := "S Opener: SELECT on the tables of FHIR store records to []: condition Sometimes decides"; !said(state, want) {
		t.Errorf("got %v; expected %s", state.Unresolved, want)
	}
}

// The domain of a store is that of its stack's tags.
func TestDomainOfAFhirStore(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "manifest.json", `{"artifacts": {"S": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/us-east-1",
		"properties": {"templateFile": "S.json", "tags": {"lakemesh:domain": "clinical"}}}}}`)
	write(t, dir, "S.json", `{"Resources": {`+opener(`"arn:aws:iam::111111111111:role/steward"`)+`}}`)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if rows := state.Evaluate().Rows; len(rows) != 1 || rows[0].Domain != "clinical" {
		t.Errorf("got %+v; expected a row of clinical", rows)
	}
}
