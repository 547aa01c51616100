package render_test

import (
	"fmt"
	"os"

	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/review/render"
)

// A report for the log of a pipeline.
func Example() {
	report := &review.Report{Base: "main", Head: "cdk.out", Findings: []review.Finding{{
		Kind: review.Gained, Severity: review.Error,
		Text: "Reader gains SELECT on 1 column of ward.stays: patient (deidentified, was phi)",
		Why:  []string{"the level of patient went from phi to deidentified"},
	}}}
	write, err := render.ParseFormat("text")
	if err == nil {
		err = write(os.Stdout, report)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// From main to cdk.out: 1 error.
	//
	// Who gains access
	//   error    Reader gains SELECT on 1 column of ward.stays: patient (deidentified, was phi).
	//            because the level of patient went from phi to deidentified
}
