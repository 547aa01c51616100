package imagestore

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
)

// series is a row of the inbox as the function writes it; gone one that says the
// image set has no series.
func series(imageSet, series string, version int) map[string]any {
	return map[string]any{"image_set_id": imageSet, "series_instance_uid": series, "version": version, "study_date": "2026-09-14", "updated_at": "2026-09-14T07:30:00Z"}
}

func gone(imageSet string, version any) map[string]any {
	return map[string]any{"image_set_id": imageSet, "version": version, "deleted": true}
}

func with(row map[string]any, column string, value any) map[string]any {
	row[column] = value
	return row
}

// What decides which rows come, change and go is run in SQLite, step after step on
// the same table: each step adds rows to the inbox and merges.
func TestMerge(t *testing.T) {
	statement := mergeStatement("lab", "series", "inbox")
	steps := []struct {
		name  string
		inbox []map[string]any
		want  string
	}{
		{"new image sets", []map[string]any{series("a", "1", 1), series("a", "2", 1), series("b", "1", 1)}, `[["a","1",1,"2026-09-14"],["a","2",1,"2026-09-14"],["b","1",1,"2026-09-14"]]`},
		{"the same event twice", []map[string]any{series("a", "1", 1), series("a", "2", 1)}, `[["a","1",1,"2026-09-14"],["a","2",1,"2026-09-14"],["b","1",1,"2026-09-14"]]`},
		{"an update that drops a series", []map[string]any{series("a", "1", 2)}, `[["a","1",2,"2026-09-14"],["b","1",1,"2026-09-14"]]`},
		{"an old version that comes late", []map[string]any{series("a", "2", 1)}, `[["a","1",2,"2026-09-14"],["b","1",1,"2026-09-14"]]`},
		{"a deletion", []map[string]any{gone("b", nil)}, `[["a","1",2,"2026-09-14"]]`},
		{"an event after the deletion", []map[string]any{series("b", "1", 3)}, `[["a","1",2,"2026-09-14"]]`},
		{"a version without series, and a newer one with", []map[string]any{gone("c", 3), series("c", "1", 4)}, `[["a","1",2,"2026-09-14"],["c","1",4,"2026-09-14"]]`},
		{"a newer one without series", []map[string]any{gone("c", 5)}, `[["a","1",2,"2026-09-14"]]`},
		{"what is older than a week", []map[string]any{with(series("d", "1", 1), "days_ago", 8)}, `[["a","1",2,"2026-09-14"]]`},
		{"what is six days old", []map[string]any{with(series("d", "1", 1), "days_ago", 6)}, `[["a","1",2,"2026-09-14"],["d","1",1,"2026-09-14"]]`},
		{"a date that is none", []map[string]any{with(series("a", "1", 3), "study_date", "unknown")}, `[["a","1",3,null],["d","1",1,"2026-09-14"]]`},
	}
	input := map[string]any{"statement": statement}
	var inboxes [][]map[string]any
	for _, step := range steps {
		inboxes = append(inboxes, step.inbox)
	}
	input["steps"] = inboxes
	got := run(t, input)
	if len(got) != len(steps) {
		t.Fatalf("%d answers", len(got))
	}
	for i, step := range steps {
		if text := strings.ReplaceAll(got[i], ", ", ","); text != step.want {
			t.Errorf("%s: got %s, want %s", step.name, text, step.want)
		}
	}
	// The clauses that the script does by hand.
	for _, clause := range []string{
		"\nWHEN MATCHED AND s.gone THEN DELETE\n", "\nWHEN MATCHED AND s.version > t.version THEN UPDATE SET datastore_id = s.datastore_id, ",
		", sop_class_uids = CAST(s.sop_class_uids AS array(varchar)), ", ", identifier_keywords = CAST(s.identifier_keywords AS array(varchar))",
		"\nWHEN NOT MATCHED AND NOT s.gone THEN INSERT (image_set_id, ", ") s ON t.image_set_id = s.image_set_id AND t.series_instance_uid = s.series_instance_uid\n",
	} {
		if !strings.Contains(statement, clause) {
			t.Errorf("no %q in\n%s", clause, statement)
		}
	}
}

func run(t *testing.T, input any) []string {
	t.Helper()
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), installed.Python(t), "testdata/merge.py") //nolint:gosec // a script of this package
	command.Stdin = bytes.NewReader(text)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.String())
	}
	return strings.Split(strings.TrimSpace(string(output)), "\n")
}
