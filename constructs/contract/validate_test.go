package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// labs is a contract as a program would write it.
func labs() *contract.Contract {
	return &contract.Contract{
		Name: "labs",
		Tables: []contract.Table{{
			Name: "results",
			Columns: []contract.Column{
				{Name: "patient_id", Type: "string", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber, PrimaryKey: 2},
				{Name: "taken", Type: "timestamp", Sensitivity: ontology.Deidentified, PrimaryKey: 1},
				{Name: "value", Type: "decimal(10,2)", Sensitivity: ontology.Internal},
				{Name: "month", Type: "string", Sensitivity: ontology.Internal, Partition: 2},
				{Name: "site", Type: "string", Sensitivity: ontology.Public, Partition: 1},
			},
		}},
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := labs().Validate(); err != nil {
		t.Errorf("a good contract: %v", err)
	}
	for want, change := range map[string]func(*contract.Contract){
		"name: got nothing":                func(c *contract.Contract) { c.Name = " " },
		`apiVersion: got the version "v4"`: func(c *contract.Contract) { c.APIVersion = "v4" },
		`sensitivity: got "secret"`:        func(c *contract.Contract) { c.Sensitivity = "secret" },
		`parts: got 65`:                    func(c *contract.Contract) { c.Parts = 65 },
		`zone: got "gold"`:                 func(c *contract.Contract) { c.Zone = "gold" },
		"tables[0].name: got nothing":      func(c *contract.Contract) { c.Tables[0].Name = "" },
		`tables[0].name: got the name "R"`: func(c *contract.Contract) { c.Tables[0].Name = "R" },
		`tables[0].name: got the name "ä"; expected lower case letters, digits and _, which is what the catalog and every engine on it take; fix: set physicalName to such a name`: func(c *contract.Contract) {
			c.Tables[0].Name = "ä"
		},
		`tables[1].name: got the name "results" a second time`: func(c *contract.Contract) { c.Tables = append(c.Tables, c.Tables[0]) },
		`tables[0].format: got "parquett"`:                     func(c *contract.Contract) { c.Tables[0].Format = "parquett" },
		`tables[0].location: got the location "bucket/x"`:      func(c *contract.Contract) { c.Tables[0].Location = "bucket/x" },
		`tables[0].location: got the location "s3://bucket/x"`: func(c *contract.Contract) { c.Tables[0].Location = "s3://bucket/x" },
		`tables[0].delimiter: got the delimiter "tab"`:         func(c *contract.Contract) { c.Tables[0].CSV.Delimiter = "tab" },
		"tables[0].columns[0].name: got nothing":               func(c *contract.Contract) { c.Tables[0].Columns[0].Name = "" },
		`tables[0].columns[2].name: got the name "value" a`:    func(c *contract.Contract) { c.Tables[0].Columns[1].Name = "value" },
		`tables[0].columns[0].type: got the type "text": the catalog has no type "text"`: func(c *contract.Contract) {
			c.Tables[0].Columns[0].Type = "text"
		},
		`tables[0].columns[0].type: got the type "INT"; expected the type as the catalog spells it; fix: write int`: func(c *contract.Contract) {
			c.Tables[0].Columns[0].Type = "INT"
		},
		`tables[0].columns[0].type: got the type "array<smallint>" in an Iceberg table; expected a type that Iceberg has; fix: write array<int>`: func(c *contract.Contract) {
			c.Tables[0].Columns[0].Type = "array<smallint>"
		},
		`tables[0].columns[3].type: got a partition key of the type array<string>`: func(c *contract.Contract) { c.Tables[0].Columns[3].Type = "array<string>" },
		"tables[0].columns[0].type: got a type with 200012 characters": func(c *contract.Contract) {
			c.Tables[0].Columns[0].Type = "struct<" + strings.Repeat("g", 200_000) + ":int>"
		},
		`tables[0].columns[0].sensitivity: got "secret"`:               func(c *contract.Contract) { c.Tables[0].Columns[0].Sensitivity = "secret" },
		`tables[0].columns[0].identifier: got "mrn"`:                   func(c *contract.Contract) { c.Tables[0].Columns[0].Identifier = "mrn" },
		"tables[0].columns[0].partition: got position -1":              func(c *contract.Contract) { c.Tables[0].Columns[0].Partition = -1 },
		"tables[0].columns[4].partition: got position 2 a second time": func(c *contract.Contract) { c.Tables[0].Columns[4].Partition = 2 },
		"tables[0].columns[1].primaryKey: got position 2 a second":     func(c *contract.Contract) { c.Tables[0].Columns[1].PrimaryKey = 2 },
		"schema[7].name: got nothing": func(c *contract.Contract) {
			c.Tables[0].Name, c.Tables[0].Path = "", "schema[7]"
		},
	} {
		c := labs()
		change(c)
		list := problem.Of(c.Validate())
		found := false
		for _, p := range list {
			found = found || strings.HasPrefix(p.Error(), want)
		}
		if !found {
			t.Errorf("want %s\ngot  %v", want, list)
		}
	}
}

// TestValidateOthers checks what an Iceberg table cannot have and others can.
func TestValidateOthers(t *testing.T) {
	t.Parallel()
	c := labs()
	c.Tables[0].Location = "s3://bucket/labs/"
	c.Tables[0].Columns[0].Type = "varchar(20)"
	if err := c.Validate(); err != nil {
		t.Errorf("a Parquet table: %v", err)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	c := labs()
	table := c.Table("results")
	for name, tc := range map[string]struct {
		got  []contract.Column
		want []string
	}{
		"data":      {table.DataColumns(), []string{"patient_id", "taken", "value"}},
		"partition": {table.PartitionColumns(), []string{"site", "month"}},
		"primary":   {table.PrimaryKeyColumns(), []string{"taken", "patient_id"}},
	} {
		var names []string
		for _, col := range tc.got {
			names = append(names, col.Name)
		}
		if diff := cmp.Diff(tc.want, names); diff != "" {
			t.Errorf("%s -want +got:\n%s", name, diff)
		}
	}
	if c.Table("none") != nil || table.Column("none") != nil || table.Column("value").Type != "decimal(10,2)" {
		t.Error("looked up the wrong thing")
	}
}

func TestMaxSensitivity(t *testing.T) {
	t.Parallel()
	column := func(s ontology.Sensitivity) contract.Table {
		return contract.Table{Columns: []contract.Column{{Sensitivity: ontology.Public}, {Sensitivity: s}}}
	}
	for name, tc := range map[string]struct {
		c    contract.Contract
		want ontology.Sensitivity
	}{
		"nothing":          {contract.Contract{}, ontology.PHI},
		"declared":         {contract.Contract{Sensitivity: ontology.Public}, ontology.Public},
		"columns":          {contract.Contract{Tables: []contract.Table{column(ontology.Internal)}}, ontology.Internal},
		"columns are more": {contract.Contract{Sensitivity: ontology.Public, Tables: []contract.Table{column(ontology.PHI)}}, ontology.PHI},
		"declared is more": {contract.Contract{Sensitivity: ontology.PHI, Tables: []contract.Table{column(ontology.Public)}}, ontology.PHI},
		"zero column":      {contract.Contract{Sensitivity: ontology.Public, Tables: []contract.Table{column("")}}, ontology.PHI},
		"unknown column":   {contract.Contract{Tables: []contract.Table{column("odd")}}, ontology.PHI},
		"empty table":      {contract.Contract{Sensitivity: ontology.Public, Tables: []contract.Table{{}}}, ontology.PHI},
	} {
		if got := tc.c.MaxSensitivity(); got != tc.want {
			t.Errorf("%s is %s, want %s", name, got, tc.want)
		}
	}
}

func TestPeriodDays(t *testing.T) {
	t.Parallel()
	for p, want := range map[contract.Period]int{
		{}:                            0,
		{Value: 7, Unit: "year"}:      2555,
		{Value: 1.5, Unit: "month"}:   47,
		{Value: 2, Unit: "week"}:      14,
		{Value: 30, Unit: "day"}:      30,
		{Value: 25, Unit: "hour"}:     2,
		{Value: 1, Unit: "minute"}:    1,
		{Value: 3, Unit: "fortnight"}: 0,
	} {
		if got := p.Days(); got != want {
			t.Errorf("%v is %d days, want %d", p, got, want)
		}
	}
}

// Parquet is read by name, so the columns of files that others wrote are called as they
// call them. Everything else has names that need no quotes.
func TestNamesOfForeignFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format         contract.Format
		location, name string
		ok             bool
	}{
		{contract.FormatParquet, "s3://open-data/calls/", "gt.alleles", true},
		{contract.FormatParquet, "s3://open-data/calls/", "info.ac-afr", true},
		{"", "s3://open-data/calls/", "gt.alleles", true},
		{contract.FormatParquet, "s3://open-data/calls/", "GT.alleles", false},
		{contract.FormatParquet, "s3://open-data/calls/", "gt alleles", false},
		{contract.FormatORC, "s3://open-data/calls/", "gt.alleles", false},
		{contract.FormatParquet, "", "gt.alleles", false},
		{contract.FormatIceberg, "", "gt.alleles", false},
	} {
		k := &contract.Contract{Name: "calls", Tables: []contract.Table{{
			Name: "calls", Format: c.format, Location: c.location, Columns: []contract.Column{{Name: c.name, Type: "string"}},
		}}}
		if err := k.Validate(); (err == nil) != c.ok {
			t.Errorf("%q in %s at %q: %v", c.name, c.format, c.location, err)
		}
	}
}
