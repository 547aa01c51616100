package queryresults_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/queryresults"
	"github.com/lakemesh/lakemesh/constructs/template"
)

func ExampleOf() {
	lab := &template.Stack{Name: "Lab", Account: "111111111111", Region: "us-east-1", Resources: map[string]template.Resource{
		"Group":   {Type: "AWS::Athena::WorkGroup", Properties: map[string]any{"Name": "lab"}},
		"Analyst": {Type: "AWS::IAM::Role", Properties: map[string]any{"RoleName": "Analyst"}},
		"Policy": {Type: "AWS::IAM::Policy", Properties: map[string]any{
			"Roles": []any{map[string]any{"Ref": "Analyst"}},
			"PolicyDocument": map[string]any{"Statement": []any{map[string]any{
				"Effect": "Allow", "Action": "athena:GetQueryResults", "Resource": "arn:aws:athena:us-east-1:111111111111:workgroup/*",
			}}},
		}},
	}}
	for _, group := range queryresults.Of([]*template.Stack{lab}) {
		fmt.Println(group.Name, group.Readers)
	}
	// Output:
	// lab [arn:aws:iam::111111111111:role/Analyst]
}
