package workflow

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// newStack is a stack of an app in the account of these tests.
func newStack() awscdk.Stack {
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, AnalyticsReporting: jsii.Bool(false)})
	return awscdk.NewStack(app, jsii.String("Test"), &awscdk.StackProps{
		Env:                   &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
		Synthesizer:           awscdk.NewLegacyStackSynthesizer(),
		TerminationProtection: jsii.Bool(true),
	})
}

// render is the template of a stack.
func render(t *testing.T, stack awscdk.Stack) string {
	t.Helper()
	text, err := json.Marshal(assertions.Template_FromStack(stack, nil).ToJSON())
	must(t, err)
	return string(text)
}

// template is that of a stack with a FHIR store and all of its workflows.
func template(t *testing.T) string {
	t.Helper()
	stack := newStack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
		BucketNames: &storage.BucketNames{Raw: jsii.String(names + "raw"), Curated: jsii.String(names + "curated")},
	})
	topic := awssns.NewTopic(stack, jsii.String("Alarms"), nil)
	queue := awssqs.NewQueue(stack, jsii.String("Notices"), nil)
	awssns.NewCfnSubscription(stack, jsii.String("Subscription"), &awssns.CfnSubscriptionProps{
		TopicArn: topic.TopicArn(), Protocol: jsii.String("sqs"), Endpoint: queue.QueueArn(), RawMessageDelivery: jsii.Bool(true),
	})
	store := fhirstore.NewFhirStore(stack, jsii.String("Records"), &fhirstore.FhirStoreProps{DatastoreName: jsii.String("riverside-records"), Key: lake.Key()})
	fhirstore.NewQueryAccess(stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{
		Store: store, Principals: []governance.Principal{governance.PrincipalOf(analyst)}, AlarmTopic: topic,
	})
	fhirstore.NewImport(stack, jsii.String("Import"), &fhirstore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("fhir/")}, AlarmTopic: topic,
	})
	fhirstore.NewDeletionAlarm(stack, jsii.String("Deletion"), &fhirstore.DeletionAlarmProps{Store: store, AlarmTopic: topic})
	fhirstore.NewImport(stack, jsii.String("Documents"), &fhirstore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("ccda/")}, AlarmTopic: topic,
		Profile: fhirstore.NewTransformationProfile(stack, jsii.String("Profile"), &fhirstore.TransformationProfileProps{
			ProfileName: jsii.String("riverside-documents"), SourceFormat: fhirstore.CCDA, StarterProfile: jsii.String(fhirstore.CcdaStarterKit), Key: lake.Key(),
		}),
	})
	fhirstore.NewExport(stack, jsii.String("Export"), &fhirstore.ExportProps{
		Store: store, Output: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("fhir-exports/")}, AlarmTopic: topic,
		WorkGroup:  query.NewWorkGroup(stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("riverside"), Key: lake.Key(), AccessLogs: lake.Logs()}),
		Statements: []fhirstore.Statement{{SQL: jsii.String("MERGE INTO a")}, {SQL: jsii.String("INSERT INTO b SELECT ?"), PassJob: jsii.Bool(true)}},
	})
	return render(t, stack)
}
