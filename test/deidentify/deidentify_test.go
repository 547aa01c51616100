package deidentify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/test/athena"
)

// secret is the key of tests that compute codes themselves.
const secret = "0123456789abcdef0123456789abcdef"

func hash(message, value string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message + ":" + value))
	return mac.Sum(nil)
}

func code(value string) string { return hex.EncodeToString(hash("token", value)) }

// byVisits is the target's rows by the number of the patient, which the tests
// carry through in the column visits.
func byVisits(t *testing.T, rows []map[string]any) map[int]map[string]any {
	t.Helper()
	out := map[int]map[string]any{}
	for _, row := range rows {
		n, ok := row["visits"].(float64)
		if !ok {
			t.Fatalf("visits is %v", row["visits"])
		}
		out[int(n)] = row
	}
	return out
}

func made(t *testing.T) map[int]map[string]any {
	t.Helper()
	steps := slices.Concat(schemas(), source(patients()), []step{
		fixed("a", secret), create(t, plan(t, "patients", "patients_deid"), "a"),
		{DuckDB: "SELECT * FROM analytics.patients_deid", Rows: true},
	})
	rows := byVisits(t, athena.Last(t, steps...))
	if len(rows) != len(patients()) {
		t.Fatalf("%d rows of %d patients", len(rows), len(patients()))
	}
	return rows
}

// TestNoIdentifierSurvives runs the statement on patients with a value of every
// identifier and looks for all values in all rows.
func TestNoIdentifierSurvives(t *testing.T) {
	rows := made(t)
	var all strings.Builder
	for _, row := range rows {
		fmt.Fprintln(&all, row)
	}
	for _, p := range patients() {
		for _, value := range p.secrets() {
			// Five digits are also in the middle of some code.
			if regexp.MustCompile(`\b`+regexp.QuoteMeta(value)+`\b`).MatchString(all.String()) || len(value) > 5 && strings.Contains(all.String(), value) {
				t.Errorf("patient %d: %q is in the target", p.n, value)
			}
		}
		if got := rows[p.n]["patient"]; got != code(p.mrn()) {
			t.Errorf("patient %d: the code %v", p.n, got)
		}
	}
	// The search itself finds what is there.
	if !strings.Contains(all.String(), code(patients()[0].mrn())) || !strings.Contains(all.String(), "nurse") {
		t.Error("values that are meant to be there were not found")
	}
}

func band(age int) any {
	if age >= 90 {
		return "90+"
	}
	return fmt.Sprintf("%d-%d", age/10*10, age/10*10+9)
}

// ageAt counts complete years.
func ageAt(birth, at time.Time) int {
	n := at.Year() - birth.Year()
	if at.Month() < birth.Month() || at.Month() == birth.Month() && at.Day() < birth.Day() {
		n--
	}
	return n
}

// TestAgesOver89AreGrouped checks every age around the limits, and that no year
// or interval shows one.
func TestAgesOver89AreGrouped(t *testing.T) {
	rows, today := made(t), time.Now().UTC()
	for _, p := range patients() {
		row := rows[p.n]
		birth, err := time.Parse(time.DateOnly, p.birth)
		if err != nil {
			continue // tested below
		}
		first, _ := time.Parse(time.DateOnly, p.first)
		old := today.Year()-birth.Year() >= 90
		want, at, year := band(ageAt(birth, today)), band(ageAt(birth, first)), any(float64(birth.Year()))
		if old {
			want, at, year = "90+", "90+", nil
		} else if first.Before(birth) {
			at = nil
		}
		if row["age_now"] != want || row["age_group"] != at || row["birth_year"] != year {
			t.Errorf("born %s, seen %s: now %v, then %v, born in %v; want %v, %v, %v", p.birth, p.first, row["age_now"], row["age_group"], row["birth_year"], want, at, year)
		}
		if ageAt(birth, today) >= 90 && row["birth_year"] != nil {
			t.Errorf("born %s: the year shows an age over 89", p.birth)
		}
		if row["age_told"] != band(p.age) {
			t.Errorf("aged %d: %v", p.age, row["age_told"])
		}
	}
	n := len(patients()) - 4
	for i, want := range []map[string]any{
		{"birth_year": float64(1957), "age_now": nil, "age_told": nil, "follow_up_days": float64(0)},
		{"birth_year": float64(1957), "age_now": nil, "age_group": nil},
		{"birth_year": nil, "age_now": nil, "first_year": nil, "follow_up_days": nil},
		{"birth_year": nil, "age_now": nil, "first_year": float64(2019)},
	} {
		for column, value := range want {
			if rows[n+i][column] != value {
				t.Errorf("patient %d: %s is %v, want %v", n+i, column, rows[n+i][column], value)
			}
		}
	}
}

