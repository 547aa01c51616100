package refresh_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/athena"
)

// The databases of the sample's clinical domain.
const (
	store     = "riverside_clinical_fhir"
	curated   = "riverside_clinical_curated"
	analytics = "riverside_clinical_analytics"
	keys      = "riverside_clinical_keys"
)

// load reads a table of a clinical product.
func load(t *testing.T, product, name string) *contract.Table {
	t.Helper()
	c, err := contract.LoadFS(sample.FS(), "contracts/clinical/"+product+".odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c.Table(name)
}

// refreshed is the generated statement that brings the table up to date.
func refreshed(t *testing.T, table *contract.Table) athena.Step {
	t.Helper()
	sql, err := contract.Materialization{Table: table, Database: curated, Databases: map[string]string{
		contract.FhirStoreReference: store, "fhir": curated,
	}}.SQL()
	if err != nil {
		t.Fatal(err)
	}
	return athena.Step{SQL: sql}
}

func quote(name string) string { return `"` + name + `"` }

// empty makes the table without rows. A column that must have a value refuses a row
// without one, as Iceberg does.
func empty(t *testing.T, database string, table *contract.Table) athena.Step {
	t.Helper()
	var columns []string
	for _, c := range table.Columns {
		kind, err := gluetype.Parse(c.Type)
		if err != nil {
			t.Fatal(err)
		}
		column := quote(c.Name) + " " + duck(kind)
		if c.Required {
			column += " NOT NULL"
		}
		columns = append(columns, column)
	}
	return athena.Step{DuckDB: fmt.Sprintf("CREATE TABLE %s.%s (%s)", database, table.Name, strings.Join(columns, ", "))}
}

func duck(kind gluetype.Type) string {
	inner := make([]string, len(kind.Fields))
	for i, f := range kind.Fields {
		inner[i] = duck(f.Type)
		if f.Name != "" {
			inner[i] = quote(f.Name) + " " + inner[i]
		}
	}
	switch kind.Name {
	case "string":
		return "VARCHAR"
	case "struct":
		return "STRUCT(" + strings.Join(inner, ", ") + ")"
	case "array":
		return inner[0] + "[]"
	case "map":
		return "MAP(" + strings.Join(inner, ", ") + ")"
	default:
		return strings.ToUpper(kind.String())
	}
}

// deidentified is the generated statement that makes patient_deid.
func deidentified(t *testing.T, from, to *contract.Table) athena.Step {
	t.Helper()
	p, err := deidentify.New(from, to)
	if err != nil {
		t.Fatal(err)
	}
	sql, err := p.Merge(deidentify.Options{SourceDatabase: curated, TargetDatabase: analytics, KeyDatabase: keys, KeyID: "clinical"})
	if err != nil {
		t.Fatal(err)
	}
	return athena.Step{SQL: sql}
}
