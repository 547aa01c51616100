package refresh_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/test/athena"
	"github.com/lakemesh/lakemesh/test/fhirdata"
)

// TestRecordIsCopied checks the tables of the FHIR record: rows, derived columns and
// nested ones.
func TestRecordIsCopied(t *testing.T) {
	have := everything(charts())
	loose := []resource{
		{"resourceType": "Observation", "id": "o-stranger", "status": "final", "code": concept(loinc, "4548-4", "x"), "subject": object{"reference": "Patient/nobody"}},
		{"resourceType": "Observation", "id": "o-group", "status": "final", "code": concept(loinc, "4548-4", "x"), "subject": object{"reference": "Group/p-ann"}},
		{"resourceType": "Observation", "id": "o-undated", "status": "final", "code": concept(loinc, "4548-4", "x"), "subject": object{"reference": "Patient/p-ann"}, "meta": object{"lastUpdated": "unknown"}},
		{"resourceType": "Condition", "id": "c-uncoded", "subject": object{"reference": "Patient/p-ann"}},
		{"resourceType": "Encounter", "id": "e-nobody", "status": "finished", "class": object{"code": "AMB"}},
	}
	late := person("late", "1980-02-29", nil).
		observation("4548-4", "", 5, "%", object{"id": "o-period", "effectiveDateTime": nil, "effectivePeriod": object{"start": "2017-05"}, "issued": "2018-01-01T00:00:00Z"}).
		observation("4548-4", "", 5, "%", object{"id": "o-issued", "effectiveDateTime": nil, "issued": "2018-01-01T00:00:00Z"}).
		observation("4548-4", "unknown", 5, "%", object{"id": "o-updated", "meta": object{"lastUpdated": "2024-01-01T00:00:00Z"}}).
		encounter("VR", "", "", object{"id": "e-open", "period": nil, "meta": object{"lastUpdated": "2023-01-01T00:00:00Z"}}).
		encounter("IMP", "2020-02-28T23:00:00-05:00", "2020-03-01T01:00:00-05:00", object{"id": "e-leap"}).
		encounter("AMB", "2020-05-05T09:00:00Z", "2020-05-05T17:00:00Z", object{"id": "e-day"}).
		encounter("IMP", "2020-05", "2020-06-07", object{"id": "e-part"}).
		encounter("IMP", "2020-06-07", "2020-05-01", object{"id": "e-backwards"})
	have = slices.Concat(have, loose, late.resources)
	got := tables(t, have)

	counts := map[string]int{}
	for _, r := range have {
		counts[strings.ToLower(r.Type())]++
	}
	for table, less := range map[string]int{"patient": 0, "observation": 3, "condition": 1, "encounter": 1} {
		if len(got[table]) != counts[table]-less {
			t.Errorf("%s has %d rows of %d resources; %d have no patient, code or date", table, len(got[table]), counts[table], less)
		}
	}
	by := func(table, id string) map[string]any { return where(t, got[table], map[string]any{"id": id}) }
	check(t, "ann", by("patient", "p-ann"), map[string]any{
		"member_token": "mt_ann", "birthdate": "1961-07-08", "birth_year": 1961, "state": "MA", "gender": "female", "active": true, "deceasedboolean": nil,
		"maritalstatus": "{'coding': [{'system': 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', 'version': None, 'code': 'M', 'display': 'Married'}], 'text': 'Married'}",
		"name": "[{'use': 'maiden', 'text': None, 'family': 'Maidenname-ann', 'given': ['Annbel'], 'prefix': None, 'suffix': None, 'period': None}, " +
			"{'use': 'official', 'text': None, 'family': 'Underhill-ann', 'given': ['Annbel', 'Quince'], 'prefix': ['Dr.'], 'suffix': None, 'period': None}]",
		"meta": "{'versionid': '1', 'lastupdated': '2026-10-05T06:07:08.901Z', 'profile': None, 'tag': [{'system': 'urn:source', 'code': 'emr', 'display': None}]}",
	})
	if text := fmt.Sprint(by("patient", "p-ann")["address"]); !strings.Contains(text, "'line': ['4 Elm Street ann', 'Flat 2'], 'city': 'Cambridge', 'district': None, 'state': 'MA', 'postalcode': '02139-4307'") {
		t.Errorf("the address is %s", text)
	}
	check(t, "ben", by("patient", "p-ben"), map[string]any{"member_token": "mt_ben", "birth_year": 1970, "state": nil, "name": "[]", "address": "[]", "gender": nil})
	check(t, "cyd", by("patient", "p-cyd"), map[string]any{"birth_year": nil, "state": nil, "birthdate": "about 1950, says Cydbel"})
	check(t, "jon", by("patient", "p-jon"), map[string]any{"birth_year": nil})
	check(t, "kay", by("patient", "p-kay"), map[string]any{"deceasedboolean": true, "state": "NH"})
	check(t, "unmatched", by("patient", "p-unmatched"), map[string]any{"member_token": nil})
	check(t, "a part", where(t, got["observation"], map[string]any{"effectivedatetime": "2021-12-31T23:59:00Z"}), map[string]any{
		"member_token": "mt_ann", "effective_year": 2021, "valuequantity": nil, "subject": "{'reference': 'Patient/p-ann', 'type': None, 'display': 'Underhill-ann'}",
	})
	for id, year := range map[string]int{"o-period": 2017, "o-issued": 2018, "o-updated": 2024} {
		check(t, id, by("observation", id), map[string]any{"effective_year": year, "member_token": "mt_late", "valuequantity": "{'value': 5.0, 'unit': '%', 'system': 'http://unitsofmeasure.org', 'code': '%'}"})
	}
	check(t, "diabetes", where(t, got["condition"], map[string]any{"onsetdatetime": "2015-03"}), map[string]any{
		"member_token": "mt_ann", "onset_year": 2015, "recorded_year": 2022,
		"note": "[{'authorstring': 'Nurse Nye-ann', 'time': '2022-02-03T04:05:06Z', 'text': 'Daughter of ann asked for a call'}]",
	})
	check(t, "in spring", where(t, got["condition"], map[string]any{"onsetdatetime": "in spring"}), map[string]any{"onset_year": nil, "recorded_year": 2021})
	for id, want := range map[string][2]any{"e-open": {2023, nil}, "e-leap": {2020, 2}, "e-day": {2020, 0}, "e-part": {2020, nil}, "e-backwards": {2020, nil}} {
		check(t, id, by("encounter", id), map[string]any{"start_year": want[0], "length_days": want[1]})
	}
}

