package delivery

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Props configures an Import. All fields are required.
type Props struct {
	Locations Locations     // of the files
	Key       awskms.IKey   // encrypts logs and the events that could not start an import
	Topic     awssns.ITopic // hears of failures

	ID      string                // of the state machine that imports
	Machine workflow.MachineProps // of the same, without Key
	Subject string                // of its alarms, for example "A FHIR import"

	Dispatch        func(stateMachineArn string) workflow.Definition // of what starts imports
	DispatchRole    string                                           // description of the role that starts imports
	DispatchRule    string                                           // description of the rule for completion marker objects
	DispatchSubject string                                           // of the alarms of what starts imports
}

// Import is the state machine that imports and the one that starts it.
type Import struct {
	Machine  *workflow.Machine // imports
	Dispatch *workflow.Machine // starts imports
}

// New makes the two state machines of an import in the scope, and the rule for
// completion marker objects. A bucket of this app sends its events to EventBridge then.
func New(scope constructs.Construct, p Props) Import {
	SendEvents(p.Locations.Landing.Bucket)
	p.Machine.Key = p.Key
	machine := workflow.NewMachine(scope, p.ID, &p.Machine)
	dispatch := workflow.NewMachine(scope, "Dispatch", &workflow.MachineProps{
		Definition:  p.Dispatch(*machine.ARN()),
		Description: p.DispatchRole,
		Key:         p.Key,
		Statements:  []awsiam.PolicyStatement{workflow.Allow([]string{*machine.ARN()}, "states:StartExecution")},
	})
	dispatch.On("Complete", p.DispatchRule, map[string]any{
		"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"},
		"detail": map[string]any{
			"bucket": map[string]any{"name": []any{cdkx.BucketName(p.Locations.Landing.Bucket)}},
			"object": map[string]any{"key": []any{map[string]any{"prefix": p.Locations.MarkerPrefix()}}},
		},
	})
	machine.Alarms(p.Topic, p.Subject)
	dispatch.Alarms(p.Topic, p.DispatchSubject)
	return Import{machine, dispatch}
}

// SendEvents switches on events of a bucket that this app makes, on the resource
// itself: the CDK's own switch adds a custom resource (rule 8.5).
func SendEvents(bucket awss3.IBucket) {
	if cfn, made := bucket.Node().DefaultChild().(awss3.CfnBucket); made {
		cfn.AddPropertyOverride(jsii.String("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled"), true)
	}
}

// Token is an expression for the name that an import runs under, from expressions for
// the marker's key and its sequencer.
func Token(key, sequencer string) string {
	return "States.Hash(States.Format('{} {}', " + key + ", " + sequencer + "), 'SHA-256')"
}

// Record is a state that puts a JSON object into the quarantine. Key is an expression;
// the body is a value, or an expression where its parameter ends in ".$".
func (l Locations) Record(key, parameter string, body any) workflow.State {
	return workflow.Call("s3", "putObject", map[string]any{
		"Bucket": *cdkx.BucketName(l.Quarantine.Bucket), "Key.$": key, "ContentType": "application/json", parameter: body,
	}).Discard()
}

// Notify is a state that tells a topic of what is in the quarantine. Message is an
// expression.
func Notify(topic, subject, message string) workflow.State {
	return workflow.Call("sns", "publish", map[string]any{"TopicArn": topic, "Subject": subject, "Message.$": message}).Discard()
}

// Locations are those of an import.
type Locations struct {
	Landing    workflow.Location // where files arrive
	Results    workflow.Location // what became of each file
	Quarantine workflow.Location // records of what was not imported
}

// LocationsOf returns the locations that props name. Results and quarantine are nil by
// default, and are then below their prefixes in the bucket of the landing location.
func LocationsOf(landing storage.S3Location, results, quarantine *storage.S3Location, resultsPrefix, quarantinePrefix string) Locations {
	location := func(given *storage.S3Location, prefix string) workflow.Location {
		if given == nil {
			return workflow.Location{Bucket: landing.Bucket, Prefix: prefix}
		}
		return workflow.At(given.Bucket, given.Prefix)
	}
	return Locations{location(&landing, ""), location(results, resultsPrefix), location(quarantine, quarantinePrefix)}
}

// MarkerPrefix begins the keys of completion marker objects. It stands beside the
// import prefixes, because a service tries to import whatever is below one.
func (l Locations) MarkerPrefix() string { return l.Landing.Prefix + "_complete/" }

// Check reports what is wrong with the locations; example is a prefix to write instead.
func (l Locations) Check(list *problem.List, example string) {
	l.Landing.Check(list, "Landing", example)
	if l.Landing.Bucket == nil {
		return
	}
	for _, other := range []struct {
		path     string
		location workflow.Location
	}{{"Results", l.Results}, {"Quarantine", l.Quarantine}} {
		other.location.Check(list, other.path, example)
		if other.location.Overlaps(l.Landing) {
			list.Addf(other.path+".Prefix", fmt.Sprintf("%q beside the landing prefix %q", other.location.Prefix, l.Landing.Prefix),
				"prefixes apart from each other", "choose another prefix: what a job writes must not be imported")
		}
	}
}

// Seconds returns a poll interval in seconds.
func Seconds(interval awscdk.Duration) int {
	return int(*interval.ToSeconds(&awscdk.TimeConversionOptions{Integral: jsii.Bool(false)}))
}

// CheckPollInterval reports an interval that is shorter than least or longer than an hour.
func CheckPollInterval(list *problem.List, interval awscdk.Duration, least int) {
	if seconds := Seconds(interval); seconds < least || seconds > 3600 {
		list.Addf("PollInterval", fmt.Sprintf("%d seconds", seconds), fmt.Sprintf("%d seconds to an hour", least), "leave it out")
	}
}
