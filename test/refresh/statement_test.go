package refresh_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

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

// made is a table of the sample that a query makes.
type made struct {
	*contract.Table
	query string
}

// load reads a table of a clinical product, with its query.
func load(t *testing.T, product, name string) made {
	t.Helper()
	file := "contracts/clinical/" + product + ".odcs.yaml"
	data, err := fs.ReadFile(sample.FS(), file)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	query := ""
	for _, object := range list(doc["schema"]) {
		var others []any
		for _, p := range list(object["customProperties"]) {
			if p["property"] != "sql" {
				others = append(others, p)
			} else if object["name"] == name {
				query, _ = p["value"].(string)
			}
		}
		object["customProperties"] = others
	}
	plain, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	c, err := contract.Parse(file, plain)
	if err != nil {
		t.Fatal(err)
	}
	return made{c.Table(name), query}
}

func list(value any) []map[string]any {
	values, _ := value.([]any)
	out := make([]map[string]any, 0, len(values))
	for _, v := range values {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

var reference = regexp.MustCompile(`\{([A-Za-z_]+)\.([a-z_]+)\}`)

// refreshed is the statement that brings the table up to date.
func refreshed(t *testing.T, m made) athena.Step {
	t.Helper()
	query := reference.ReplaceAllStringFunc(m.query, func(word string) string {
		at := reference.FindStringSubmatch(word)
		if at[1] == "fhirStore" {
			return quote(store) + "." + quote(at[2])
		}
		return quote(curated) + "." + quote(at[2])
	})
	var all, casts, set, differ []string
	for _, c := range m.Columns {
		kind, err := gluetype.Parse(c.Type)
		if err != nil {
			t.Fatal(err)
		}
		value := `"q".` + quote(c.Name)
		if strings.Contains(c.Type, "struct") {
			value = "CAST(" + value + " AS json)"
		}
		casts = append(casts, fmt.Sprintf("TRY_CAST(%s AS %s) AS %s", value, trino(kind), quote(c.Name)))
		all = append(all, quote(c.Name))
		if c.PrimaryKey == 0 {
			differ = append(differ, fmt.Sprintf(`"t".%[1]s IS DISTINCT FROM "u".%[1]s`, quote(c.Name)))
			set = append(set, fmt.Sprintf(`%[1]s = "u".%[1]s`, quote(c.Name)))
		}
	}
	same := func(a, b string) string {
		var out []string
		for _, c := range m.PrimaryKeyColumns() {
			out = append(out, fmt.Sprintf("%s.%s = %s.%s", a, quote(c.Name), b, quote(c.Name)))
		}
		return strings.Join(out, " AND ")
	}
	var present []string
	for _, c := range m.PrimaryKeyColumns() {
		present = append(present, `"r".`+quote(c.Name)+" IS NOT NULL")
	}
	target := quote(curated) + "." + quote(m.Name)
	return athena.Step{SQL: fmt.Sprintf(`MERGE INTO %s AS "t"
USING (
  WITH "new" AS (
    SELECT "r".* FROM (SELECT %s FROM (
%s
    ) AS "q") AS "r" WHERE %s
  )
  SELECT %s, false AS "gone" FROM "new" AS "n"
  UNION ALL
  SELECT %s, true AS "gone" FROM %s AS "o" WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE %s)
) AS "u"
ON (%s)
WHEN MATCHED AND "u"."gone" THEN DELETE
WHEN MATCHED AND (%s) THEN UPDATE SET %s
WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)`,
		target, strings.Join(casts, ", "), query, strings.Join(present, " AND "),
		prefixed("n", all), prefixed("o", all), target, same(`"n"`, `"o"`), same(`"t"`, `"u"`),
		strings.Join(differ, " OR "), strings.Join(set, ", "), strings.Join(all, ", "), prefixed("u", all))}
}

func quote(name string) string { return `"` + name + `"` }

func prefixed(relation string, columns []string) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = quote(relation) + "." + c
	}
	return strings.Join(out, ", ")
}

func trino(kind gluetype.Type) string {
	inner := make([]string, len(kind.Fields))
	for i, f := range kind.Fields {
		inner[i] = trino(f.Type)
		if f.Name != "" {
			inner[i] = quote(f.Name) + " " + inner[i]
		}
	}
	switch kind.Name {
	case "string":
		return "varchar"
	case "int":
		return "integer"
	case "struct":
		return "row(" + strings.Join(inner, ", ") + ")"
	case "array":
		return "array(" + inner[0] + ")"
	default:
		return kind.String()
	}
}

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
