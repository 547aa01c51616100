package query_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
)

func TestWorkGroupOfAnotherStack(t *testing.T) {
	stack := cdktest.Stack()
	const key = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	group := query.WorkGroupFromAttributes(stack, jsii.String("Queries"), &query.WorkGroupAttributes{
		WorkGroupName: jsii.String("lab"),
		Key:           awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String(key)),
		Results:       awss3.Bucket_FromBucketName(stack, jsii.String("Results"), jsii.String("lab-results")),
	})
	reader := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})
	group.GrantQuery(reader)
	group.AddNamedQuery(jsii.String("Recent"), query.NamedQuery{Name: jsii.String("recent"), Description: jsii.String("Last week"), Database: jsii.String("lab"), SQL: jsii.String("SELECT 1")})
	template := cdktest.Of(t, stack)
	policy := template.One(t, "AWS::IAM::Policy", "Reader").JSON("PolicyDocument")
	for _, want := range []string{":workgroup/lab", "arn:aws:s3:::lab-results/lab/*", key, "athena:StartQueryExecution"} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %s in %s", want, policy)
		}
	}
	template.One(t, "AWS::Athena::NamedQuery", "QueriesRecent").Want(t, map[string]string{"WorkGroup": `"lab"`})
	if made := len(template.Type(workGroupType)) + len(template.Type(bucketType)) + len(template.Type(keyType)); made > 0 {
		t.Errorf("%d resources were made for a workgroup that exists", made)
	}
}

// Of a workgroup that is known by name, nothing but its calls is granted.
func TestWorkGroupFromName(t *testing.T) {
	stack := cdktest.Stack()
	group := query.WorkGroupFromName(stack, jsii.String("Queries"), jsii.String("lab"))
	cdktest.Same(t, *group.WorkGroupName()+" "+*group.WorkGroupArn(), "lab arn:aws:athena:us-east-1:111111111111:workgroup/lab")
	if n := len(group.QueryStatements()); n != 2 || group.Key() != nil || group.Results() != nil {
		t.Errorf("%d statements, key %v, results %v", n, group.Key(), group.Results())
	}
	cdktest.Same(t, cdktest.Panic(t, func() { query.WorkGroupFromName(stack, jsii.String("Nothing"), nil) }),
		`Test/Nothing: WorkGroupName: got nothing; expected 1 to 128 letters, digits, dots, underscores and hyphens; fix: set WorkGroupName`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		query.NewJob(stack, jsii.String("Job"), &query.JobProps{WorkGroup: group, Description: jsii.String("Counts"), Statements: []string{"SELECT 1"}})
	}), `Test/Job: WorkGroup: got a workgroup whose key is not known; expected one with a key, which encrypts the job's logs; fix: import it by WorkGroupFromAttributes, with Key`)
}
