package query_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// addVariants adds evaluations with every default and with every option, their role, and the
// role by which jobs elsewhere look at them.
func addVariants(app awscdk.App) {
	const refresh = "arn:aws:states:us-east-1:111111111111:stateMachine:lab-results-refresh"
	stack := assembly.NewStack(app, "Query", cdktest.Region)
	stack.SetTerminationProtection(jsii.Bool(true))
	p := evaluationProps(stack)
	query.NewEvaluation(stack, jsii.String("Default"), p)

	all := *p
	all.Schedules, all.After = []string{"cron(17 1 * * ? *)", "cron(17 2 ? * SUN *)"}, []string{refresh}
	all.StateMachineName = jsii.String("lab-results-quality")
	all.AlarmTopic = awssns.Topic_FromTopicArn(stack, jsii.String("Alarms"), jsii.String("arn:aws:sns:us-east-1:111111111111:alarms"))
	query.NewEvaluation(stack, jsii.String("All"), &all)

	query.NewReadinessRole(stack, jsii.String("Ready"), &query.ReadinessRoleProps{
		RoleName: jsii.String("lab-ready"), StateMachineARNs: []string{refresh},
		Readers: []query.ForeignRole{
			{Account: jsii.String("222222222222"), RoleName: jsii.String("lab-later")},
			{Account: jsii.String("333333333333"), RoleName: jsii.String("jobs/lab-later")},
		},
	})
}

func TestVariantsAreValidCloudFormation(t *testing.T) { assembly.Validate(t, "variants").Check(t) }

// The workgroup's key is the test's.
func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, addVariants)
	found.Only("Query").Without("Query/Key").Check(t, "AwsSolutions-IAM5", "AwsSolutions-SQS3")
	cfnlint.Check(t, found.TemplateFiles())
}
