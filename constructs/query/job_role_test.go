package query_test

import (
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const managedPolicyType = "AWS::IAM::ManagedPolicy"

// foreign is an encrypted catalog of another account.
func foreign() []query.ForeignCatalog {
	return []query.ForeignCatalog{{Account: jsii.String("222222222222"), Region: jsii.String("eu-west-1"), KeyAlias: jsii.String("lab-catalog")}}
}

const foreignStatement = `{"Action":["kms:Decrypt","kms:DescribeKey"],"Condition":{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/lab-catalog"},` +
	`"StringEquals":{"kms:ViaService":"glue.eu-west-1.amazonaws.com"}},"Effect":"Allow","Resource":"arn:aws:kms:eu-west-1:222222222222:key/*","Sid":"ForeignCatalogKey0"}`

// Jobs own the files of their lake, query in their workgroup, and see the tables of
// others as Lake Formation says.
func TestJobRole(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	query.NewJobRole(stack, jsii.String("JobRole"), &query.JobRoleProps{
		Owner: jsii.String("the laboratory"), Lake: lake, WorkGroup: query.NewWorkGroup(stack, jsii.String("Queries"), props(stack)),
		DatabasePrefix: jsii.String("lab_"), ForeignCatalogs: foreign(), RoleName: jsii.String("lab-jobs"),
	})
	template := cdktest.Of(t, stack)
	role := template.One(t, "AWS::IAM::Role", "JobRole")
	role.Want(t, map[string]string{
		"RoleName": `"lab-jobs"`, "Description": `"Jobs of the laboratory"`,
		"AssumeRolePolicyDocument.Statement": `[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"}}]`,
	})
	policy := template.One(t, managedPolicyType, "JobPolicy")
	policy.Want(t, map[string]string{"Roles": `[{"Ref":"` + role.ID + `"}]`, "Description": `"What the jobs of the laboratory may call"`})
	document := policy.JSON("PolicyDocument")
	for _, statement := range []string{
		`"arn:aws:glue:us-east-1:111111111111:database/lab_*","arn:aws:glue:us-east-1:111111111111:table/lab_*/*"`,
		`"Sid":"OwnObjects"`, `"Sid":"RunQueries"`, foreignStatement,
	} {
		if !strings.Contains(document, statement) {
			t.Errorf("%s is not in\n%s", statement, document)
		}
	}
}

// A policy that is attached to somebody else lets that one use no workgroup.
func TestReaderPolicyIsOfOneReader(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	const analyst = "arn:aws:iam::111111111111:role/Analyst"
	for id, reader := range map[string]*string{"Analyst": jsii.String(analyst), "Anybody": nil, "Account": jsii.String("222222222222")} {
		query.NewReaderPolicy(stack, jsii.String(id), &query.ReaderPolicyProps{WorkGroup: group, Reader: reader, ForeignCatalogs: foreign()})
	}
	template := cdktest.Of(t, stack)
	for id, only := range map[string]bool{"Analyst": true, "Anybody": false, "Account": false} {
		document := template.One(t, managedPolicyType, id).JSON("PolicyDocument")
		if strings.Contains(document, `"Condition":{"ArnEquals":{"aws:PrincipalArn":"`+analyst+`"}}`) != only || !strings.Contains(document, foreignStatement) {
			t.Errorf("%s: %s", id, document)
		}
	}
}

func TestRolesOfQueriesNameWhatIsMissing(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() { query.NewJobRole(stack, jsii.String("JobRole"), nil) }),
		`Test/JobRole: Lake: got nothing; expected the storage of a lake; fix: set Lake
Owner: got nothing; expected whose jobs they are; fix: set it like "the domain clinical"
WorkGroup: got nothing; expected a workgroup; fix: set WorkGroup`)
	cdktest.Same(t, cdktest.Panic(t, func() { query.NewReaderPolicy(stack, jsii.String("Policy"), nil) }),
		"Test/Policy: WorkGroup: got nothing; expected a workgroup; fix: set WorkGroup")
}
