package refresh_test

import (
	"fmt"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/test/athena"
)

// Rows on the last day of the period stay, those of the day before leave, those without a
// date stay. A query that still finds an old row does not bring it back.
func TestOldRowsLeaveAndStayAway(t *testing.T) {
	table := func(name, query string, kept *contract.Retention) *contract.Table {
		return &contract.Table{Name: name, Format: contract.FormatIceberg, TransformLogic: query, Retention: kept, Columns: []contract.Column{
			{Name: "id", Type: "string", PrimaryKey: 1}, {Name: "day", Type: "date"}, {Name: "seen", Type: "timestamp"},
		}}
	}
	years := func(column string) *contract.Retention {
		return &contract.Retention{Period: contract.Period{Value: 6, Unit: "year"}, Column: column}
	}
	visits := table("visits", "", years("day"))
	made := table("made", "SELECT id, day, seen FROM {lake.everything}", years("seen"))
	held := table("held", made.TransformLogic, nil)
	steps := []athena.Step{{DuckDB: `CREATE SCHEMA lake; CREATE TABLE lake.everything AS
		SELECT id, current_date - to_years(6) + to_days(days) AS day, CAST(current_date - to_years(6) AS timestamp) + to_days(days) AS seen
		FROM (VALUES ('old', -1), ('last day', 0), ('new', 2000), ('unknown', NULL)) AS rows(id, days);
		CREATE TABLE lake.visits AS FROM lake.everything; CREATE TABLE lake.made AS FROM lake.everything;
		CREATE TABLE lake.held AS FROM lake.everything LIMIT 0`}}
	for range 2 {
		steps = append(steps, athena.Step{SQL: visits.DeleteOld("lake")})
		for _, of := range []*contract.Table{made, held} {
			sql, err := contract.Materialization{Table: of, Database: "lake", Databases: map[string]string{"lake": "lake"}}.SQL()
			if err != nil {
				t.Fatal(err)
			}
			steps = append(steps, athena.Step{SQL: sql})
		}
	}
	for name, want := range map[string]string{"visits": "last day, new, unknown", "made": "last day, new, unknown", "held": "last day, new, old, unknown"} {
		rows := athena.Last(t, append(steps, athena.Step{DuckDB: "SELECT string_agg(id, ', ' ORDER BY id) AS ids FROM lake." + name, Rows: true})...)
		if got := fmt.Sprint(rows[0]["ids"]); got != want {
			t.Errorf("%s has %s, want %s", name, got, want)
		}
	}
}
