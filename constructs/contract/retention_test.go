package contract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// retained is a contract with tables of each kind and what it promises to keep.
func retained(t *testing.T, sla, custom string) *contract.Contract {
	t.Helper()
	k, err := contract.Parse("kept.odcs.yaml", []byte(`apiVersion: v3.1.0
kind: DataContract
id: 6d9b4a52-7a0e-4f43-9f0e-0a6c3f0f4b11
name: kept
version: 1.0.0
status: active
customProperties:
  - {property: sensitivity, value: phi}
`+custom+`schema:
  - name: visits
    physicalType: table
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: day, logicalType: date}
      - {name: seen, logicalType: timestamp}
  - name: files
    physicalType: table
    customProperties: [{property: format, value: parquet}]
    properties:
      - {name: id, logicalType: string}
      - {name: day, logicalType: date}
slaProperties:
`+sla))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestRetentionNamesWhatTellsTheAge(t *testing.T) {
	k := retained(t, `  - {property: retention, value: 10, unit: y, element: visits.day}
  - {property: re, value: 6.5, unit: y, element: visits.seen}
  - {property: retention, value: P90D, element: Files}
`, "")
	visits, files := k.Table("visits").Retention, k.Table("files").Retention
	if visits == nil || visits.Column != "day" || files == nil || files.Column != "" || files.Days() != 90 || visits.Days() != 3660 {
		t.Errorf("%+v, %+v", visits, files)
	}
	if got, want := k.Table("visits").DeleteOld("lake"), "DELETE FROM \"lake\".\"visits\"\nWHERE NOT (\"day\" IS NULL OR \"day\" >= date_add('year', -10, current_date))"; got != want {
		t.Errorf("got %s", got)
	}
	if got := (contract.Retention{Period: contract.Period{Value: 6.5, Unit: "year"}}).Kept(`"seen"`, true); got != `("seen" IS NULL OR "seen" >= CAST(date_add('day', -2379, current_date) AS timestamp))` {
		t.Errorf("got %s", got)
	}
}

// Nothing is deleted by what cannot tell an age, and all of it is named.
func TestRetentionThatNothingFollowsFromIsNamed(t *testing.T) {
	k := retained(t, `  - {property: retention, value: 1, unit: y, element: visit.day}
  - {property: retention, value: 1, unit: y, element: visits.id}
  - {property: retention, value: 1, unit: y, element: files.day}
  - {property: retention, value: 1, unit: y}
`, "")
	for _, table := range k.Tables {
		if table.Retention != nil || table.DeleteOld("lake") != "" {
			t.Errorf("rows of %s are deleted", table.Name)
		}
	}
	var got []string
	for _, w := range k.Warnings {
		if strings.HasPrefix(w.Path, "slaProperties") {
			got = append(got, fmt.Sprintf("%s: got %s", w.Path, w.Got))
		}
	}
	for _, want := range []string{
		`slaProperties[0].element: got "visit.day", which is no table of the contract`,
		`slaProperties[1].element: got "visits.id"`,
		`slaProperties[2].element: got "files.day", a column of files in which no row can be deleted`,
		`slaProperties: got a retention of 1 year`,
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %s in %q", want, got)
		}
	}
}

func TestLegalHoldIsRead(t *testing.T) {
	k := retained(t, "  - {property: retention, value: 1, unit: y, element: visits.day}\n", "  - {property: legalHold, value: Doe v. Riverside}\n")
	if k.LegalHold != "Doe v. Riverside" || k.Table("visits").Retention == nil {
		t.Errorf("%q", k.LegalHold)
	}
}
