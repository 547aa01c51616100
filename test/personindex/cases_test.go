package personindex_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/athena"
)

// byRecord reads the token of each record; tokens what stands for each token.
const (
	byRecord = "SELECT source || ':' || record AS record, token, rule FROM identity.persons ORDER BY 1"
	tokensOf = "SELECT source, token, current, status FROM identity.tokens ORDER BY ALL"
)

// day is the sources after some changes, and what the job makes of them.
type day struct {
	token map[string]string // by record
	rule  map[string]any    // by record
	all   []string          // of the table tokens: source, token, what stands for it, status
}

// days runs the job after each of the changes.
func days(t *testing.T, changes ...[]athena.Step) []day {
	t.Helper()
	c := index(t)
	steps := slices.Concat(tables(nil), create(c))
	var ends []int
	for _, change := range changes {
		steps = slices.Concat(steps, change, run(t, c), []athena.Step{rows(byRecord), rows(tokensOf)})
		ends = append(ends, len(steps))
	}
	answers := athena.Run(t, steps...)
	out := make([]day, len(changes))
	for i, end := range ends {
		d := day{map[string]string{}, map[string]any{}, nil}
		for _, row := range answers[end-2].Rows {
			d.token[fmt.Sprint(row["record"])], d.rule[fmt.Sprint(row["record"])] = fmt.Sprint(row["token"]), row["rule"]
		}
		for _, row := range answers[end-1].Rows {
			d.all = append(d.all, fmt.Sprint(row["source"], " ", row["token"], " ", row["current"], " ", row["status"]))
		}
		out[i] = d
	}
	return out
}

func (d day) has(t *testing.T, source, token, current, status string) {
	t.Helper()
	if line := strings.Join([]string{source, token, current, status}, " "); !slices.Contains(d.all, line) {
		t.Errorf("no %q in\n%s", line, strings.Join(d.all, "\n"))
	}
}

// same checks that records have one token; others that each has its own.
func (d day) same(t *testing.T, records ...string) {
	t.Helper()
	for _, r := range records {
		if d.token[r] == "" || d.token[r] != d.token[records[0]] {
			t.Errorf("%s has %q, %s has %q", records[0], d.token[records[0]], r, d.token[r])
		}
	}
}

func (d day) others(t *testing.T, records ...string) {
	t.Helper()
	seen := map[string]string{}
	for _, r := range records {
		if other, taken := seen[d.token[r]]; taken || d.token[r] == "" {
			t.Errorf("%s and %s have %q", r, other, d.token[r])
		}
		seen[d.token[r]] = r
	}
}

func sql(text string) []athena.Step { return []athena.Step{{DuckDB: text}} }

var jane = record{given: "Jane", family: "Muñoz-Díaz", birth: "1980-02-03", zip: "02139", phone: "6175550101", ssn: "123-45-6789"}

// with is a record with other values.
func with(r record, id string, change func(*record)) record {
	r.id = id
	if change != nil {
		change(&r)
	}
	return r
}

