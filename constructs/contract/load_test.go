package contract_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/golden"
)

// TestGood checks everything that is read from contracts which use every
// section of the standard, in each of its versions.
func TestGood(t *testing.T) {
	t.Parallel()
	versions := map[string]bool{}
	for _, file := range files(t, "testdata/good/*.odcs.yaml") {
		c, err := load(t, file)
		if err != nil {
			t.Error(err)
			continue
		}
		versions[c.APIVersion] = true
		if err := c.Validate(); err != nil {
			t.Errorf("%s loaded, but is not valid: %v", file, err)
		}
		text, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, strings.TrimSuffix(file, ".odcs.yaml")+".json", []byte(string(text)+"\n"))
	}
	for _, v := range contract.APIVersions() {
		if !versions[v] {
			t.Errorf("no good contract of version %s", v)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	const file = "testdata/good/v3.0.0-vitals.odcs.yaml"
	fromDisk, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	fromFS, err := contract.LoadFS(os.DirFS("testdata"), "good/v3.0.0-vitals.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if fromDisk.File != file || fromFS.File != "good/v3.0.0-vitals.odcs.yaml" {
		t.Errorf("files %q and %q", fromDisk.File, fromFS.File)
	}
	if len(fromDisk.Warnings) == 0 || fromDisk.Warnings[0].File != file {
		t.Errorf("warnings %v", fromDisk.Warnings)
	}
	if _, err := contract.Load("testdata/none.odcs.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := contract.LoadFS(os.DirFS("."), "testdata/none.odcs.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestTypes checks the catalog type of a column in an Iceberg and in a Parquet
// table.
func TestTypes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ column, iceberg, parquet string }{
		{"logicalType: string", "string", ""},
		{"logicalType: string, physicalType: VARCHAR(18)", "string", "varchar(18)"},
		{"logicalType: string, physicalType: char(2)", "string", "char(2)"},
		{"logicalType: string, physicalType: text", "string", ""},
		{"logicalType: string, physicalType: binary", "binary", ""},
		{"logicalType: date", "date", ""},
		{"logicalType: date, logicalTypeOptions: {format: yyyy-MM-dd HH:mm}", "timestamp", ""},
		{"logicalType: date, physicalType: timestamp", "timestamp", ""},
		{"logicalType: timestamp", "timestamp", ""},
		{"logicalType: timestamp, physicalType: timestamptz", "timestamp", ""},
		{"logicalType: time", "string", ""},
		{"logicalType: boolean, physicalType: BOOL", "boolean", ""},
		{"logicalType: integer", "bigint", ""},
		{"logicalType: integer, logicalTypeOptions: {format: i8}", "int", "tinyint"},
		{"logicalType: integer, logicalTypeOptions: {format: u8}", "int", "smallint"},
		{"logicalType: integer, logicalTypeOptions: {format: i16}", "int", "smallint"},
		{"logicalType: integer, logicalTypeOptions: {format: u16}", "int", ""},
		{"logicalType: integer, logicalTypeOptions: {format: i32}", "int", ""},
		{"logicalType: integer, logicalTypeOptions: {format: u32}", "bigint", ""},
		{"logicalType: integer, logicalTypeOptions: {format: u64}", "decimal(20,0)", ""},
		{"logicalType: integer, logicalTypeOptions: {format: i128}", "decimal(38,0)", ""},
		{"logicalType: integer, physicalType: INTEGER", "int", ""},
		{"logicalType: integer, physicalType: long", "bigint", ""},
		{"logicalType: integer, physicalType: NUMBER(5)", "bigint", ""},
		{"logicalType: integer, physicalType: NUMBER(20)", "decimal(20,0)", ""},
		{"logicalType: number", "double", ""},
		{"logicalType: number, logicalTypeOptions: {format: f32}", "float", ""},
		{"logicalType: number, physicalType: double precision", "double", ""},
		{`logicalType: number, physicalType: "NUMERIC(12, 4)"`, "decimal(12,4)", ""},
		{"logicalType: number, physicalType: DECIMAL(12)", "decimal(12,0)", ""},
		{`logicalType: number, physicalType: "NUMBER(12,4)"`, "decimal(12,4)", ""},
		{"logicalType: integer, physicalType: NUMBER", "decimal(38,0)", ""},
		{`physicalType: "NUMBER(12,2)"`, "decimal(12,2)", ""},
		{"physicalType: real", "float", ""},
		{"physicalType: bigint(20)", "bigint", ""},
		{"physicalType: timestamp(6)", "timestamp", ""},
		{"physicalType: varbinary", "binary", ""},
		{"physicalType: array(varchar)", "array<string>", ""},
		{"logicalType: array, physicalType: 'text[]'", "array<string>", ""},
		{"logicalType: object, physicalType: jsonb, properties: [{name: a, logicalType: number}]", "struct<a:double>", ""},
		{"logicalType: object, physicalType: STRUCT, properties: [{name: a, logicalType: number}]", "struct<a:double>", ""},
		{"logicalType: object, physicalType: 'struct<a:int>', properties: [{name: a, logicalType: integer}]", "struct<a:int>", ""},
		{"logicalType: array, physicalType: 'ARRAY<STRUCT>', items: {logicalType: object, properties: [{name: a, logicalType: date}]}", "array<struct<a:date>>", ""},
		{"logicalType: object, physicalType: text, properties: [{name: a, logicalType: number}]", "string", ""},
		{"logicalType: date, logicalTypeOptions: {format: 'HH:mm:ss'}", "string", ""},
		{"logicalType: date, logicalTypeOptions: {format: date-time}", "timestamp", ""},
		{"logicalType: date, logicalTypeOptions: {format: \"yyyy-MM-dd'T'HH:mm\"}", "timestamp", ""},
		{"logicalType: date, logicalTypeOptions: {format: \"d MMM yyyy 'at home'\"}", "date", ""},
		{"logicalType: array, items: {logicalType: integer, logicalTypeOptions: {format: i8}}", "array<int>", "array<tinyint>"},
		{"logicalType: array, physicalType: list, items: {logicalType: date}", "array<date>", ""},
		{"logicalType: array", "array<string>", ""},
		{"items: {physicalType: string}", "array<string>", ""},
		{"logicalType: object", "string", ""},
		{"logicalType: object, properties: [{name: a, logicalType: number}, {name: Big, physicalName: b, physicalType: varchar(3)}]", "struct<a:double,b:string>", "struct<a:double,b:varchar(3)>"},
		{"properties: [{name: a, properties: [{name: b, logicalType: time}]}]", "struct<a:struct<b:string>>", ""},
		{`logicalType: object, physicalType: "Map<String, Int>"`, "map<string,int>", ""},
		{`physicalType: "struct<Code: string, n:array<smallint>>"`, "struct<code:string,n:array<int>>", "struct<code:string,n:array<smallint>>"},
		{"", "string", ""},
	} {
		if tc.parquet == "" {
			tc.parquet = tc.iceberg
		}
		sep := ", "
		if tc.column == "" {
			sep = ""
		}
		for format, want := range map[string]string{"iceberg": tc.iceberg, "parquet": tc.parquet} {
			c, err := contract.Parse("t.yaml", fmt.Appendf(nil, `apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
schema:
  - name: t
    customProperties: [{property: format, value: %s}]
    properties: [{name: c, classification: public%s%s}]
`, format, sep, tc.column))
			if err != nil {
				t.Errorf("%s: %v", tc.column, err)
				continue
			}
			if got := c.Tables[0].Columns[0].Type; got != want {
				t.Errorf("%s is %s in %s, want %s", tc.column, got, format, want)
			}
		}
	}
}

// TestClassification checks the level of a column and of what is inside it.
func TestClassification(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		column, word string
		level        ontology.Sensitivity
		warnings     int
	}{
		{"logicalType: string, classification: public", "public", ontology.Public, 0},
		{"logicalType: string, classification: De-Identified", "De-Identified", ontology.Deidentified, 0},
		{"logicalType: string, classification: restricted", "restricted", ontology.PHI, 0},
		{"logicalType: string", "", ontology.PHI, 1},
		{"classification: public, logicalType: object, properties: [{name: a, logicalType: string}]", "public", ontology.Public, 0},
		{"classification: public, logicalType: object, properties: [{name: a, logicalType: string, classification: phi}]", "phi", ontology.PHI, 0},
		{"classification: phi, logicalType: object, properties: [{name: a, logicalType: string, classification: public}]", "phi", ontology.PHI, 0},
		{"logicalType: object, properties: [{name: a, logicalType: string, classification: public}, {name: b, logicalType: string, classification: internal}]", "internal", ontology.Internal, 0},
		{"logicalType: object, properties: [{name: a, logicalType: string, classification: public}, {name: b, logicalType: string}]", "", ontology.PHI, 1},
		{"logicalType: array, items: {logicalType: string, classification: internal}", "internal", ontology.Internal, 0},
		{"logicalType: array, items: {logicalType: object, properties: [{name: a, logicalType: string, classification: secret}]}", "secret", ontology.PHI, 0},
	} {
		c, err := contract.Parse("t.yaml", fmt.Appendf(nil,
			"apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\nschema:\n  - name: t\n    properties: [{name: c, %s}]\n", tc.column))
		if err != nil {
			t.Errorf("%s: %v", tc.column, err)
			continue
		}
		col := c.Tables[0].Columns[0]
		if col.Classification != tc.word || col.Sensitivity != tc.level || len(c.Warnings) != tc.warnings {
			t.Errorf("%s: %q is %s, with %d warnings", tc.column, col.Classification, col.Sensitivity, len(c.Warnings))
		}
		if c.MaxSensitivity() != tc.level || c.Sensitivity != tc.level {
			t.Errorf("%s: the contract is %s", tc.column, c.Sensitivity)
		}
	}
}

