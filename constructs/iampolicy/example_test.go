package iampolicy_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/template"
)

func Example() {
	lab := &template.Stack{Name: "Lab", Account: "111111111111", Region: "us-east-1", Resources: map[string]template.Resource{
		"Lake": {Type: "AWS::S3::Bucket", Properties: map[string]any{"BucketName": "lake"}},
		"Job":  {Type: "AWS::IAM::Role", Properties: map[string]any{"RoleName": "Job"}},
		"Policy": {Type: "AWS::IAM::Policy", Properties: map[string]any{
			"Roles": []any{map[string]any{"Ref": "Job"}},
			"PolicyDocument": map[string]any{"Statement": []any{map[string]any{
				"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::lake/*",
			}}},
		}},
	}}
	for _, reach := range iampolicy.Of([]*template.Stack{lab}).Reaches("arn:aws:s3:::lake", "111111111111") {
		fmt.Println(reach.Principal, reach.Can, reach.Certain, reach.Path)
	}
	// Output:
	// 111111111111 [read write delete] false [no policy of the bucket denies those whom policies of IAM let in, and not all of these are in the templates]
	// arn:aws:iam::111111111111:role/Job [read] true [Lab/Policy (statement 1)]
}