// TestRegistry checks every column of the registry, and who is in it.
func TestRegistry(t *testing.T) {
	got := tables(t, everything(charts()))["enrolment"]
	var in []string
	for _, row := range got {
		in = append(in, fmt.Sprint(row["member_token"], " ", row["study_id"]))
	}
	slices.Sort(in)
	if want := []string{"mt_ann NCT0456", "mt_ann NCT0999", "mt_ben NCT0456", "mt_cyd NCT0456", "mt_jon NCT0456", "mt_kay NCT0456"}; !slices.Equal(in, want) {
		t.Fatalf("in the registry are %v, want %v", in, want)
	}
	of := func(token, study string) map[string]any {
		return where(t, got, map[string]any{"member_token": token, "study_id": study})
	}
	ann := map[string]any{
		"member_token": "mt_ann", "study_id": heart, "mrn": "MRN-ann", "patient_name": "Annbel Quince Underhill-ann", "phone": "617-555-0100-ann",
		"birth_date": "1961-07-08", "zip_code": "02139-4307", "consent_date": "2019-09-01", "index_date": "2019-07-08", "last_encounter_date": "2021-12-31",
		"nurse_note": nil, "gender": "female", "race": "black", "ethnicity": "not hispanic", "state": "MA", "deceased": false,
		"index_condition_code": failure, "index_condition_name": "Heart failure (disorder)", "active_condition_count": 3,
		"has_hypertension": true, "has_diabetes": true, "has_chronic_kidney_disease": false, "has_atrial_fibrillation": false,
		"lvef_percent": 40, "ntprobnp_pg_ml": 400, "systolic_mm_hg": 135, "egfr_ml_min": 55, "hba1c_percent": 6.5, "bmi_kg_m2": 27.1,
		"encounter_count": 3, "inpatient_stay_count": 2, "readmitted_30_days": true, "has_sequence": true,
	}
	check(t, "ann", of("mt_ann", heart), ann)
	if m := clinical(t); len(ann) != len(m.tables[4].Columns) {
		t.Errorf("%d of %d columns are tested", len(ann), len(m.tables[4].Columns))
	}
	other := maps.Clone(ann)
	for k, v := range map[string]any{
		"study_id": diabetes, "consent_date": "2020-01-02", "index_date": "2015-03-01", "encounter_count": 4,
		"index_condition_code": "44054006", "index_condition_name": "Diabetes mellitus type 2 (disorder)",
	} {
		other[k] = v
	}
	check(t, "ann, diabetes", of("mt_ann", diabetes), other)
	check(t, "ben", of("mt_ben", heart), map[string]any{
		"mrn": nil, "patient_name": nil, "phone": nil, "birth_date": "1970-01-01", "zip_code": nil, "consent_date": "2020-03-01", "index_date": "2020-02-01",
		"last_encounter_date": nil, "gender": nil, "race": nil, "ethnicity": nil, "state": nil, "deceased": false, "active_condition_count": 0,
		"has_hypertension": false, "lvef_percent": 50, "systolic_mm_hg": nil, "encounter_count": 0, "inpatient_stay_count": 0, "readmitted_30_days": false, "has_sequence": false,
	})
	check(t, "cyd", of("mt_cyd", heart), map[string]any{
		"birth_date": nil, "zip_code": nil, "consent_date": nil, "index_date": "2021-03-04", "last_encounter_date": nil, "gender": nil, "race": nil, "ethnicity": nil,
		"state": nil, "lvef_percent": nil, "systolic_mm_hg": nil, "encounter_count": 0, "active_condition_count": 1,
	})
	check(t, "jon", of("mt_jon", heart), map[string]any{"birth_date": "1931-02-03", "index_date": "2019-05-06", "last_encounter_date": "2020-05-06", "encounter_count": 1})
	check(t, "kay", of("mt_kay", heart), map[string]any{
		"mrn": "MRN-kay", "birth_date": "1950-12-31", "gender": "female", "race": "multiple", "ethnicity": "hispanic", "state": "NH", "zip_code": "03601", "deceased": true,
		"consent_date": "2020-05-01", "index_date": "2020-01-01", "index_condition_code": "42343007", "index_condition_name": "Congestive heart failure (disorder)",
		"active_condition_count": 2, "last_encounter_date": "2020-06-01", "encounter_count": 3, "inpatient_stay_count": 2, "readmitted_30_days": false,
	})
}

