package ending_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// addVariants adds a workflow with every default and, in the same stack, one with every option.
func addVariants(app awscdk.App) {
	stack := assembly.NewStack(app, "Ending", cdktest.Region)
	stack.SetTerminationProtection(jsii.Bool(true))
	p := props(stack)
	ending.NewWorkflow(stack, jsii.String("Default"), p)

	all := *p
	all.AlarmTopic = monitoring.NewAlarmTopic(stack, jsii.String("Alarms"), &monitoring.AlarmTopicProps{Key: p.Key}).Topic()
	all.Subscriptions = slices.Clone(p.Subscriptions)
	all.Subscriptions[0].Purpose, all.Subscriptions[0].Approver = "heart-failure cohort", "privacy-office@example.org"
	all.StateMachineName, all.Schedule = jsii.String("lab-ended"), jsii.String("cron(10 1 * * ? *)")
	officer := awsiam.NewRole(stack, jsii.String("Officer"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	ending.NewWorkflow(stack, jsii.String("All"), &all).GrantStart(officer)
}

func TestVariantsAreValidCloudFormation(t *testing.T) { assembly.Validate(t, "variants").Check(t) }

// The officer's role is the test's, and so is the inline policy that a grant puts into it.
func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, addVariants)
	found.Only("Ending").Without("Ending/Officer").Check(t, "AwsSolutions-IAM5", "AwsSolutions-SQS3")
	cfnlint.Check(t, found.TemplateFiles())
}
