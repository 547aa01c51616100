package problem_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

func Example() {
	validate := func(zone string, days int) error {
		var list problem.List
		zones := []string{"raw", "curated", "analytics"}
		if near, ok := problem.Nearest(zone, zones); ok && near != zone {
			list.Addf("zone", fmt.Sprintf("%q", zone), "one of raw, curated, analytics", "did you mean "+near+"?")
		}
		if days < 0 {
			list.Addf("retention", fmt.Sprint(days), "a positive number of days", "correct it")
		}
		return list.Err()
	}
	fmt.Println(validate("curated", 7))
	fmt.Println(validate("curted", -7))
	// Output:
	// <nil>
	// retention: got -7; expected a positive number of days; fix: correct it
	// zone: got "curted"; expected one of raw, curated, analytics; fix: did you mean curated?
}
