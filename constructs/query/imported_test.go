package query_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
)

func TestWorkGroupOfAnotherStack(t *testing.T) {
	stack := cdktest.Stack()
	const key = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	group := query.WorkGroupFromNames(stack, jsii.String("Queries"), &query.WorkGroupNames{Name: "lab", ResultsBucket: "lab-results", KeyARN: key})
	group.GrantQuery(awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	}))
	template := cdktest.Of(t, stack)
	policy := template.One(t, "AWS::IAM::Policy", "Reader").JSON("PolicyDocument")
	for _, want := range []string{":workgroup/lab", ":s3:::lab-results/results/*", key, "athena:StartQueryExecution"} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %s in %s", want, policy)
		}
	}
	if made := len(template.Type(workGroupType)) + len(template.Type(bucketType)) + len(template.Type(keyType)); made > 0 || group.Cfn() != nil {
		t.Errorf("%d resources were made for a workgroup that exists", made)
	}

	got := cdktest.Panic(t, func() { query.WorkGroupFromNames(stack, jsii.String("Nothing"), nil) })
	for _, want := range []string{"Name: got nothing", "ResultsBucket: got nothing", "KeyARN: got nothing"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}