// open are elements whose values name nobody.
var open = []string{"resourceType", "system", "code", "use", "gender", "status", "state", "country", "url", "unit", "versionId", "type"}

// secrets are the values that identify somebody: all texts, but codes and the like.
func secrets(value any, into map[string]bool) {
	switch v := value.(type) {
	case fhirdata.Resource:
		secrets(map[string]any(v), into)
	case map[string]any:
		for k, e := range v {
			if text, ok := e.(string); !ok || !slices.Contains(open, k) || len(text) > 40 {
				secrets(e, into)
			}
		}
	case []any:
		for _, e := range v {
			secrets(e, into)
		}
	case string:
		// Of dates the day; a year alone may stay.
		if day := regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`).FindString(v); day != "" {
			v = day
		}
		if len(v) > 4 {
			into[v] = true
		}
	}
}

// TestNoIdentifierOfTheRecordSurvives looks for every text of the record in the
// de-identified table.
func TestNoIdentifierOfTheRecordSurvives(t *testing.T) {
	people := charts()
	invented := fhirdata.Patients(1, 40)
	invented = append(invented, fhirdata.Study("NCT0777", failure, "Heart failure (disorder)", invented)...)
	have := slices.Concat(everything(people), invented)
	got := tables(t, have)
	deid := got["patient_deid"]
	if len(deid) != len(got["enrolment"]) || len(deid) < 12 {
		t.Fatalf("%d rows of %d", len(deid), len(got["enrolment"]))
	}
	hidden := map[string]bool{}
	for _, r := range have {
		if r.Type() != "ResearchStudy" {
			secrets(r, hidden)
		}
	}
	for _, known := range []string{"Annbel", "Underhill-ann", "MRN-ann", "900-55-ann", "617-555-0100-ann", "4 Elm Street ann", "02139-4307", "1961-07-08", "p-ann", "mt_ann", "Daughter of ann asked for a call", "Feels well, says Annbel"} {
		if !hidden[known] {
			t.Errorf("the search does not look for %q", known)
		}
	}
	var all strings.Builder
	terms := []any{"Heart failure (disorder)", "Congestive heart failure (disorder)", "Diabetes mellitus type 2 (disorder)"}
	for _, row := range deid {
		for _, column := range slices.Sorted(maps.Keys(row)) {
			if column != "index_condition_name" {
				fmt.Fprintf(&all, "%v\n", row[column])
			} else if !slices.Contains(terms, row[column]) {
				t.Errorf("%v is no term of a study", row[column])
			}
		}
	}
	text := all.String()
	for value := range hidden {
		// Five characters are also in the middle of some code.
		if strings.Contains(text, value) && (len(value) > 5 || regexp.MustCompile(`\b`+regexp.QuoteMeta(value)+`\b`).MatchString(text)) {
			t.Errorf("%q is in patient_deid", value)
		}
	}
	ann := where(t, deid, map[string]any{"study_id": heart, "birth_year": 1961.0})
	follow := time.Date(2021, 12, 31, 0, 0, 0, 0, time.UTC).Sub(time.Date(2019, 7, 8, 0, 0, 0, 0, time.UTC)).Hours() / 24
	check(t, "ann", ann, map[string]any{
		"age_group": "50-59", "zip3": "021", "gender": "female", "race": "black", "ethnicity": "not hispanic", "state": "MA", "index_year": 2019,
		"index_condition_code": failure, "follow_up_days": follow, "systolic_mm_hg": 135, "readmitted_30_days": true, "has_sequence": true, "deid_method": "safe-harbor",
	})
	token := regexp.MustCompile(`^[0-9a-f]{64}$`)
	if code := fmt.Sprint(ann["patient_token"]); !token.MatchString(code) || where(t, deid, map[string]any{"study_id": diabetes})["patient_token"] != code {
		t.Errorf("the code of one person is %s, and another in another study", code)
	}
	check(t, "jon", where(t, deid, map[string]any{"age_group": "90+", "study_id": heart}), map[string]any{"birth_year": nil, "zip3": "021"})
	check(t, "kay", where(t, deid, map[string]any{"zip3": "000"}), map[string]any{"race": "other", "birth_year": 1950, "index_year": 2020})
}

// TestRunsFollowTheStore checks a second run without changes, one after a change, one
// after erasures, and one of an empty store.
func TestRunsFollowTheStore(t *testing.T) {
	c, people := clinical(t), charts()
	once, content := c.run(t), c.content()
	steps := slices.Concat(c.lake(t), stored(t, everything(people)), once, content)
	again := len(steps)
	steps = slices.Concat(steps, once, content)

	// Jon moves, and of Kay only the Patient is erased; of Ann all.
	later := charts()
	later[4].resources[0]["address"] = array{object{"use": "home", "postalCode": "90210", "state": "CA"}}
	left := slices.DeleteFunc(everything(later), func(r resource) bool {
		return r.ID() == "p-kay" || slices.ContainsFunc(later[0].resources, func(a resource) bool { return a.Type() == r.Type() && a.ID() == r.ID() })
	})
	steps = slices.Concat(steps, stored(t, left))
	changed := len(steps)
	steps = slices.Concat(steps, once, content, stored(t, nil))
	emptied := len(steps)
	steps = slices.Concat(steps, once, content)
	answers := athena.Run(t, steps...)

	before := c.named(answers[again-len(content) : again])
	for i, answer := range answers[again : again+len(once)] {
		if n := answer.Rows[0]["Count"]; n != 0.0 {
			t.Errorf("a second run changes %v rows by statement %d", n, i)
		}
	}
	at := again + len(once)
	if same := c.named(answers[at : at+len(content)]); fmt.Sprint(same) != fmt.Sprint(before) {
		t.Error("a second run changes the tables")
	}
	at = changed + len(once)
	after := c.named(answers[at : at+len(content)])
	for table, rows := range after {
		text := fmt.Sprint(rows)
		for _, gone := range []string{"mt_ann", "p-ann", "Annbel", "p-kay'", "Underhill-kay"} {
			if strings.Contains(text, gone) {
				t.Errorf("%s of an erased patient is in %s", gone, table)
			}
		}
		if len(rows) == 0 || len(rows) >= len(before[table]) {
			t.Errorf("%s has %d rows, had %d", table, len(rows), len(before[table]))
		}
	}
	check(t, "jon", where(t, after["patient_deid"], map[string]any{"age_group": "90+"}), map[string]any{"zip3": "902", "state": "CA"})
	at = emptied + len(once)
	for table, rows := range c.named(answers[at : at+len(content)]) {
		if len(rows) > 0 {
			t.Errorf("%s has %d rows of an empty store", table, len(rows))
		}
	}
}
