package query_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
)

// The role reaches the metadata of the tables and no data; who starts the workflow
// chooses the statements.
func TestSchemaEvolution(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	evolution := query.NewSchemaEvolution(stack, jsii.String("Evolution"), &query.SchemaEvolutionProps{
		WorkGroup: p.WorkGroup, StateMachineName: jsii.String("lab-evolution"), RoleName: jsii.String("lab-evolution"),
		Tables: []query.EvolvedTables{{Database: catalog.DatabaseFromName(stack, jsii.String("Lab"), jsii.String("lab")), Bucket: p.Writes[0].Bucket, Prefix: jsii.String("*/metadata/")}},
	})
	evolution.GrantStart(awsiam.NewRole(stack, jsii.String("Steward"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	if evolution.Role() == nil || evolution.Alarms() == nil || evolution.Cfn() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, stack)
	machine := template.One(t, "AWS::StepFunctions::StateMachine", "Evolution")
	if machine.Get("StateMachineName") != "lab-evolution" {
		t.Errorf("the workflow is called %v", machine.Get("StateMachineName"))
	}
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "EvolutionMachinePolicy").JSON("PolicyDocument.Statement")
	for _, part := range []string{`lab-curated/*/metadata/*"`, `"s3:PutObject"`, `:table/lab/*"`, `"glue:UpdateTable"`} {
		if !strings.Contains(policy, part) {
			t.Errorf("no %s in %s", part, policy)
		}
	}
	if strings.Contains(policy, "s3:DeleteObject") {
		t.Errorf("the role deletes files: %s", policy)
	}
}

func TestProblemsOfASchemaEvolution(t *testing.T) {
	const want = `Test/Evolution: StateMachineName: got "a b"; expected 1 to 80 letters, digits, hyphens and underscores; fix: correct it
Tables: got none; expected the tables that may be changed; fix: name them
WorkGroup: got nothing; expected a workgroup; fix: set WorkGroup`
	if got := cdktest.Panic(t, func() {
		query.NewSchemaEvolution(cdktest.Stack(), jsii.String("Evolution"), &query.SchemaEvolutionProps{StateMachineName: jsii.String("a b")})
	}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A workgroup that is known by its name only has no key for the logs.
func TestSchemaEvolutionNeedsAWorkGroupWithAKey(t *testing.T) {
	stack := cdktest.Stack()
	p := jobProps(stack)
	cdktest.Same(t, cdktest.Panic(t, func() {
		query.NewSchemaEvolution(stack, jsii.String("Evolution"), &query.SchemaEvolutionProps{
			WorkGroup: query.WorkGroupFromName(stack, jsii.String("ByName"), jsii.String("lab")),
			Tables:    []query.EvolvedTables{{Database: catalog.DatabaseFromName(stack, jsii.String("Lab"), jsii.String("lab")), Bucket: p.Writes[0].Bucket, Prefix: jsii.String("metadata/")}},
		})
	}), "Test/Evolution: WorkGroup: got a workgroup whose key is not known; expected one with a key, which encrypts the job's logs; fix: import it by WorkGroupFromAttributes, with Key")
}
