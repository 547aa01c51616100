package fhirdata

import "time"

// Study makes a ResearchStudy about a diagnosis, by its SNOMED CT code, and for every
// patient among the resources a Consent and the ResearchSubject that refers to it.
func Study(id, code, display string, among []Resource) []Resource {
	study := Resource{
		"resourceType": "ResearchStudy",
		"id":           id,
		"status":       "active",
		"condition":    []any{coding{systemSNOMED, code, display, ""}.concept()},
	}
	made := []Resource{study}
	for _, patient := range among {
		if patient.Type() != "Patient" {
			continue
		}
		consent := Resource{
			"resourceType": "Consent",
			"id":           "consent-" + id + "-" + patient.ID(),
			"status":       "active",
			"scope":        coding{"http://terminology.hl7.org/CodeSystem/consentscope", "research", "Research", ""}.concept(),
			"category":     []any{coding{systemLOINC, "59284-0", "Consent Document", ""}.concept()},
			"patient":      patient.reference(),
			"dateTime":     time.Date(2020, 1, 15, 9, 0, 0, 0, time.UTC).Format(time.RFC3339),
			"policyRule":   coding{systemActCode, "OPTIN", "opt-in", ""}.concept(),
		}
		made = append(made, consent, Resource{
			"resourceType": "ResearchSubject",
			"id":           "subject-" + id + "-" + patient.ID(),
			"status":       "on-study",
			"study":        study.reference(),
			"individual":   patient.reference(),
			"consent":      consent.reference(),
		})
	}
	return made
}
