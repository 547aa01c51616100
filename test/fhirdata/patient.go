package fhirdata

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// MemberTokenSystem is the system of the identifier that the person index of the sample
// mesh writes into a Patient: the random token that other products know the person by.
const MemberTokenSystem = "https://riverside.example/fhir/member-token"

// usCore is where the profiles and extensions of US Core have their names.
const usCore = "http://hl7.org/fhir/us/core/StructureDefinition/"

type home struct{ city, state, zip string }

var (
	races       = []coding{{systemRace, "2106-3", "White", ""}, {systemRace, "2054-5", "Black or African American", ""}, {systemRace, "2028-9", "Asian", ""}}
	ethnicities = []coding{{systemRace, "2135-2", "Hispanic or Latino", ""}, {systemRace, "2186-5", "Not Hispanic or Latino", ""}}
	marital     = []coding{{systemMarital, "M", "Married", ""}, {systemMarital, "S", "Never Married", ""}}
)

func newPatient(random *rand.Rand, id string) Resource {
	at := pick(random, homes)
	return Resource{
		"resourceType": "Patient",
		"id":           "patient-" + id,
		"meta":         map[string]any{"profile": []any{usCore + "us-core-patient"}},
		"extension":    []any{OMB("race", pick(random, races).code), OMB("ethnicity", pick(random, ethnicities).code)},
		"identifier": []any{
			identifier("MR", "https://riverside.example/fhir/mrn", fmt.Sprintf("MRN-%06d-%s", random.IntN(1000000), id)),
			identifier("SS", "http://hl7.org/fhir/sid/us-ssn", fmt.Sprintf("999-%02d-%04d", random.IntN(100), random.IntN(10000))),
			map[string]any{"system": MemberTokenSystem, "value": fmt.Sprintf("mt_%016x", random.Uint64())},
		},
		"active":    true,
		"name":      []any{map[string]any{"use": "official", "family": pick(random, familyNames), "given": []any{pick(random, givenNames)}}},
		"telecom":   []any{map[string]any{"system": "phone", "use": "home", "value": fmt.Sprintf("555-%03d-%04d", random.IntN(1000), random.IntN(10000))}},
		"gender":    pick(random, genders),
		"birthDate": day(random, 1930, 80).Format(time.DateOnly),
		"address": []any{map[string]any{
			"use": "home", "line": []any{fmt.Sprintf("%d %s", 1+random.IntN(900), pick(random, streets))},
			"city": at.city, "state": at.state, "postalCode": at.zip, "country": "US",
		}},
		"maritalStatus": pick(random, marital).concept(),
	}
}

func identifier(kind, system, value string) map[string]any {
	return map[string]any{
		"type":   map[string]any{"coding": []any{map[string]any{"system": systemIdentifier, "code": kind}}},
		"system": system, "value": value,
	}
}

// OMB is the extension race or ethnicity of US Core, with a category for each code.
func OMB(name string, codes ...string) map[string]any {
	var parts []any
	for _, code := range codes {
		parts = append(parts, map[string]any{"url": "ombCategory", "valueCoding": map[string]any{"system": systemRace, "code": code}})
	}
	parts = append(parts, map[string]any{"url": "text", "valueString": fmt.Sprintf("%d named by the patient", len(codes))})
	return map[string]any{"url": usCore + "us-core-" + name, "extension": parts}
}