// TestWhoIsWho checks people whom rules could take for one another.
func TestWhoIsWho(t *testing.T) {
	senior := record{given: "John", family: "Reed", suffix: "Sr.", birth: "1950-01-02", zip: "02139", phone: "6175550100"}
	twin := record{given: "Ana", family: "Lee", birth: "2001-05-06", zip: "02139", phone: "6175550102", ssn: "111-22-3334"}
	d := days(t, slices.Concat(
		insert("clinical",
			with(jane, "1", nil),
			with(senior, "2", nil), with(senior, "3", func(r *record) { r.suffix, r.birth = "Jr", "1951-01-02" }),
			with(twin, "4", nil), with(twin, "5", func(r *record) { r.given, r.ssn = "Ada", "111-22-3399" }),
			with(jane, "6", func(r *record) { r.optedOut = true }),
			with(record{}, "7", func(r *record) { r.ssn = "000-00-0000" }), with(record{}, "8", func(r *record) { r.ssn = "000000000" })),
		insert("claims",
			with(jane, "M1", func(r *record) { r.family, r.ssn, r.phone = "MUNOZ DIAZ", "", "" }),                // spelled otherwise
			with(jane, "M2", func(r *record) { r.family, r.zip, r.ssn = "Smith", "99999", "" }),                  // married and moved
			with(jane, "M3", func(r *record) { r.birth, r.family, r.phone, r.zip = "1981-02-03", "", "", "" }),   // a wrong year beside an SSN
			with(twin, "M4", func(r *record) { r.given, r.ssn = "Aa", "" }),                                      // one of the twins, nobody knows which
			with(record{}, "M5", func(r *record) { r.given, r.family, r.birth = "John", "Reed", "1950-01-02" })), // without a suffix
		insert("pharmacy",
			with(jane, "P1", func(r *record) { r.given, r.birth, r.phone, r.zip, r.member = "", "1980-02-03", "", "", "M1" })),
	))[0]
	d.same(t, "clinical:1", "claims:M1", "claims:M2", "claims:M3", "pharmacy:P1")
	d.others(t, "clinical:1", "clinical:2", "clinical:3", "clinical:4", "clinical:5", "clinical:7", "clinical:8", "claims:M4")
	d.same(t, "clinical:2", "claims:M5")
	if _, there := d.token["clinical:6"]; there {
		t.Error("who opted out is in the index")
	}
	if d.rule["pharmacy:P1"] != "member number and birth date" || d.rule["clinical:4"] != nil {
		t.Errorf("rules %v", d.rule)
	}
}

// TestTokensStayResolvable merges two persons, splits them again, and erases them.
func TestTokensStayResolvable(t *testing.T) {
	apart := slices.Concat(
		insert("clinical", with(jane, "1", nil), with(jane, "2", func(r *record) { r.given, r.ssn, r.phone, r.zip = "J", "", "", "" })),
		insert("claims", with(jane, "M2", func(r *record) { r.given, r.ssn, r.phone, r.zip = "J", "", "", "" })))
	d := days(t, apart,
		nil,
		sql("UPDATE clinical.patients SET ssn = '123456789' WHERE mrn = '2'"),
		nil,
		sql("UPDATE clinical.patients SET ssn = NULL WHERE mrn = '2'"),
		sql("DELETE FROM clinical.patients WHERE mrn = '1'"),
		slices.Concat(sql("DELETE FROM clinical.patients"), insert("clinical", with(record{}, "9", nil))),
	)
	d[0].others(t, "clinical:1", "clinical:2")
	d[0].same(t, "clinical:2", "claims:M2")
	one, two := d[0].token["clinical:1"], d[0].token["clinical:2"]
	for _, i := range []int{1, 3} {
		if fmt.Sprint(d[i]) != fmt.Sprint(d[i-1]) {
			t.Errorf("run %d changed\n%v\nto\n%v", i, d[i-1], d[i])
		}
	}

	merged := d[2]
	merged.same(t, "clinical:1", "clinical:2", "claims:M2")
	kept, gone := one, two
	if merged.token["clinical:1"] == two { // the two are of one age
		kept, gone = two, one
	}
	merged.has(t, "clinical", kept, kept, "current")
	merged.has(t, "clinical", gone, kept, "merged")

	split := d[4]
	split.others(t, "clinical:1", "clinical:2")
	split.same(t, "clinical:2", "claims:M2")
	holder, other := "clinical:1", "clinical:2"
	if kept == two {
		holder, other = other, holder
	}
	if split.token[holder] != kept {
		t.Errorf("%s has %s, want the token that it has had longest, %s", holder, split.token[holder], kept)
	}
	fresh := split.token[other]
	if fresh == one || fresh == two {
		t.Errorf("%s has the old token %s", other, fresh)
	}
	split.has(t, "clinical", kept, fresh, "split")
	split.has(t, "clinical", kept, kept, "current")
	split.has(t, "clinical", fresh, fresh, "current")
	// What led to the merged token leads to both.
	split.has(t, "clinical", gone, kept, "merged")
	split.has(t, "clinical", gone, fresh, "merged")

	erased := d[5]
	if _, there := erased.token["clinical:1"]; there {
		t.Error("an erased record is in the index")
	}
	lost := split.token["clinical:1"]
	alone := kept
	if lost == kept { // what was merged and split leads to the record that is left
		alone = fresh
		erased.has(t, "clinical", lost, fresh, "merged")
	} else {
		erased.has(t, "clinical", lost, "<nil>", "retired")
	}
	erased.has(t, "clinical", alone, alone, "current")

	empty := d[6]
	empty.same(t, "claims:M2")
	for _, token := range []string{one, two, fresh} {
		empty.has(t, "clinical", token, "<nil>", "retired")
	}
	empty.has(t, "claims", empty.token["claims:M2"], empty.token["claims:M2"], "current")
}

