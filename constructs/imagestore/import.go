package imagestore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// Import is the workflow that imports DICOM files into an ImageStore.
type Import struct {
	constructs.Construct

	role      awsiam.Role
	topic     awssns.ITopic
	workflows delivery.Import
}

// NewImport makes a workflow that imports the DICOM P10 files below an import prefix
// when all of them are there. Files come in any number and order, so the sender says
// when: it puts them below <landing><name>/ and then, last, a completion marker object
// of any content as <landing>_complete/<name>. The marker stands outside the prefix
// because HealthImaging tries to import whatever is below it. A name is letters,
// digits and any of ._- and has no patient's name or number in it: keys and names
// of imports are logged.
//
// Then, without a Lambda function:
//
//   - the marker's event starts one import, under a name made of the marker's key and
//     its sequencer, which is also the job's client token: an event that is delivered
//     twice starts nothing, a marker that is written again imports again;
//   - HealthImaging reads the files with a role that can read Landing, write
//     Results and nothing else, and which only it can take, for this store;
//   - the workflow waits for the job and reads its report, or looks below the
//     prefixes SUCCESS/ and FAILURE/ beside it where the report is longer than workflows can
//     read, from about 1,000 image sets. A job that failed, that found no file or that
//     refused any is recorded in Quarantine as <quarantine><name>/<import>.json with
//     the job's state and the report, or where one too long was found; the topic
//     hears of it and the import ends as failed, which raises an alarm. Files are neither
//     moved nor copied, because valid ones of the prefix may be in the store already;
//     the report's FAILURE/failure.ndjson names those that are not.
//
// Mend the files and write the marker again: HealthImaging stores instances that
// it has by a new version. It takes 5,000 files in one import.
//
// Logs, queues and the topic are encrypted with the store's key. A key of another
// app must let CloudWatch, CloudWatch Logs and EventBridge use it; one of this app
// is extended.
//
// It panics with every problem of the props at once.
// Sources: "Starting an import job", "Understanding import jobs"; rule 7.5.
func NewImport(scope constructs.Construct, id *string, props *ImportProps) *Import {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	i := &Import{}
	cdkx.Add(i, scope, id)
	i.topic = workflow.AlarmTopic(i, p.AlarmTopic, p.Store.Key())
	i.role = newImportRole(i, &p)
	i.workflows = delivery.New(i, delivery.Props{
		Locations: p.at, Key: p.Store.Key(), Topic: i.topic,
		ID: "Workflow",
		Machine: workflow.MachineProps{
			Definition:  p.definition(*cdkx.RoleARN(i.role), *i.topic.TopicArn()),
			Description: "Imports DICOM files into HealthImaging",
			Statements:  p.statements(i),
			Wildcards:   "Objects are those below fixed folders of the lake, and image sets those of one store.",
		},
		Subject:         "A DICOM import",
		Dispatch:        p.dispatch,
		DispatchRole:    "Starts one import for each folder that is complete",
		DispatchRule:    "A folder of DICOM files is complete",
		DispatchSubject: "The start of a DICOM import",
	})
	return i
}

// newImportRole makes the role that HealthImaging reads and writes files with.
// Source: "Create an IAM role for import", "Cross-service confused deputy
// prevention in HealthImaging".
func newImportRole(i *Import, p *importPlan) awsiam.Role {
	role := awsiam.NewRole(i, jsii.String("DataAccessRole"), &awsiam.RoleProps{
		Description: jsii.String("HealthImaging reads DICOM files and writes reports with this role"),
		AssumedBy:   workflow.OnBehalf(i, imaging, p.Store.DatastoreARN()),
	})
	policy := awsiam.NewManagedPolicy(i, jsii.String("DataAccessPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What HealthImaging may do to import DICOM files"),
		Roles:       &[]awsiam.IRole{role},
		Statements: &[]awsiam.PolicyStatement{
			p.at.Landing.List(), p.at.Landing.Objects("s3:GetObject"), p.at.Landing.Decrypt(),
			p.at.Results.List(), p.at.Results.Objects("s3:PutObject"), p.at.Results.Encrypt(),
		},
	})
	cdkx.Acknowledge(policy, cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "An import reads every file of a folder whose keys nobody knows before; the wildcards end at two fixed folders of the lake.",
	})
	return role
}

// statements are what the workflow needs.
func (p *importPlan) statements(i *Import) []awsiam.PolicyStatement {
	return append(workflow.Publish(i.topic, p.Store.Key()),
		workflow.Allow([]string{*p.Store.DatastoreARN()}, importActions...),
		workflow.Allow([]string{*cdkx.KeyARN(p.Store.Key())}, writeKey()...),
		workflow.PassRole(i.role, imaging),
		p.at.Results.List(), p.at.Results.Objects("s3:GetObject"), p.at.Results.Decrypt(),
		p.at.Quarantine.Objects("s3:PutObject"), p.at.Quarantine.Encrypt(),
	)
}

// Role is the role that HealthImaging reads and writes files with.
func (i *Import) Role() awsiam.IRole { return i.role }

// Alarms is the topic that hears of imports that failed.
func (i *Import) Alarms() awssns.ITopic { return i.topic }

// DeadLetters is the queue of events that could not start an import.
func (i *Import) DeadLetters() awssqs.Queue { return i.workflows.Dispatch.DeadLetters() }

// StateMachineArn is the ARN of the state machine that imports what is below one import prefix.
func (i *Import) StateMachineArn() *string { return i.workflows.Machine.ARN() }

// Cfn is the state machine that imports.
func (i *Import) Cfn() awsstepfunctions.CfnStateMachine { return i.workflows.Machine.Cfn() }

// GrantStart lets the grantee import without a completion marker object, with the input
// {"folder": "<name>"}, see how imports went and redrive failed ones.
func (i *Import) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(i, "grantee", grantee, aGrantee)
	return i.workflows.Machine.GrantStart(grantee)
}
