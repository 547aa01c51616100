package monitoring_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// addVariants adds what has every default and, in the same stack, what has every option.
func addVariants(app awscdk.App) {
	stack := assembly.NewStack(app, "Monitoring", cdktest.Region)
	stack.SetTerminationProtection(jsii.Bool(true))
	p := watched(stack)
	monitoring.NewFreshness(stack, jsii.String("Default"), p)

	all := *p
	all.AlarmTopic = monitoring.NewAlarmTopic(stack, jsii.String("Alarms"), &monitoring.AlarmTopicProps{
		Key: p.Key, TopicName: jsii.String("river-lab-alarms"), Emails: []string{"lab@example.org"},
	}).Topic()
	all.StateMachineName, all.RoleName, all.Schedule = jsii.String("river-lab-freshness"), jsii.String("river-lab-freshness"), jsii.String("cron(10 * * * ? *)")
	monitoring.NewFreshness(stack, jsii.String("All"), &all)
}

func TestVariantsAreValidCloudFormation(t *testing.T) { assembly.Validate(t, "variants").Check(t) }

// The workgroup has tests of its own.
func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, addVariants)
	found.Only("Monitoring").Without("Monitoring/WorkGroup").Check(t, "AwsSolutions-IAM5", "AwsSolutions-SQS3")
	cfnlint.Check(t, found.TemplateFiles())
}