// TestSLA checks the ways to write a period.
func TestSLA(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"value: 3, unit: y":              "3 year",
		"value: 3, unit: YEARS":          "3 year",
		"value: 2, unit: q":              "6 month",
		"value: 18, unit: mo":            "18 month",
		"value: 2, unit: weeks":          "2 week",
		"value: 4, unit: d":              "4 day",
		"value: '4', unit: day":          "4 day",
		"value: 0.5, unit: h":            "0.5 hour",
		"value: 5, unit: mins":           "5 minute",
		"value: 90, unit: s":             "1.5 minute",
		"value: P6Y":                     "6 year",
		"value: p3m":                     "3 month",
		"value: PT3M":                    "3 minute",
		"value: PT30S":                   "0.5 minute",
		"value: 3":                       "0 ",
		"value: 3, unit: m":              "0 ",
		"value: true, unit: d":           "0 ",
		"value: forever":                 "0 ",
		"value: null":                    "0 ",
		"value: 99999999999999, unit: d": "0 ",
	} {
		c, err := contract.Parse("t.yaml", fmt.Appendf(nil,
			"apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\nslaProperties: [{property: Retention, %s}]\n", in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := fmt.Sprint(c.SLA.Retention.Value, " ", c.SLA.Retention.Unit); got != want {
			t.Errorf("%s is %q, want %q", in, got, want)
		}
		// Either what is wrong with it, or that nothing keeps the promise yet; a null
		// promises nothing and is reported when it is read.
		idle := len(c.Warnings) == 1 && strings.HasPrefix(c.Warnings[0].Got, "a retention of") && c.Warnings[0].Expected == "what something runs or keeps"
		if len(c.Warnings) != 1 || idle == c.SLA.Retention.IsZero() {
			t.Errorf("%s has warnings %v", in, c.Warnings)
		}
	}
}

// TestOwner checks who answers for a product, on days and on any day.
func TestOwner(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ team, anyDay, in2026, in2100 string }{
		{"[{username: aide, role: steward}, {username: boss, role: owner, dateOut: '2099-01-01'}]", "boss", "boss", "aide"},
		{"[{username: old, role: owner, dateOut: '2020-01-01'}, {username: new, role: Data Owner}]", "new", "new", "new"},
		{"[{username: old, role: owner, dateOut: '2020-01-01'}, {username: next, role: owner, dateOut: '2090-12-31T10:00:00Z'}]", "next", "next", ""},
		{"[{username: a}, {username: b}]", "a", "a", "a"},
		{"[{username: gone, dateOut: '2020-01-01'}]", "gone", "", ""},
		{"[]", "", "", ""},
	} {
		c, err := contract.Parse("t.yaml", fmt.Appendf(nil, "apiVersion: v3.0.2\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\nteam: %s\n", tc.team))
		if err != nil {
			t.Error(err)
			continue
		}
		on := func(year int) string { return c.OwnerAt(time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)) }
		if c.Owner != tc.anyDay || on(2026) != tc.in2026 || on(2100) != tc.in2100 {
			t.Errorf("%s: owner %s, in 2026 %s, in 2100 %s", tc.team, c.Owner, on(2026), on(2100))
		}
	}
	if c := (contract.Contract{Owner: "a"}); c.OwnerAt(time.Now()) != "a" {
		t.Error("an owner without a team")
	}
}

