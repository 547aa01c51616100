package refresh_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/athena"
	"github.com/lakemesh/lakemesh/test/fhirdata"
)

// thisYear is the year that member_360 is about.
var thisYear = time.Now().UTC().Year()

// in is a day of this year, of the last one with a year of -1.
func in(year int, monthAndDay string) string { return fmt.Sprintf("%d-%s", thisYear+year, monthAndDay) }

// delivered is what one evening's deliveries of the sample's payer hold, each a file.
type delivered struct {
	lines             []object // of JSON
	members, contacts []string // of CSV, without the header
}

// member is a row of the CRM: number, token, product, years of the coverage's start and
// end, and the preference.
func member(number, token, product string, start, end int, optedOut string) string {
	last := ""
	if end != 0 {
		last = fmt.Sprintf("%d-06-30", end)
	}
	return fmt.Sprintf("M-%s,%s,Fullname %[1]s,555-0%[1]s,%[3]s,%d-01-01,%s,%s,%s", number, token, product, start, last, optedOut, in(0, "03-01T08:00:00Z"))
}

// line is a claim line of a member, paid this year.
func line(claim, number, token string, allowed, paid float64, change object) object {
	out := object{
		"claim_id": "CLM-" + claim, "line_number": 1, "member_token": token, "member_id": "M-" + number, "subscriber_id": "SUB-" + number,
		"patient_control_number": "ACCT-" + number, "claim_type": "professional", "plan_product": "of the claim", "service_from_date": in(0, "02-03"),
		"place_of_service": "11", "procedure_code": "99214", "diagnosis_codes": array{"I10"}, "charge_amount": 2 * allowed, "allowed_amount": allowed, "paid_amount": paid,
		"line_status": "paid", "adjudicated_at": in(0, "02-10T08:00:00Z"), "adjustments": array{object{"group_code": "CO", "reason_code": "45", "amount": 2.5}},
	}
	for k, v := range change {
		if out[k] = v; v == nil {
			delete(out, k)
		}
	}
	return out
}

