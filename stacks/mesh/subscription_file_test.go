package mesh_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// loadRows loads a mesh whose only subscription has the rows.
func loadRows(rows string) (*mesh.Definition, error) {
	return mesh.LoadFS(fstest.MapFS{"mesh.yaml": {Data: []byte("apiVersion: lakemesh/v1\nsubscriptions:\n  - consumer: research\n    rows: " + rows + "\n")}}, "mesh.yaml")
}

func TestRowsOfAMapping(t *testing.T) {
	for rows, want := range map[string]string{
		`"study_id = 'NCT0456'"`:                          "study_id = 'NCT0456'",
		`{study_id: NCT0456}`:                             "study_id = 'NCT0456'",
		`{study_id: "O'Hara' OR '1' = '1"}`:               "study_id = 'O''Hara'' OR ''1'' = ''1'",
		`{consent: [research, treatment]}`:                "consent IN ('research', 'treatment')",
		`{consent: [research]}`:                           "consent IN ('research')",
		`{withdrawn: null}`:                               "withdrawn IS NULL",
		`{withdrawn: ~}`:                                  "withdrawn IS NULL",
		`{year: 2020, score: [-1.50, 0.5], active: True}`: "active = TRUE AND score IN (-1.50, 0.5) AND year = 2020",
		`{zip: "01234"}`:                                  "zip = '01234'",
		`{order: 1, 1st: 2}`:                              `"1st" = 2 AND "order" = 1`,
		`{day: 2030-01-01}`:                               "day = '2030-01-01'",
		"\n      b: x\n      a: y":                        "a = 'y' AND b = 'x'",
	} {
		d, err := loadRows(rows)
		if err != nil {
			t.Errorf("%s: %v", rows, err)
			continue
		}
		if got := d.Subscriptions[0]; got.Rows.Text() != want || got.Consumer != "research" {
			t.Errorf("%s: got %s, want %s", rows, got.Rows.Text(), want)
		}
	}
}

func TestRowsOfAMappingRefused(t *testing.T) {
	for rows, want := range map[string]string{
		`{}`:                                     "subscriptions[0].rows: got an empty mapping",
		`[a]`:                                    "subscriptions[0].rows: got a list",
		`5`:                                      "subscriptions[0].rows: got ",
		`{a: []}`:                                "subscriptions[0].rows.a: got an empty list",
		`{a: [x, null]}`:                         "subscriptions[0].rows.a[1]: got an empty item",
		`{a: [x, [y]]}`:                          "subscriptions[0].rows.a[1]: got a list",
		`{a: {b: c}}`:                            "subscriptions[0].rows.a: got a mapping",
		`{a: 0456}`:                              "subscriptions[0].rows.a: got 0456",
		`{a: 0x10}`:                              "subscriptions[0].rows.a: got 0x10",
		`{a: .inf}`:                              "subscriptions[0].rows.a: got .inf",
		`{a: [x, 1]}`:                            "subscriptions[0].rows.a[1]: got the number 1 beside the text 'x'",
		`{a: "x\0"}`:                             "subscriptions[0].rows.a: got the control character U+0000",
		`{a: ["x", "y\\"]}`:                      "subscriptions[0].rows.a[1]: got a backslash",
		`{Study_ID: x}`:                          `subscriptions[0].rows.Study_ID: got the column "Study_ID"`,
		`{"a = 1 OR b": x}`:                      `subscriptions[0].rows["a = 1 OR b"]: got the column "a = 1 OR b"`,
		`{a: ` + strings.Repeat("x", 2048) + `}`: "subscriptions[0].rows.a: got 2054 characters",
		`{a: ` + strings.Repeat("x", 1100) + `, b: ` + strings.Repeat("y", 1100) + `}`: "subscriptions[0].rows: got 2217 characters",
	} {
		_, err := loadRows(rows)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %s", rows, err, want)
		}
	}
}

// Whatever the value: it stays one constant of one column, or does not load.
func FuzzRowsOfAMapping(f *testing.F) {
	for _, seed := range []string{"NCT0456", "' OR 1 = 1", `\`, "0456", "null", "[a, b]", "{a: b}", "\"x' AND y = 'z\"", "!!str 5", "&a x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsAny(value, "\n\r") {
			return
		}
		d, err := loadRows("\n      column: " + value)
		if err != nil || len(d.Subscriptions) != 1 {
			return
		}
		e, err := rowfilter.Parse(d.Subscriptions[0].Rows.Text())
		if err != nil || len(e.Predicates) != 1 || e.Predicates[0].Column != "column" {
			t.Errorf("%q: %s, %v", value, d.Subscriptions[0].Rows.Text(), err)
		}
	})
}
