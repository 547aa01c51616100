package fhirdata_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/test/fhirdata"
)

func Example() {
	counts := map[string]int{}
	for _, resource := range fhirdata.Patients(1, 10) {
		counts[resource.Type()]++
	}
	fmt.Println(counts)
	// Output: map[Condition:10 Encounter:20 Observation:40 Patient:10]
}