// firstEvening is what the hospitals and the payer know of people whose ids say what is
// special about them.
func firstEvening() ([]*chart, delivered) {
	charts := []*chart{
		person("ann", "1961-07-08", nil).
			condition(failure, "2019-07-08", nil).
			condition("44054006", "2015-03", object{"clinicalStatus": status("recurrence")}).
			condition("13645005", "2010-01-01", object{"verificationStatus": status("refuted")}).
			condition("59621000", "2010-01-01", object{"clinicalStatus": status("resolved")}).
			observation("4548-4", in(0, "01-05"), 6.5, "%", nil).
			observation("4548-4", in(0, "02-05"), 8.5, "%", object{"status": "amended"}).
			observation("4548-4", in(0, "03-05"), 15, "%", object{"status": "entered-in-error"}).
			observation("4548-4", in(-1, "12-31"), 14, "%", nil).
			observation("4548-4", in(0, "01-06"), 70, "mmol/mol", nil).
			encounter("AMB", in(0, "01-05T09:00:00Z"), in(0, "01-05T10:00:00Z"), nil).
			encounter("EMER", in(0, "01-20T23:00:00Z"), in(0, "01-21T02:00:00Z"), nil).
			encounter("IMP", in(0, "01-21T03:00:00Z"), in(0, "01-24T10:00:00Z"), nil).
			encounter("IMP", in(0, "02-01"), in(0, "02-20"), object{"status": "cancelled"}).
			encounter("IMP", in(-1, "02-01"), in(-1, "02-20"), nil),
		// A record that was replaced has the same token.
		person("dan", "1990-05-05", object{"gender": "male"}).
			add(resource{
				"resourceType": "Patient", "id": "p-dan-before", "active": false, "birthDate": "1890-01-01", "gender": "other",
				"identifier": array{object{"system": fhirdata.MemberTokenSystem, "value": "mt_dan"}},
			}, nil).
			encounter("EMER", in(0, "01-01"), in(0, "01-01"), nil).
			encounter("EMER", in(0, "01-02"), in(0, "01-02"), nil),
		person("old", "1931-02-03", object{"deceasedDateTime": in(0, "01-09T08:09:10Z")}).condition("73211009", "2001", nil).
			encounter("EMER", in(0, "01-08"), in(0, "01-09"), nil),
		person("optedout", "1970-01-01", nil).condition(failure, "2019", nil),
		person("oneoftwo", "1970-01-01", nil).condition(failure, "2019", nil),
		person("past", "1970-01-01", nil).condition(failure, "2019", nil),
		person("uninsured", "1970-01-01", nil).condition(failure, "2019", nil),
	}
	return charts, delivered{
		members: []string{
			member("1", "mt_ann", "PPO", 2015, 0, "no"),
			member("2", "mt_crmonly", "HMO", thisYear, 0, ""),
			member("3", "mt_noclinic", "HMO", 2020, thisYear, "no"),
			member("4", "mt_dan", "PPO", 2010, thisYear-1, "no"), // came back under another number
			member("5", "mt_dan", "Medicare Advantage", thisYear, 0, "no"),
			member("6", "mt_old", "Medicare Advantage", 2000, 0, "no"),
			member("7", "mt_optedout", "PPO", 2015, 0, "yes"),
			member("8", "mt_oneoftwo", "PPO", 2015, thisYear-1, "YES "),
			member("9", "mt_oneoftwo", "PPO", thisYear, 0, "no"),
			member("10", "mt_past", "PPO", 2015, thisYear-1, "no"),
			member("11", "mt_future", "PPO", thisYear+1, 0, "no"),
			member("12", "", "PPO", 2015, 0, "no"), // nobody has matched them yet
			member("13", "mt_unclear", "PPO", 2015, 0, "ask again"),
			// An older row of the first: it does not count.
			"M-1,mt_ann,Fullname 1,555-01,HMO,2015-01-01,,yes," + in(0, "01-01T08:00:00Z"),
		},
		contacts: []string{
			"K-1,M-1," + in(0, "01-02") + ",reached," + in(0, "01-02T10:00:00Z"),
			"K-2,M-1," + in(0, "01-03") + ",reached," + in(0, "01-03T10:00:00Z"),
			"K-2,M-1," + in(0, "01-03") + ",not_reached," + in(0, "01-04T10:00:00Z"),
			"K-3,M-1," + in(-1, "12-31") + ",reached," + in(-1, "12-31T10:00:00Z"),
			"K-4,M-4," + in(0, "01-02") + ",declined," + in(0, "01-02T10:00:00Z"), // by the old number
			"K-5,M-7," + in(0, "01-02") + ",reached," + in(0, "01-02T10:00:00Z"),
			"K-6,M-99," + in(0, "01-02") + ",reached," + in(0, "01-02T10:00:00Z"), // of nobody
		},
		lines: []object{
			line("a1", "1", "mt_ann", 100, 80, object{"deductible_amount": 15.0, "copay_amount": 5.0}),
			line("a1", "1", "mt_ann", 200.5, 150.25, object{"line_number": 2, "place_of_service": "23", "coinsurance_amount": 50.25}),
			line("a1", "1", "mt_ann", 999, 999, object{"line_number": 2, "adjudicated_at": in(0, "02-04T08:00:00Z")}), // before it was adjudicated again
			line("a2", "1", "mt_ann", 999, 0, object{"line_status": "denied"}),
			line("a3", "1", "mt_ann", 999, 999, object{"service_from_date": in(-1, "12-31")}),
			line("n1", "3", "mt_noclinic", 300, 300, object{"diagnosis_codes": array{"I50.9", "E11.9"}}),
			line("n2", "3", "mt_noclinic", 10, 10, object{"diagnosis_codes": array{"E10.1"}, "revenue_code": "0450", "claim_type": "institutional", "place_of_service": nil}),
			line("o1", "7", "mt_optedout", 100, 100, nil),
			line("p1", "10", "mt_past", 100, 100, nil),
			line("u1", "12", "", 100, 100, nil),
			line("x1", "13", "mt_unclear", 100, 100, nil),
		},
	}
}

