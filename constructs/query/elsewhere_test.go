package query_test

import (
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

// Machines of another account are looked at with a role of that account, which trusts the
// job alone and lists executions only.
func TestJobComesAfterOthersElsewhere(t *testing.T) {
	stack := cdktest.Stack()
	const other, reader, role = "arn:aws:states:us-east-1:222222222222:stateMachine:lab-other", "arn:aws:iam::111111111111:role/lab-later", "arn:aws:iam::222222222222:role/lab-ready"
	p := jobProps(stack)
	p.AfterElsewhere = []query.ForeignMachines{{RoleARN: jsii.String(role), StateMachineARNs: []string{other}}}
	p.ForeignCatalogs = []query.ForeignCatalog{{Account: jsii.String("222222222222"), Region: jsii.String("us-east-1"), KeyAlias: jsii.String("mesh-catalog")}}
	query.NewJob(stack, jsii.String("Later"), p)
	query.NewReadinessRole(stack, jsii.String("Ready"), &query.ReadinessRoleProps{
		StateMachineARNs: []string{other}, RoleName: jsii.String("lab-ready"), Readers: []query.ForeignRole{
			{Account: jsii.String("111111111111"), RoleName: jsii.String("lab-later")}, {Account: jsii.String("111111111111"), RoleName: jsii.String("lab-later2")},
			{Account: jsii.String("333333333333"), RoleName: jsii.String("r")},
		},
	})
	template := cdktest.Of(t, stack)
	later := template.One(t, "AWS::StepFunctions::StateMachine", "Later")
	cdktest.Same(t, template.One(t, "AWS::IAM::ManagedPolicy", "LaterOthersPolicy").JSON("PolicyDocument.Statement"),
		`[{"Action":"states:ListExecutions","Effect":"Allow","Resource":`+arn(later)+`},{"Action":"sts:AssumeRole","Effect":"Allow","Resource":"`+role+`"}]`)
	if statements := template.One(t, "AWS::IAM::ManagedPolicy", "LaterMachinePolicy").JSON("PolicyDocument.Statement"); !strings.Contains(statements,
		`{"Action":["kms:Decrypt","kms:DescribeKey"],"Condition":{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/mesh-catalog"},"StringEquals":{"kms:ViaService":"glue.us-east-1.amazonaws.com"}},"Effect":"Allow","Resource":"arn:aws:kms:us-east-1:222222222222:key/*","Sid":"ForeignCatalogKey0"}`) {
		t.Errorf("the catalog's key is not opened: %s", statements)
	}
	template.One(t, "AWS::IAM::Role", "Ready").Want(t, map[string]string{
		"RoleName": `"lab-ready"`,
		"AssumeRolePolicyDocument.Statement": `[{"Action":"sts:AssumeRole","Condition":{"ArnEquals":{"aws:PrincipalArn":["` + reader + `","` + reader + `2","arn:aws:iam::333333333333:role/r"]}},` +
			`"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::333333333333:root"]}}]`,
	})
	cdktest.Same(t, template.One(t, "AWS::IAM::ManagedPolicy", "ReadyPolicy").JSON("PolicyDocument.Statement"),
		`[{"Action":"states:ListExecutions","Effect":"Allow","Resource":"`+other+`"}]`)
	machines, err := asl.Machines([]byte(`{"Resources":{"Later":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":` + later.JSON("DefinitionString") + `}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if wrong, err := asl.Validate(machines); err != nil || len(wrong) > 0 {
		t.Error(err, wrong)
	}
	if want := `"Credentials":{"RoleArn":"` + role + `"}`; !strings.Contains(machines["Later"], want) {
		t.Errorf("no %s in\n%s", want, machines["Later"])
	}
}

func TestElsewhereProblems(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	p.AfterElsewhere = []query.ForeignMachines{{StateMachineARNs: []string{"daily"}}, {RoleARN: jsii.String("arn:aws:iam::222222222222:role/r")}}
	cdktest.Same(t, cdktest.Panic(t, func() { query.NewJob(stack, jsii.String("Job"), p) }),
		`Test/Job: AfterElsewhere[0].RoleARN: got ""; expected the ARN of a role; fix: write it like arn:aws:iam::111122223333:role/name
AfterElsewhere[0].StateMachineARNs[0]: got "daily"; expected the ARN of a state machine, without a version or an alias; fix: write it like arn:aws:states:us-east-1:111122223333:stateMachine:name
AfterElsewhere[1].StateMachineARNs: got nothing; expected state machines; fix: name them, or take the role out`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		query.NewReadinessRole(stack, jsii.String("Ready"), &query.ReadinessRoleProps{Readers: []query.ForeignRole{{RoleName: jsii.String("me")}, {RoleName: jsii.String("me")}, {}}})
	}), `Test/Ready: Readers[0].Account: got ""; expected 12 digits; fix: name the account of the role
Readers[1]: got "me" again; expected each role once; fix: take it out
Readers[1].Account: got ""; expected 12 digits; fix: name the account of the role
Readers[2].Account: got ""; expected 12 digits; fix: name the account of the role
Readers[2].RoleName: got nothing; expected the name of a role; fix: name it
StateMachineARNs: got nothing; expected the state machines that are looked at; fix: name them`)
}
