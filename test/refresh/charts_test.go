package refresh_test

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/test/fhirdata"
)

type (
	resource = fhirdata.Resource
	object   = map[string]any
	array    = []any
)

const (
	snomed = "http://snomed.info/sct"
	loinc  = "http://loinc.org"
)

// chart is what the store has of one person.
type chart struct {
	id        string
	resources []resource
	n         int
}

// person starts a chart with a value of every identifier.
func person(id, birth string, change object) *chart {
	c := &chart{id: id}
	given := strings.ToUpper(id[:1]) + id[1:]
	patient := resource{
		"resourceType": "Patient", "id": "p-" + id,
		"meta":      object{"versionId": "1", "lastUpdated": "2026-10-05T06:07:08.901Z", "tag": array{object{"system": "urn:source", "code": "emr"}}},
		"extension": array{fhirdata.OMB("ethnicity", "2186-5"), fhirdata.OMB("race", "2054-5")},
		"identifier": array{
			object{"use": "old", "type": object{"coding": array{object{"code": "MR"}}}, "value": "OLD-" + id},
			object{"use": "usual", "type": object{"coding": array{object{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}}}, "value": "MRN-" + id, "assigner": object{"display": "Riverside"}},
			object{"type": object{"coding": array{object{"code": "SS"}}}, "system": "http://hl7.org/fhir/sid/us-ssn", "value": "900-55-" + id},
			object{"system": fhirdata.MemberTokenSystem, "value": "mt_" + id},
		},
		"active": true,
		"name": array{
			object{"use": "maiden", "family": "Maidenname-" + id, "given": array{given + "bel"}},
			object{"use": "official", "family": "Underhill-" + id, "given": array{given + "bel", "Quince"}, "prefix": array{"Dr."}},
		},
		"telecom": array{
			object{"system": "email", "value": id + "@mail.example"},
			object{"system": "phone", "use": "old", "value": "617-555-0000-" + id},
			object{"system": "phone", "use": "mobile", "value": "617-555-0100-" + id, "rank": 1},
		},
		"gender": "female", "birthDate": birth,
		"address": array{
			object{"use": "old", "line": array{"1 Former Street " + id}, "city": "Oldtown", "state": "NY", "postalCode": "10001"},
			object{"use": "home", "type": "both", "line": array{"4 Elm Street " + id, "Flat 2"}, "city": "Cambridge", "state": "MA", "postalCode": "02139-4307", "country": "US", "period": object{"start": "2011-04-05"}},
		},
		"maritalStatus":        object{"coding": array{object{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Married"}}, "text": "Married"},
		"communication":        array{object{"language": object{"coding": array{object{"system": "urn:ietf:bcp:47", "code": "en"}}}, "preferred": true}},
		"generalPractitioner":  array{object{"reference": "Practitioner/gp-" + id, "display": "Dr. Oz-" + id}},
		"managingOrganization": object{"reference": "Organization/riverside"},
	}
	for k, v := range change {
		if patient[k] = v; v == nil {
			delete(patient, k)
		}
	}
	return c.add(patient, nil)
}

// add puts a resource of the person into the chart.
func (c *chart) add(r resource, change object) *chart {
	c.n++
	if r["id"] == nil {
		r["id"] = fmt.Sprintf("%s-%s-%d", strings.ToLower(r.Type()), c.id, c.n)
	}
	if r.Type() != "Patient" && r["subject"] == nil && r["individual"] == nil && r["patient"] == nil {
		r["subject"] = object{"reference": "Patient/p-" + c.id, "display": "Underhill-" + c.id}
	}
	for k, v := range change {
		if r[k] = v; v == nil {
			delete(r, k)
		}
	}
	c.resources = append(c.resources, r)
	return c
}

func concept(system, code, display string) object {
	return object{"coding": array{object{"system": "urn:local", "code": "x-" + code}, object{"system": system, "code": code, "display": display}}, "text": display}
}

func status(code string) object { return object{"coding": array{object{"code": code}}} }

// condition is on the problem list, active and confirmed.
func (c *chart) condition(code, onset string, change object) *chart {
	return c.add(resource{
		"resourceType": "Condition", "clinicalStatus": status("active"), "verificationStatus": status("confirmed"), "category": array{status("problem-list-item")},
		"code": concept(snomed, code, "Told by "+c.id), "onsetDateTime": onset, "recordedDate": "2022-02-03T04:05:06Z",
		"note": array{object{"authorString": "Nurse Nye-" + c.id, "time": "2022-02-03T04:05:06Z", "text": "Daughter of " + c.id + " asked for a call"}},
	}, change)
}

func (c *chart) observation(code, at string, value float64, unit string, change object) *chart {
	return c.add(resource{
		"resourceType": "Observation", "status": "final", "category": array{status("laboratory")}, "code": concept(loinc, code, "measured"),
		"effectiveDateTime": at, "valueQuantity": object{"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
		"identifier": array{object{"value": fmt.Sprintf("ACC-%s-%d", c.id, c.n)}}, "note": array{object{"text": "Taken at home of " + c.id}},
	}, change)
}

func (c *chart) encounter(class, start, end string, change object) *chart {
	period := object{"start": start}
	if end != "" {
		period["end"] = end
	}
	return c.add(resource{
		"resourceType": "Encounter", "status": "finished", "class": object{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": class}, "period": period,
		"identifier": array{object{"value": fmt.Sprintf("VISIT-%s-%d", c.id, c.n)}},
		"location":   array{object{"location": object{"reference": "Location/ward-4"}, "period": period}},
	}, change)
}

// enrolled makes the person a subject of the study, by a consent.
func (c *chart) enrolled(study, consented string, subject, consent object) *chart {
	id := "c-" + c.id + "-" + study + "-" + fmt.Sprint(c.n)
	return c.add(resource{
		"resourceType": "Consent", "id": id, "status": "active", "patient": object{"reference": "Patient/p-" + c.id}, "dateTime": consented,
	}, consent).add(resource{
		"resourceType": "ResearchSubject", "status": "on-study", "study": object{"reference": "ResearchStudy/" + study},
		"individual": object{"reference": "Patient/p-" + c.id}, "consent": object{"reference": "Consent/" + id},
	}, subject)
}

const (
	heart, diabetes = "NCT0456", "NCT0999"
	failure         = "84114007"
)

// studies are one about heart failure, by two codes, one about diabetes, and one whose
// id is no registered number.
func studies() []resource {
	about := func(id string, codes ...string) resource {
		var conditions array
		for i := 0; i < len(codes); i += 2 {
			conditions = append(conditions, concept(snomed, codes[i], codes[i+1]))
		}
		return resource{"resourceType": "ResearchStudy", "id": id, "status": "active", "condition": conditions}
	}
	return []resource{
		about(heart, failure, "Heart failure (disorder)", "42343007", "Congestive heart failure (disorder)"),
		about(diabetes, "44054006", "Diabetes mellitus type 2 (disorder)"),
		about("pilot", failure, "Heart failure (disorder)"),
	}
}

// full is a patient with everything, in two studies.
func full() *chart {
	const egfr = "mL/min/{1.73_m2}"
	return person("ann", "1961-07-08", nil).
		enrolled(heart, "2019-09-01T10:00:00-04:00", nil, nil).
		enrolled(diabetes, "2020-01-02", object{"status": "follow-up"}, nil).
		enrolled("pilot", "2020-01-02", nil, nil).
		// Qualifies late in the evening; the earlier ones were no diagnoses.
		condition(failure, "2019-07-08T23:30:00-05:00", nil).
		condition(failure, "2010-01-01", object{"verificationStatus": status("refuted")}).
		condition("42343007", "2011-01-01", object{"verificationStatus": status("differential")}).
		condition("44054006", "2015-03", object{"clinicalStatus": status("recurrence")}).
		condition("59621000", "2012", nil).
		condition("433144002", "2016-01-01", object{"clinicalStatus": status("resolved")}).
		condition("49436004", "2016-01-01", object{"category": array{status("encounter-diagnosis")}}).
		observation("10230-1", "2020-01-01", 35, "%", nil).
		observation("10230-1", "2021-05-05T08:00:00Z", 40, "%", object{"status": "amended"}).
		observation("10230-1", "2023-05-05", 99, "%", object{"status": "entered-in-error"}).
		observation("33762-6", "2021-01-01", 400, "pg/mL", nil).
		observation("33762-6", "2021-02-01", 50, "pmol/L", nil).
		observation("98979-8", "2021-03-01", 55, egfr, nil).
		observation("62238-1", "2021-02-01", 66, egfr, nil).
		observation("4548-4", "2021-03-01", 6.5, "%", nil).
		observation("4548-4", "2021-04-01", 48, "mmol/mol", nil).
		observation("39156-5", "2021-03-01", 27.1, "kg/m2", nil).
		observation("8480-6", "2019-08-01", 180, "mm[Hg]", nil).
		observation("8480-6", "2020-12-31", 160, "mm[Hg]", nil). // a year and a day before the end
		observation("8480-6", "2021-01-01", 130, "mm[Hg]", nil).
		observation("8480-6", "2021-01-02", 17, "kPa", nil).
		observation("85354-9", "2021-12-31T23:59:00Z", 0, "", object{"valueQuantity": nil, "component": array{
			object{"code": concept(loinc, "8462-4", "Diastolic"), "valueQuantity": object{"value": 80, "unit": "mmHg"}},
			object{"code": concept(loinc, "8480-6", "Systolic"), "valueQuantity": object{"value": 140, "unit": "mmHg"}},
		}}).
		observation("8480-6", "2022-01-01", 200, "mm[Hg]", nil).
		observation("69548-6", "2021-06-01", 0, "", object{"valueQuantity": nil, "valueCodeableConcept": concept(loinc, "LA9633-4", "Present")}).
		observation("11323-3", "2021-06-01", 0, "", object{"valueQuantity": nil, "valueString": "Feels well, says Annbel"}).
		encounter("AMB", "2018-03-03T09:00:00Z", "2018-03-03T09:30:00Z", nil).
		encounter("IMP", "2019-07-08T09:00:00-05:00", "2019-07-15T11:00:00-05:00", nil).
		encounter("IMP", "2019-08-14", "2019-08-20", nil). // on the 30th day
		encounter("AMB", "2021-12-31T23:00:00-05:00", "2022-01-01T00:30:00-05:00", nil).
		encounter("AMB", "2023-01-01", "", object{"status": "planned"}).
		encounter("IMP", "2022-01-01", "2022-01-09", object{"status": "cancelled"})
}

// sparse has what FHIR and the registry need, and empty lists.
func sparse() *chart {
	return person("ben", "1970", object{
		"extension": array{}, "identifier": array{object{"system": fhirdata.MemberTokenSystem, "value": "mt_ben"}}, "name": array{}, "telecom": array{}, "address": array{},
		"gender": nil, "active": nil, "communication": array{}, "maritalStatus": nil,
	}).enrolled(heart, "2020-03", nil, nil).
		condition(failure, "", object{"onsetDateTime": nil, "recordedDate": "2020-02", "category": array{}, "clinicalStatus": nil, "verificationStatus": nil, "note": nil}).
		observation("10230-1", "2020-02-02", 50, "%", object{"category": array{}, "identifier": array{}, "component": array{}})
}

// malformed has texts where dates, codes and numbers should be.
func malformed() *chart {
	return person("cyd", "about 1950, says Cydbel", object{
		"extension": array{"race of Cydbel: unknown", object{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", "extension": "none"}},
		"gender":    "Cydbel declines",
		"address":   array{object{"use": "home", "state": "with Cydbel, MA", "postalCode": "c/o Cydbel"}},
	}).enrolled(heart, "when Cydbel came", nil, nil).
		condition(failure, "in spring", object{"recordedDate": "2021-03-04T05:06:07Z"}).
		observation("10230-1", "later", 30, "%", nil).
		observation("8480-6", "2021-04-01", 130, "", object{"valueQuantity": object{"value": 130}}).
		encounter("IMP", "Monday", "2021-05-06", nil).
		encounter("AMB", "2021-02-31", "2021-05-06", nil)
}

// charts are all people of the tests. The ids of those who are not in the registry say
// why.
func charts() []*chart {
	kay := person("kay", "1950-12-31", object{
		"deceasedDateTime": "2024-06-07T08:09:10Z", "extension": array{fhirdata.OMB("race", "2106-3", "2028-9"), fhirdata.OMB("ethnicity", "2135-2")},
		"address": array{object{"postalCode": "03601", "state": "nh"}},
	}).
		add(resource{
			"resourceType": "Patient", "id": "p-kay-before", "active": false, "birthDate": "1949-01-01", "gender": "male",
			"identifier": array{object{"system": fhirdata.MemberTokenSystem, "value": "mt_kay"}}, "meta": object{"lastUpdated": "2026-11-11T11:11:11Z"},
		}, nil).
		enrolled(heart, "2020-06-01", nil, nil).
		enrolled(heart, "2020-05-01", object{"status": "off-study"}, nil).
		condition("42343007", "2020-01-01", object{"subject": object{"reference": "Patient/p-kay-before"}}).
		condition(failure, "2020-04-01", nil).
		encounter("IMP", "2020-04-20", "2020-05-01", nil).
		encounter("IMP", "2020-06-01", "", object{"status": "in-progress"}). // 31 days later
		encounter("EMER", "2020-05-20", "2020-05-20", nil)
	out := []*chart{
		full(), sparse(), malformed(), kay,
		person("jon", "1931-02-03", nil).enrolled(heart, "2020-01-01", nil, nil).condition(failure, "2019-05-06", nil).encounter("AMB", "2020-05-06", "2020-05-06", nil),
	}
	for _, c := range []struct {
		id                        string
		patient, subject, consent object
	}{
		{"withoutconsent", nil, object{"consent": nil}, nil},
		{"refused", nil, nil, object{"status": "rejected"}},
		{"lapsed", nil, nil, object{"status": "inactive"}},
		{"anothers", nil, nil, object{"patient": object{"reference": "Patient/p-ann"}}},
		{"withdrawn", nil, object{"status": "withdrawn"}, nil},
		{"screened", nil, object{"status": "screening"}, nil},
		{"unmatched", object{"identifier": array{}}, nil, nil},
		{"replaced", object{"active": false}, nil, nil},
	} {
		out = append(out, person(c.id, "1960-01-01", c.patient).condition(failure, "2019-05-06", nil).enrolled(heart, "2020-01-01", c.subject, c.consent))
	}
	return append(out,
		person("otherwise", "1960-01-01", nil).condition("38341003", "2019-05-06", nil).enrolled(heart, "2020-01-01", nil, nil),
		person("undated", "1960-01-01", nil).condition(failure, "", object{"onsetDateTime": nil, "recordedDate": nil}).enrolled(heart, "2020-01-01", nil, nil),
	)
}

// everything is the whole store.
func everything(of []*chart) []resource {
	out := studies()
	for _, c := range of {
		out = append(out, c.resources...)
	}
	return out
}