// secondEvening is the next day: ann's first claim is reversed, crmonly opts out, noclinic
// is erased by the payer, dan by the hospitals, optedout lets the plan join again, and
// somebody is new.
func secondEvening() ([]*chart, delivered) {
	charts, d := firstEvening()
	charts = slices.DeleteFunc(charts, func(c *chart) bool { return c.id == "dan" })
	gone := func(number string) func(string) bool {
		return func(row string) bool { return strings.Contains(","+row, ",M-"+number+",") }
	}
	d.members = slices.DeleteFunc(d.members, gone("3"))
	d.contacts = slices.DeleteFunc(d.contacts, gone("3"))
	d.lines = slices.DeleteFunc(d.lines, func(l object) bool { return l["member_id"] == "M-3" })
	later := func(row string) string { return strings.ReplaceAll(row, in(0, "03-01T08"), in(0, "03-02T08")) }
	d.members = append(d.members,
		later(member("2", "mt_crmonly", "HMO", thisYear, 0, "yes")),
		later(member("7", "mt_optedout", "PPO", 2015, 0, "no")),
		later(member("14", "mt_new", "HMO", thisYear, 0, "no")))
	d.lines = append(d.lines, line("a1", "1", "mt_ann", 0, 0, object{"line_status": "reversed", "adjudicated_at": in(0, "03-02T08:00:00Z")}))
	return charts, d
}

