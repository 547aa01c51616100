package stateful_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/stateful"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// A key that leaves its template takes what it encrypted along, and a renamed bucket
// starts empty.
func Example() {
	for _, loss := range stateful.Removed(template.Resource{Type: "AWS::KMS::Key"}) {
		fmt.Println("Key", loss.Text)
	}
	before := template.Resource{Type: "AWS::S3::Bucket", UpdateReplacePolicy: "Retain", Properties: map[string]any{"BucketName": "ward"}}
	after := before
	after.Properties = map[string]any{"BucketName": "wards"}
	for _, loss := range stateful.Changed(before, after) {
		fmt.Println("Bucket", loss.Text)
	}
	fmt.Printf("%q\n", stateful.Holds("AWS::IAM::Role"))
	// Output:
	// Key (AWS::KMS::Key) is deleted with the only way to read what it has encrypted: its DeletionPolicy is not set
	// Bucket (AWS::S3::Bucket) is replaced by a new, empty one, as BucketName cannot be changed; the old one stays in the account beside it
	// ""
}
