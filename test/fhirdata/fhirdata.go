package fhirdata

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// Resource is a FHIR resource. Its JSON has its keys in alphabetical order.
type Resource map[string]any

// Type is the resource type, such as "Patient".
func (r Resource) Type() string {
	name, _ := r["resourceType"].(string)
	return name
}

// ID is the logical id.
func (r Resource) ID() string {
	id, _ := r["id"].(string)
	return id
}

// reference is how other resources point here.
func (r Resource) reference() map[string]any {
	return map[string]any{"reference": r.Type() + "/" + r.ID()}
}

const (
	encountersPerPatient     = 2
	observationsPerEncounter = 2
)

// Code systems.
const (
	systemSNOMED       = "http://snomed.info/sct"
	systemLOINC        = "http://loinc.org"
	systemUCUM         = "http://unitsofmeasure.org"
	systemRace         = "urn:oid:2.16.840.1.113883.6.238"
	systemActCode      = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
	systemMarital      = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
	systemIdentifier   = "http://terminology.hl7.org/CodeSystem/v2-0203"
	systemClinical     = "http://terminology.hl7.org/CodeSystem/condition-clinical"
	systemVerification = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
	systemCategory     = "http://terminology.hl7.org/CodeSystem/condition-category"
)

type coding struct{ system, code, display, unit string }

var (
	givenNames   = []string{"Ada", "Bela", "Chidi", "Dana", "Emre", "Fatima", "Goran", "Hana"}
	familyNames  = []string{"Abara", "Berg", "Castillo", "Dogan", "Eriksen", "Fischer", "Gupta", "Hoang"}
	genders      = []string{"female", "male", "other", "unknown"}
	streets      = []string{"Elm Street", "Harbor Road", "Mill Lane", "Orchard Way"}
	homes        = []home{{"Cambridge", "MA", "02139"}, {"Albany", "NY", "12207"}, {"Austin", "TX", "78701"}, {"Spokane", "WA", "99201"}}
	measurements = []coding{
		{systemLOINC, "8480-6", "Systolic blood pressure", "mm[Hg]"},
		{systemLOINC, "29463-7", "Body weight", "kg"},
		{systemLOINC, "4548-4", "Hemoglobin A1c", "%"},
	}
	diagnoses = []coding{
		{systemSNOMED, "44054006", "Diabetes mellitus type 2", ""},
		{systemSNOMED, "38341003", "Hypertensive disorder", ""},
		{systemSNOMED, "84114007", "Heart failure", ""},
	}
)

// Patients makes a number of patients with two encounters each, two observations in each
// encounter, and one condition. A patient comes before what refers to it.
func Patients(seed uint64, number int) []Resource {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // test data, the same in every run
	var made []Resource
	for n := range number {
		patient := newPatient(random, fmt.Sprintf("%d-%d", seed, n))
		made = append(made, patient)
		for e := range encountersPerPatient {
			encounter := newEncounter(random, patient, e)
			made = append(made, encounter)
			for o := range observationsPerEncounter {
				made = append(made, newObservation(random, patient, encounter, o))
			}
		}
		made = append(made, newCondition(random, patient))
	}
	return made
}

func newEncounter(random *rand.Rand, patient Resource, number int) Resource {
	start := day(random, 2020, 6)
	return Resource{
		"resourceType": "Encounter",
		"id":           fmt.Sprintf("encounter-%s-%d", patient.ID(), number),
		"status":       "finished",
		"class":        map[string]any{"system": systemActCode, "code": pick(random, []string{"AMB", "AMB", "IMP"})},
		"subject":      patient.reference(),
		"period":       map[string]any{"start": start.Format(time.RFC3339), "end": start.Add(time.Hour).Format(time.RFC3339)},
	}
}

func newObservation(random *rand.Rand, patient, encounter Resource, number int) Resource {
	what := pick(random, measurements)
	return Resource{
		"resourceType":      "Observation",
		"id":                fmt.Sprintf("observation-%s-%d", encounter.ID(), number),
		"status":            "final",
		"code":              what.concept(),
		"subject":           patient.reference(),
		"encounter":         encounter.reference(),
		"effectiveDateTime": day(random, 2020, 6).Format(time.RFC3339),
		"valueQuantity":     map[string]any{"value": float64(random.IntN(2000)) / 10, "unit": what.unit, "system": systemUCUM, "code": what.unit},
	}
}

func newCondition(random *rand.Rand, patient Resource) Resource {
	onset := day(random, 2010, 10)
	return Resource{
		"resourceType":       "Condition",
		"id":                 "condition-" + patient.ID(),
		"clinicalStatus":     coding{systemClinical, "active", "Active", ""}.concept(),
		"verificationStatus": coding{systemVerification, "confirmed", "Confirmed", ""}.concept(),
		"category":           []any{coding{systemCategory, "problem-list-item", "Problem List Item", ""}.concept()},
		"code":               pick(random, diagnoses).concept(),
		"subject":            patient.reference(),
		"onsetDateTime":      onset.Format(time.RFC3339),
		"recordedDate":       onset.AddDate(0, 0, 3).Format(time.RFC3339),
	}
}

func (c coding) concept() map[string]any {
	return map[string]any{
		"coding": []any{map[string]any{"system": c.system, "code": c.code, "display": c.display}},
		"text":   c.display,
	}
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// day is a day in one of some years.
func day(random *rand.Rand, first, years int) time.Time {
	return time.Date(first+random.IntN(years), time.Month(1+random.IntN(12)), 1+random.IntN(28), 9, 0, 0, 0, time.UTC)
}

// NDJSON writes resources one per line.
func NDJSON(resources []Resource) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, resource := range resources {
		if err := encoder.Encode(resource); err != nil {
			return nil, fmt.Errorf("fhirdata: %s/%s: %w", resource.Type(), resource.ID(), err)
		}
	}
	return out.Bytes(), nil
}

// Files writes resources as a bulk export does: one file per resource type, Patient.ndjson and
// so on, by file name.
func Files(resources []Resource) (map[string][]byte, error) {
	byType := map[string][]Resource{}
	for _, resource := range resources {
		byType[resource.Type()] = append(byType[resource.Type()], resource)
	}
	files := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(byType)) {
		text, err := NDJSON(byType[name])
		if err != nil {
			return nil, err
		}
		files[name+".ndjson"] = text
	}
	return files, nil
}

// Bundle wraps resources in a transaction bundle, as Synthea writes one per patient.
func Bundle(resources []Resource) Resource {
	entries := make([]any, 0, len(resources))
	for _, resource := range resources {
		entries = append(entries, map[string]any{
			"fullUrl":  "urn:lakemesh:" + resource.ID(),
			"resource": resource,
			"request":  map[string]any{"method": "PUT", "url": resource.Type() + "/" + resource.ID()},
		})
	}
	return Resource{"resourceType": "Bundle", "id": "bundle", "type": "transaction", "entry": entries}
}

// Malformed is lines that no import accepts, each for another reason: not JSON, not an object,
// no resource type, no id, a required element missing.
func Malformed() []string {
	return []string{
		`{"resourceType": "Patient", "id": "cut`,
		`["Patient", "in-a-list"]`,
		`{"id": "no-type"}`,
		`{"resourceType": "Patient", "gender": "female"}`,
		`{"resourceType": "Observation", "id": "no-code", "status": "final"}`,
		`{"resourceType": "Encounter", "id": "no-class", "status": "finished"}`,
		`{"resourceType": "Condition", "id": "no-subject"}`,
	}
}
