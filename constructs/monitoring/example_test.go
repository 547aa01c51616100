package monitoring_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewAlarmTopic() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Lab"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)

	// Whoever answers for the data confirms the address once, and hears of everything.
	alarms := monitoring.NewAlarmTopic(stack, jsii.String("Alarms"), &monitoring.AlarmTopicProps{
		Key: lake.Key(), Emails: []string{"lab-data@example.org"},
	})
	query.NewJob(stack, jsii.String("Count"), &query.JobProps{
		WorkGroup:   query.NewWorkGroup(stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("lab"), Key: lake.Key()}),
		Description: jsii.String("Counts the results"),
		Statements:  []string{"SELECT count(*) FROM lab.results"},
		AlarmTopic:  alarms.Topic(),
	})

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::SNS::Topic"), nil)), "topic hears of all")
	// Output: 1 topic hears of all
}