// TestName checks where the name of the product comes from.
func TestName(t *testing.T) {
	t.Parallel()
	const rest = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"
	for in, want := range map[string]string{
		"dataProduct: product\nname: contract\n": "product",
		"name: contract\n":                       "contract",
		"dataProduct: A Title\ncustomProperties: [{property: product, value: visits}]\n": "visits",
		"": "patient_deid",
	} {
		c, err := contract.Parse("contracts/clinical/patient_deid.odcs.yaml", []byte(rest+in))
		if err != nil {
			t.Fatal(err)
		}
		if c.Name != want {
			t.Errorf("%q gives %q, want %q", in, c.Name, want)
		}
	}
}

// TestAllAtOnce checks that decoding and semantic mistakes come together, and
// that one mistake is told once.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := contract.Parse("t.yaml", []byte(`apiVersion: v3.1.0
kind: DataContract
id: x
version: 1
status: active
schema:
  - name: Table
    properties:
      - logicalType: strin
        classification: public
customProperties: [{property: zone, value: rawr}]
`))
	var got []string
	for _, p := range problem.Of(err) {
		got = append(got, fmt.Sprintf("%s %s", p.Place(), p.Path))
	}
	want := []string{
		"t.yaml:4:10 version",
		"t.yaml:7:11 schema[0].name",
		"t.yaml:9:9 schema[0].properties[0].name",
		"t.yaml:9:22 schema[0].properties[0].logicalType",
		"t.yaml:11:44 customProperties[0].value",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestDeterministic checks that loading twice gives the same.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "good", "v3.1.0-patient-deid.odcs.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := contract.Parse("t.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := contract.Parse("t.yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("two loads differ:\n%s", diff)
		}
	}
}
