package fhirdata_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/fhirdata"
)

func TestSameSeedSameBytes(t *testing.T) {
	first, err := fhirdata.NDJSON(fhirdata.Patients(7, 5))
	if err != nil {
		t.Fatal(err)
	}
	second, err := fhirdata.NDJSON(fhirdata.Patients(7, 5))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same seed gives different data")
	}
	other, err := fhirdata.NDJSON(fhirdata.Patients(8, 5))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, other) {
		t.Error("another seed gives the same data")
	}
}

// TestValid checks what FHIR R4 requires, and that every reference leads somewhere.
func TestValid(t *testing.T) {
	required := map[string][]string{
		"Patient":     {"id"},
		"Encounter":   {"id", "status", "class", "subject"},
		"Observation": {"id", "status", "code", "subject"},
		"Condition":   {"id", "subject"},

		"ResearchStudy":   {"id", "status"},
		"ResearchSubject": {"id", "status", "study", "individual"},
		"Consent":         {"id", "status", "scope", "category"},
	}
	made := fhirdata.Patients(1, 20)
	made = append(made, fhirdata.Study("NCT0456", "84114007", "Heart failure", made)...)
	known := map[string]int{}
	for _, resource := range made {
		for _, key := range required[resource.Type()] {
			if resource[key] == nil {
				t.Errorf("%s/%s lacks %s", resource.Type(), resource.ID(), key)
			}
		}
		if len(resource.ID()) > 64 {
			t.Errorf("id %s is longer than FHIR's 64 characters", resource.ID())
		}
		known[resource.Type()+"/"+resource.ID()]++
	}
	for name, times := range known {
		if times != 1 {
			t.Errorf("%s is there %d times", name, times)
		}
	}
	for _, resource := range made {
		for _, key := range []string{"subject", "encounter", "patient", "study", "individual", "consent"} {
			link, ok := resource[key].(map[string]any)
			if !ok {
				continue
			}
			if to, _ := link["reference"].(string); known[to] == 0 {
				t.Errorf("%s/%s.%s refers to %s, which is not there", resource.Type(), resource.ID(), key, to)
			}
		}
	}
}

func TestFilesHoldEverything(t *testing.T) {
	made := fhirdata.Patients(3, 4)
	files, err := fhirdata.Files(made)
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for name, text := range files {
		for line := range strings.Lines(string(text)) {
			var resource fhirdata.Resource
			if err := json.Unmarshal([]byte(line), &resource); err != nil {
				t.Fatal(err)
			}
			if resource.Type()+".ndjson" != name {
				t.Errorf("%s holds a %s", name, resource.Type())
			}
			lines++
		}
	}
	if lines != len(made) {
		t.Errorf("got %d lines, want %d", lines, len(made))
	}
	entries, _ := fhirdata.Bundle(made)["entry"].([]any)
	if len(entries) != len(made) {
		t.Errorf("the bundle has %d entries, want %d", len(entries), len(made))
	}
}

func TestMalformedLinesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range fhirdata.Malformed() {
		if seen[line] || strings.Contains(line, "\n") {
			t.Errorf("not a line of its own: %s", line)
		}
		seen[line] = true
	}
}