// landed are the files of an evening, read into the tables of the raw zone, which hold
// nothing else.
func (d delivered) landed(t *testing.T) []athena.Step {
	t.Helper()
	var lines []string
	for _, l := range d.lines {
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	dir := t.TempDir()
	var steps []athena.Step
	for _, f := range []struct {
		table, reader, header string
		rows                  []string
	}{
		{"riverside_claims_raw.claim_lines", "read_ndjson('%s')", "", lines},
		{"riverside_membership_raw.members", "read_csv('%s', header = true, all_varchar = true)", "member_id,member_token,full_name,phone,plan_product,coverage_start,coverage_end,opted_out,updated_at", d.members},
		{"riverside_membership_raw.contacts", "read_csv('%s', header = true, all_varchar = true)", "contact_id,member_id,contacted_on,outcome,updated_at", d.contacts},
	} {
		file := filepath.Join(dir, f.table)
		text := strings.TrimSpace(f.header+"\n"+strings.Join(f.rows, "\n")) + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		steps = append(steps,
			athena.Step{DuckDB: "DELETE FROM " + f.table},
			athena.Step{DuckDB: "INSERT INTO " + f.table + " BY NAME SELECT * FROM " + fmt.Sprintf(f.reader, file)})
	}
	return steps
}

// knownMembers are the hand-derived rows of the first and the second morning, by
// token. What is not said is 0, false or empty.
func knownMembers() (first, second map[string]object) {
	ann := object{
		"plan_product": "PPO", "in_clinical": true, "in_claims": true, "birth_year": 1961, "age_group": decade(thisYear - 1961), "gender": "female", "state": "MA",
		"active_condition_count": 2, "has_diabetes": true, "has_heart_failure": true, "highest_hba1c_percent": 8.5,
		"ambulatory_visit_count": 1, "emergency_visit_count": 1, "inpatient_stay_count": 1, "inpatient_days": 3,
		"has_hypertension": true, // by two lines of claims; the problem is resolved
		"paid_line_count":  2, "emergency_line_count": 1, "allowed_amount": "300.50", "paid_amount": "230.25", "member_cost_share": "70.25",
		"care_contact_count": 2, "care_reached_count": 1, "risk_tier": "high",
	}
	first = map[string]object{
		"mt_ann":      ann,
		"mt_crmonly":  {"plan_product": "HMO"},
		"mt_noclinic": {"plan_product": "HMO", "in_claims": true, "has_diabetes": true, "paid_line_count": 2, "emergency_line_count": 1, "allowed_amount": "310.00", "paid_amount": "310.00", "gap_hba1c_test": true},
		"mt_dan": {
			"plan_product": "Medicare Advantage", "in_clinical": true, "birth_year": 1990, "age_group": decade(thisYear - 1990), "gender": "male", "state": "MA",
			"emergency_visit_count": 2, "gap_follow_up_visit": true, "care_contact_count": 1, "risk_tier": "rising",
		},
		"mt_old": {
			"plan_product": "Medicare Advantage", "in_clinical": true, "gender": "female", "state": "MA", "deceased": true,
			"active_condition_count": 1, "has_diabetes": true, "emergency_visit_count": 1,
		},
	}
	second = maps.Clone(first)
	delete(second, "mt_crmonly")
	delete(second, "mt_noclinic")
	second["mt_ann"] = maps.Clone(ann)
	maps.Copy(second["mt_ann"], object{"paid_line_count": 1, "allowed_amount": "200.50", "paid_amount": "150.25", "member_cost_share": "50.25", "has_hypertension": false})
	second["mt_dan"] = object{"plan_product": "Medicare Advantage", "care_contact_count": 1}
	second["mt_new"] = object{"plan_product": "HMO"}
	second["mt_optedout"] = object{
		"plan_product": "PPO", "in_clinical": true, "in_claims": true, "birth_year": 1970, "age_group": decade(thisYear - 1970), "gender": "female", "state": "MA",
		"active_condition_count": 1, "has_heart_failure": true, "paid_line_count": 1, "allowed_amount": "100.00", "paid_amount": "100.00",
		"care_contact_count": 1, "care_reached_count": 1, "risk_tier": "high",
	}
	return first, second
}

func decade(age int) string { return fmt.Sprintf("%d-%d", age/10*10, age/10*10+9) }

// TestMemberIsMadeOfThreeSources runs the chain of the sample from FHIR resources and files
// of claims and of the CRM to member_360, on two evenings.
func TestMemberIsMadeOfThreeSources(t *testing.T) {
	plan := riverside(t)
	night := tablesMade(t, plan)
	ask := athena.Step{DuckDB: "SELECT * FROM riverside_member360_analytics.member_360 ORDER BY member_token", Rows: true}
	charts, files := firstEvening()
	charts2, files2 := secondEvening()
	// Invented people, all of them members.
	crowd := fhirdata.Patients(1, 40)
	for i, p := range crowd {
		if p.Type() == "Patient" {
			files.members = append(files.members, member(fmt.Sprint(1000+i), tokenOf(p), "PPO", 2020, 0, "no"))
		}
	}
	steps := slices.Concat(
		lakes(t, plan), []athena.Step{{DuckDB: "CREATE SCHEMA " + store}},
		stored(t, slices.Concat(everything(charts), crowd)), files.landed(t), night, []athena.Step{ask},
		night, []athena.Step{ask},
		stored(t, everything(charts2)), files2.landed(t), night, []athena.Step{ask},
	)
	answers := athena.Run(t, steps...)
	var mornings []rows
	for i, s := range steps {
		if s.Rows {
			mornings = append(mornings, answers[i].Rows)
		}
	}
	if a, b := fmt.Sprint(mornings[0]), fmt.Sprint(mornings[1]); a != b {
		t.Errorf("a second run changes member_360:\n%s\n%s", a, b)
	}
	first, second := knownMembers()
	table, _ := plan.Domain("member360")
	checkMembers(t, "first", mornings[0], first, table)
	checkMembers(t, "second", mornings[2], second, table)
	var tokens []string
	for _, p := range crowd {
		if p.Type() == "Patient" {
			tokens = append(tokens, tokenOf(p))
		}
	}
	for token := range first {
		tokens = append(tokens, token)
	}
	slices.Sort(tokens)
	if got := column(mornings[0], "member_token"); !slices.Equal(got, tokens) {
		t.Errorf("the members are\n%v, want\n%v", got, tokens)
	}
	if got := column(mornings[2], "member_token"); !slices.Equal(got, slices.Sorted(maps.Keys(second))) {
		t.Errorf("after the second evening the members are %v", got)
	}
	hidden := map[string]bool{}
	for _, r := range slices.Concat(everything(charts), crowd) {
		secrets(r, hidden)
	}
	hide := func(row string, columns ...int) {
		for _, i := range columns {
			hidden[strings.Split(row, ",")[i]] = true
		}
	}
	for _, row := range files.members {
		hide(row, 0, 2, 3, 5, 6, 8)
	}
	for _, row := range files.contacts {
		hide(row, 0, 1, 2, 4)
	}
	for _, l := range files.lines {
		for _, c := range []string{"claim_id", "member_id", "subscriber_id", "patient_control_number", "service_from_date", "adjudicated_at"} {
			hidden[fmt.Sprint(l[c])] = true
		}
	}
	refuseSecrets(t, mornings[0], hidden)
}

func tokenOf(patient resource) string {
	for _, i := range asList(patient["identifier"]) {
		if id, _ := i.(object); id["system"] == fhirdata.MemberTokenSystem {
			return fmt.Sprint(id["value"])
		}
	}
	return ""
}

func column(of rows, name string) []string {
	var out []string
	for _, row := range of {
		out = append(out, fmt.Sprint(row[name]))
	}
	return out
}

// checkMembers compares all columns of the members that are known.
func checkMembers(t *testing.T, when string, got rows, want map[string]object, domain mesh.DomainPlan) {
	t.Helper()
	for _, token := range slices.Sorted(maps.Keys(want)) {
		row := where(t, got, object{"member_token": token})
		expected := object{"member_token": token, "measure_year": thisYear, "risk_tier": "low", "model_version": "rules-2026.2"}
		for _, c := range domain.Tables()[0].Table.Columns {
			if _, said := expected[c.Name]; said {
				continue
			}
			switch {
			case strings.HasSuffix(c.Name, "_amount") || c.Name == "member_cost_share":
				expected[c.Name] = "0.00"
			case c.Type == "boolean":
				expected[c.Name] = false
			case strings.HasSuffix(c.Name, "_count") || c.Name == "inpatient_days":
				expected[c.Name] = 0
			default:
				expected[c.Name] = nil
			}
		}
		maps.Copy(expected, want[token])
		check(t, when+" "+token, row, expected)
		if len(row) != len(expected) {
			t.Errorf("%s has %d columns, %d are expected", token, len(row), len(expected))
		}
	}
}

// refuseSecrets looks for values that identify somebody. The token is none.
func refuseSecrets(t *testing.T, in rows, hidden map[string]bool) {
	t.Helper()
	for _, known := range []string{"Annbel", "MRN-ann", "1961-07-08", "p-ann", "M-1", "Fullname 1", "555-01", "CLM-a1", "SUB-1", "ACCT-1", "K-1"} {
		if !hidden[known] {
			t.Errorf("the search does not look for %q", known)
		}
	}
	for _, row := range in {
		for name, value := range row {
			if name == "member_token" {
				continue
			}
			text := fmt.Sprint(value)
			for secret := range hidden {
				if len(secret) > 2 && strings.Contains(text, secret) && regexp.MustCompile(`(^|\W)`+regexp.QuoteMeta(secret)+`(\W|$)`).MatchString(text) {
					t.Errorf("%q is in %s: %s", secret, name, text)
				}
			}
		}
	}
}