// TestZIPCodesKeepThreeDigits checks every form of a ZIP code.
func TestZIPCodesKeepThreeDigits(t *testing.T) {
	rows := made(t)
	for i, zip := range zips {
		var want any
		if zip.left != "" {
			want = zip.left
		}
		if got := rows[i]["zip3"]; got != want {
			t.Errorf("%q became %v, want %v", zip.code, got, want)
		}
		if got := rows[i]["home_zip3"]; i%7 != 6 && got != want || i%7 == 6 && got != nil {
			t.Errorf("%q in the address became %v, want %v", zip.code, got, want)
		}
	}
}

// TestOnlyListedValuesPass checks the method generalize.
func TestOnlyListedValuesPass(t *testing.T) {
	seen := map[any]bool{}
	for _, row := range made(t) {
		seen[row["occupation"]], seen[row["state"]] = true, true
	}
	for _, want := range []any{"nurse", "farmer's hand", "other", nil, "MA", "NH", "NY"} {
		if !seen[want] {
			t.Errorf("%v is nowhere", want)
		}
		delete(seen, want)
	}
	if len(seen) > 0 {
		t.Errorf("not listed: %v", seen)
	}
}

// visits are rows of the second source: patient, admitted, discharged, seen.
func visits() (steps []step, rows [][4]string) {
	var values []string
	for p := range 20 {
		for v := range 3 {
			admitted := time.Date(2015+p%9, time.Month(1+p%12), 1+v*9, 0, 0, 0, 0, time.UTC)
			row := [4]string{
				patients()[p].mrn(), admitted.Format(time.DateOnly),
				admitted.AddDate(0, 0, v*13).Format(time.DateOnly) + "T09:30:00Z",
				admitted.Add(time.Duration(p) * time.Hour).Format("2006-01-02 15:04:05"),
			}
			rows = append(rows, row)
			values = append(values, fmt.Sprintf("('V%d', '%s', '%s', '%s', '%s', 'reason %d')", len(rows)-1, row[0], row[1], row[2], row[3], len(rows)-1))
		}
	}
	return []step{
		{DuckDB: "CREATE TABLE curated.visits (visit_number VARCHAR, patient_mrn VARCHAR, admitted DATE, discharged VARCHAR, seen TIMESTAMP, reason VARCHAR)"},
		{DuckDB: "INSERT INTO curated.visits VALUES " + strings.Join(values, ", ")},
	}, rows
}

// TestDatesShiftByPatient checks that the dates of a patient move by the same
// days, back, and by days that the published code does not tell.
func TestDatesShiftByPatient(t *testing.T) {
	setup, rows := visits()
	steps := slices.Concat(schemas(), setup, []step{
		fixed("a", secret), create(t, plan(t, "visits", "visits_deid"), "a"),
		{DuckDB: "SELECT * FROM analytics.visits_deid", Rows: true},
	})
	offsets := map[int]bool{}
	for _, got := range athena.Last(t, steps...) {
		var i int
		if _, err := fmt.Sscanf(got["reason"].(string), "reason %d", &i); err != nil { //nolint:forcetypeassert // a text of this test
			t.Fatal(err)
		}
		mrn := rows[i][0]
		var eight [8]byte
		copy(eight[2:], hash("shift", mrn)[:6])
		days := 1 + int(binary.BigEndian.Uint64(eight[:])%365)
		offsets[days] = true
		for column, was := range map[string]string{"admitted": rows[i][1], "discharged": rows[i][2][:10], "seen": rows[i][3]} {
			layout := time.DateOnly
			if column == "seen" {
				layout = "2006-01-02 15:04:05"
			}
			before, err := time.Parse(layout, was)
			if err != nil {
				t.Fatal(err)
			}
			if want := before.AddDate(0, 0, -days).Format(layout); got[column] != want {
				t.Errorf("%s of %s became %v, want %s", column, was, got[column], want)
			}
		}
		if got["patient"] != code(mrn) {
			t.Errorf("the code %v of %s differs from the one in other tables", got["patient"], mrn)
		}
	}
	if len(offsets) < 15 {
		t.Errorf("20 patients share %d offsets", len(offsets))
	}
}