// TestAJobThatWasInterruptedGoesOn ends the job after each of its statements and runs it anew.
func TestAJobThatWasInterruptedGoesOn(t *testing.T) {
	c := index(t)
	job := run(t, c)
	steps := slices.Concat(tables(nil), create(c), insert("clinical", with(jane, "1", nil), with(jane, "2", func(r *record) { r.ssn = "" })))
	for end := len(job) - 3; end < len(job); end++ {
		steps = slices.Concat(steps, insert("claims", with(record{}, fmt.Sprint("M", end), nil)), job[:end], job)
	}
	steps = append(steps, rows(byRecord), rows(tokensOf))
	answers := athena.Run(t, steps...)
	persons, tokens := answers[len(answers)-2].Rows, answers[len(answers)-1].Rows
	if len(persons) != 5 || len(tokens) != 4 {
		t.Errorf("persons\n%v\ntokens\n%v", persons, tokens)
	}
	for _, row := range tokens {
		if row["status"] != "current" {
			t.Errorf("an interrupted run left %v", row)
		}
	}
}

// TestAJobFailsRatherThanForget checks the runs that have to fail.
func TestAJobFailsRatherThanForget(t *testing.T) {
	c := index(t)
	failing := func() []athena.Step {
		job := run(t, c)
		job[len(job)-3].Fails = true // the assignments
		return job[:len(job)-2]
	}
	steps := slices.Concat(tables(nil), create(c), insert("clinical", with(jane, "1", nil)), insert("claims", with(jane, "M1", nil)), run(t, c),
		sql("CREATE TABLE kept AS SELECT * FROM claims.members"), sql("DELETE FROM claims.members"))
	empty := len(steps) + len(failing()) - 1
	steps = slices.Concat(steps, failing(), sql("INSERT INTO claims.members SELECT * FROM kept"))
	// Records of which each is linked to the next, and the first of all stands at the end.
	job := failing()
	steps = append(steps, job[:5]...)
	steps = append(steps, sql("INSERT INTO clinical.patients (mrn) SELECT 'x' || i FROM range(100, 400) AS r(i)")...)
	steps = append(steps, job[:5]...)
	steps = append(steps, sql("INSERT INTO identity.person_links SELECT 'clinical:x' || (i + 1), 'clinical:x' || i, 1 FROM range(100, 399) AS r(i)")...)
	far := len(steps) + len(job) - 6
	steps = slices.Concat(steps, job[5:])
	answers := athena.Run(t, steps...)
	if got := answers[far].Error; !strings.Contains(got, "links whose groups are not joined yet") {
		t.Errorf("it failed by %s", got)
	}
	if got := answers[empty].Error; !strings.Contains(got, "records of sources that have none now: 1") {
		t.Errorf("it failed by %s", got)
	}
}
