package review_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// What a change of a template means.
func Example() {
	read := func(name string) review.Revision {
		revision, err := review.Read(filepath.Join("testdata", name), template.Given{Account: "111111111111", Region: "eu-west-1"})
		if err != nil {
			panic(err)
		}
		return revision
	}
	report := review.Compare(read("before"), read("after"))
	for _, f := range report.Findings {
		fmt.Fprintf(os.Stdout, "%s: %s\n", f.Severity, f.Text)
	}
	// Output:
	// error: Reader gains SELECT on 1 column of ward.stays: patient (deidentified, was phi)
	// error: arn:aws:s3:::ward is no longer registered: Lake Formation does not guard the files in it
	// error: column patient of ward.stays has a lower level: deidentified, was phi
	// error: Bucket of stack ward (AWS::S3::Bucket) is replaced by a new, empty one, as BucketName cannot be changed; the old one stays in the account beside it
	// warning: account 111111111111 reaches files past Lake Formation that it did not reach before: read, write, delete in s3://ward-2, the files of ward.stays (deidentified); something that is not known may stand in the way
	// warning: table ward.stays reads its files elsewhere: s3://ward-2/stays instead of s3://ward/stays
	// note: account 111111111111 no longer reaches files past Lake Formation: read, write, delete in s3://ward, the files of ward.stays (deidentified, phi)
}