// TestCodesFollowTheKey checks that one key gives a patient one code in every
// table, and another key another one.
func TestCodesFollowTheKey(t *testing.T) {
	setup, _ := visits()
	p, v := plan(t, "patients", "patients_deid"), plan(t, "visits", "visits_deid")
	const common = "SELECT count(DISTINCT p.patient) AS n FROM analytics.patients_deid p JOIN analytics.visits_deid v ON p.patient = v.patient"
	steps := slices.Concat(schemas(), source(patients()), setup, []step{key(t, "a"), key(t, "b")})
	answers := athena.Run(t, append(steps,
		key(t, "a"), // is there already
		step{DuckDB: "SELECT count(*) AS n, count(DISTINCT secret) AS keys, min(octet_length(secret)) AS bytes FROM keys.deidentification_key", Rows: true},
		create(t, p, "a"), create(t, v, "a"), step{DuckDB: common, Rows: true},
		step{DuckDB: "DROP TABLE analytics.visits_deid"}, create(t, v, "b"), step{DuckDB: common, Rows: true},
	)...)
	keys := answers[len(steps)+1].Rows[0]
	if keys["n"] != 2.0 || keys["keys"] != 2.0 || keys["bytes"] != 32.0 {
		t.Errorf("the keys made are %v", keys)
	}
	if n := answers[len(steps)+4].Rows[0]["n"]; n != 20.0 {
		t.Errorf("%v of 20 patients meet under one key", n)
	}
	if n := answers[len(steps)+7].Rows[0]["n"]; n != 0.0 {
		t.Errorf("%v patients meet under two keys", n)
	}
}

// TestMergeFollowsTheSource checks the first run on an empty table, a run
// without changes, and one with a new, a changed and an erased patient.
func TestMergeFollowsTheSource(t *testing.T) {
	p, all := plan(t, "patients", "patients_deid"), patients()
	changed := all[2]
	changed.zip = "90210"
	later := slices.Concat(all[1:2], []patient{changed}, all[3:])
	const content = "SELECT * FROM analytics.patients_deid ORDER BY visits"
	steps := slices.Concat(schemas(), source(all[:len(all)-1]), []step{fixed("a", secret), create(t, p, "a")}, []step{
		{DuckDB: content, Rows: true}, // as made at once
		{DuckDB: "DELETE FROM analytics.patients_deid"},
		merge(t, p),
		{DuckDB: content, Rows: true}, // as merged into an empty table
		merge(t, p),
		{DuckDB: content, Rows: true}, // again
	})
	first := len(steps)
	steps = append(slices.Concat(steps, source(later)), merge(t, p), step{DuckDB: content, Rows: true})
	answers := athena.Run(t, steps...)
	once, merged, again := answers[first-6].Rows, answers[first-3].Rows, answers[first-1].Rows
	if len(once) != len(all)-1 || fmt.Sprint(once) != fmt.Sprint(merged) || fmt.Sprint(merged) != fmt.Sprint(again) {
		t.Error("a table made at once and one merged differ, or a second run changes it")
	}
	rows := byVisits(t, answers[len(answers)-1].Rows)
	if len(rows) != len(later) || rows[0] != nil || rows[all[len(all)-1].n] == nil || rows[2]["zip3"] != "902" {
		t.Errorf("%d rows; the erased %v, the new %v, the changed %v", len(rows), rows[0], rows[all[len(all)-1].n], rows[2])
	}
}

// TestWithoutOneKeyNothingHappens checks that a missing, short or doubled key
// fails the run, says why, and leaves the table alone.
func TestWithoutOneKeyNothingHappens(t *testing.T) {
	p := plan(t, "patients", "patients_deid")
	failing := merge(t, p)
	failing.Fails = true
	base := slices.Concat(schemas(), source(patients()), []step{fixed("a", secret), create(t, p, "a"), {DuckDB: "DELETE FROM keys.deidentification_key"}})
	for name, keys := range map[string][]step{
		"none":  nil,
		"two":   {fixed("a", secret), fixed("a", strings.ToUpper(secret))},
		"short": {fixed("a", secret[1:])},
		"other": {fixed("b", secret)},
	} {
		answers := athena.Run(t, append(slices.Concat(base, keys), failing, step{DuckDB: "SELECT count(*) AS n FROM analytics.patients_deid", Rows: true})...)
		if message := answers[len(answers)-2].Error; !strings.Contains(message, "needed is one key of 32 bytes") || strings.Contains(message, secret[1:]) {
			t.Errorf("%s: %s", name, message)
		}
		if n := answers[len(answers)-1].Rows[0]["n"]; n != float64(len(patients())) {
			t.Errorf("%s: %v rows are left", name, n)
		}
	}
}

// TestErrorsTellNoValues checks that texts which are no dates or ZIP codes fail
// no query, as errors stand in the query history with the value in them.
func TestErrorsTellNoValues(t *testing.T) {
	rows := []patient{{n: 1, birth: "19x7-Jane Roe", first: "2020-01-01", last: "2020-01-01 00:00:00", zip: "Jane Roe"}}
	steps := slices.Concat(schemas(), source(rows), []step{
		fixed("a", secret), create(t, plan(t, "patients", "patients_deid"), "a"),
		{DuckDB: "SELECT * FROM analytics.patients_deid", Rows: true},
	})
	if row := athena.Last(t, steps...)[0]; row["birth_year"] != nil || row["zip3"] != nil || row["age_now"] != nil {
		t.Errorf("got %v", row)
	}
}
