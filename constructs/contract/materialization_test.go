package contract_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

func TestValuesAreCast(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"string":        `TRY_CAST("q"."v" AS varchar)`,
		"smallint":      `TRY_CAST("q"."v" AS integer)`,
		"timestamp":     `TRY_CAST("q"."v" AS timestamp(6))`,
		"decimal(10,2)": `TRY_CAST("q"."v" AS decimal(10,2))`,
		"array<string>": `TRY_CAST("q"."v" AS array(varchar))`,
		// By name.
		"struct<a:int,b:array<struct<c:double>>>": `TRY_CAST(CAST("q"."v" AS json) AS row("a" integer, "b" array(row("c" double))))`,
		"map<string,struct<a:varchar(3)>>":        `TRY_CAST(CAST("q"."v" AS json) AS map(varchar, row("a" varchar)))`,
		// JSON knows no dates.
		"struct<a:int,b:date>": `TRY_CAST("q"."v" AS row("a" integer, "b" date))`,
	} {
		sql, err := contract.Materialization{Table: &contract.Table{Name: "t", TransformLogic: "SELECT 1 AS id", Columns: []contract.Column{
			{Name: "id", Type: "int", PrimaryKey: 1}, {Name: "v", Type: kind},
		}}, Database: "lake"}.SQL()
		if err != nil || !strings.Contains(sql, want+` AS "v"`) {
			t.Errorf("%s: %v\n%s", kind, err, sql)
		}
		// Nested ones also where they are compared and set.
		differ, set := `"t"."v" IS DISTINCT FROM "u"."v"`, `"v" = "u"."v"`
		if at := strings.Index(kind, "<"); at > 0 {
			as := want[strings.LastIndex(want, " AS "+map[string]string{"array": "array", "map": "map", "struct": "row"}[kind[:at]]+"("):]
			differ, set = `CAST("t"."v"`+as+` IS DISTINCT FROM CAST("u"."v"`+as, `"v" = CAST("u"."v"`+as
		}
		for _, part := range []string{differ, set} {
			if !strings.Contains(sql, part) {
				t.Errorf("%s: no %s in\n%s", kind, part, sql)
			}
		}
	}
}

func TestTextsKeepTheirLines(t *testing.T) {
	t.Parallel()
	const query = "SELECT 1 AS id, 'first\n  second' AS note -- the end"
	sql, err := contract.Materialization{Table: &contract.Table{Name: "t", TransformLogic: query, Columns: []contract.Column{
		{Name: "id", Type: "int", PrimaryKey: 1},
	}}, Database: "lake"}.SQL()
	if err != nil || !strings.Contains(sql, "\n"+query+"\n") {
		t.Errorf("%v\n%s", err, sql)
	}
}

// A row is told apart by all columns of the key.
func TestKeyOfSeveralColumns(t *testing.T) {
	t.Parallel()
	sql, err := contract.Materialization{Table: &contract.Table{Name: "t", TransformLogic: "SELECT 1 AS b, 2 AS a", Columns: []contract.Column{
		{Name: "b", Type: "int", PrimaryKey: 2}, {Name: "a", Type: "int", PrimaryKey: 1},
	}}, Database: "lake"}.SQL()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`WHERE "r"."a" IS NOT NULL AND "r"."b" IS NOT NULL`, `ON ("t"."a" = "u"."a" AND "t"."b" = "u"."b")`,
		`WHEN NOT MATCHED THEN INSERT ("b", "a")`,
	} {
		if !strings.Contains(sql, part) {
			t.Errorf("%s is not in\n%s", part, sql)
		}
	}
	if strings.Contains(sql, "UPDATE SET") {
		t.Errorf("nothing beside the key can change:\n%s", sql)
	}
}

func TestMaterializationProblems(t *testing.T) {
	t.Parallel()
	key := []contract.Column{{Name: "id", Type: "int", PrimaryKey: 1}}
	for _, c := range []struct {
		table contract.Table
		o     contract.Materialization
		want  string
	}{
		{contract.Table{Name: "t", Path: "schema[0]"}, contract.Materialization{}, `Database: got ""; expected the name of a database: lower case letters, digits and _; fix: write such a name
schema[0]: got no primary key; expected primaryKey: true on the columns that tell rows apart; fix: mark them
schema[0].TransformLogic: got nothing; expected a SELECT or WITH statement; fix: say what makes the table`},
		{
			contract.Table{Name: "t", Columns: key, TransformLogic: "SELECT * FROM {fhir.a}, {fhir.b}, {labs.c}"},
			contract.Materialization{Database: "lake", Databases: map[string]string{"labs": "x y"}}, `Databases["fhir"]: got ""; expected the name of a database: lower case letters, digits and _, as the query reads {fhir.a}; fix: say where it is, or correct the query
Databases["labs"]: got "x y"; expected the name of a database: lower case letters, digits and _, as the query reads {labs.c}; fix: say where it is, or correct the query`,
		},
		{
			contract.Table{Name: "t", Columns: key, TransformLogic: "SELECT 1 AS id --" + strings.Repeat("x", 250_000)},
			contract.Materialization{Database: "lake"}, "table: got a statement of 250693 bytes; expected at most 250000, which is what Athena and a workflow take; fix: split the table, or shorten the query",
		},
	} {
		c.o.Table = &c.table
		_, err := c.o.SQL()
		if err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}
