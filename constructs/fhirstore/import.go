package fhirstore

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
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Import is the workflow that imports FHIR resources.
type Import struct {
	constructs.Construct

	role      *DataAccessRole
	workflows delivery.Import
	topic     awssns.ITopic
}

// NewImport makes a workflow that imports NDJSON files into the store, or C-CDA documents
// or CSV files by ImportProps.Profile.
//
// The files of one import arrive below an import prefix of the landing location. When
// all of them are there, an empty completion marker object says so:
//
//	fhir/2026-11-23/Patient.ndjson
//	fhir/2026-11-23/Observation.ndjson
//	fhir/_complete/2026-11-23           starts the import of fhir/2026-11-23/
//
// An import prefix has at most 400 files of up to 5 GB each, or 100 of up to 50 GB, which
// keeps a job below HealthLake's 5 TB. Keys may have any characters here, but which of
// them HealthLake reads is not documented: letters, digits and ._=-/ are safe.
// The files are not touched, before or after the import.
//
//   - One import at a time: HealthLake runs one job per store, queues 25 more
//     first in, first out, and throttles the rest, which the workflow retries
//     for a day. There is no lock and no queue beside that to get out of step.
//   - Once: EventBridge may report an object twice. An import runs under a name
//     made of the marker's key and S3's sequencer for the write, which Step Functions
//     takes once in 90 days; the job's client token is the same.
//   - A refused import, a failed job and a job that rejected resources end in the
//     quarantine: record.json says what happened, beside copies of HealthLake's
//     manifest and reports of failures and, where nothing was imported, of the files:
//     at most 400 of a prefix, up to 5 GB each. The topic hears of it and of what
//     could not be copied, and the execution fails. Mend the files and write the
//     completion marker object again.
//   - Anything else that fails, such as a missing permission, fails in its step:
//     mend it and redrive the execution, which goes on from there.
//
// How many resources were imported and rejected becomes metrics in the namespace
// LakeMesh/FhirStore. An import of 500 patients takes one to two hours.
//
// It panics with every problem of the props at once.
// Sources: "Importing FHIR data with HealthLake", "StartFHIRImportJob",
// "Redriving state machine executions"; rule 7.5. Nothing here was deployed to
// an account by this project.
func NewImport(scope constructs.Construct, id *string, props *ImportProps) *Import {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	i := &Import{}
	cdkx.Add(i, scope, id)
	i.topic = workflow.AlarmTopic(i, p.AlarmTopic, p.Store.Key())
	i.role = NewDataAccessRole(i, jsii.String("DataAccess"), &DataAccessRoleProps{
		Store: p.Store, Input: &p.Landing, Output: storage.S3Location{Bucket: p.at.Results.Bucket, Prefix: &p.at.Results.Prefix},
	})
	i.workflows = delivery.New(i, delivery.Props{
		Locations: p.at, Key: p.Store.Key(), Topic: i.topic,
		ID: "Machine",
		Machine: workflow.MachineProps{
			Definition:  p.definition(*cdkx.RoleARN(i.role.role), *i.topic.TopicArn()),
			Description: "Imports deliveries of FHIR resources",
			Statements:  p.statements(i),
			Wildcards:   "The workflow lists and copies objects whose names a delivery brings, in the folders of the import only; metrics are held to one namespace.",
		},
		Subject:         "An import into the FHIR store " + *p.Store.DatastoreName(),
		Dispatch:        p.dispatch,
		DispatchRole:    "Starts one import per delivery",
		DispatchRule:    "Imports a delivery of FHIR resources when it is complete",
		DispatchSubject: "Starting an import into the FHIR store " + *p.Store.DatastoreName(),
	})
	i.Cfn().AddResourceDependency(cdkx.L1(i.role.policy), nil)
	return i
}

func (p *importPlan) statements(i *Import) []awsiam.PolicyStatement {
	metrics := workflow.Allow([]string{"*"}, "cloudwatch:PutMetricData")
	metrics.AddCondition(jsii.String("StringEquals"), map[string]any{"cloudwatch:namespace": metricNamespace})
	statements := []awsiam.PolicyStatement{
		allow(p.Store.DatastoreARN(), "DescribeFHIRImportJob", "StartFHIRImportJob"),
		workflow.PassRole(i.role.role, healthLake),
		p.at.Landing.List(), p.at.Landing.Objects("s3:GetObject"), p.at.Landing.Decrypt(),
		p.at.Results.List(), p.at.Results.Objects("s3:GetObject"), p.at.Results.Decrypt(),
		p.at.Quarantine.Objects("s3:PutObject"), p.at.Quarantine.Encrypt(),
		metrics,
	}
	if !cdkx.Missing(p.Profile) {
		statements = append(statements, useProfile(p.Profile))
	}
	return append(statements, workflow.Publish(i.topic, p.Store.Key())...)
}

// Role is the role that HealthLake reads the files with.
func (i *Import) Role() awsiam.IRole { return i.role.role }

// DataAccess is what makes that role, with its policy.
func (i *Import) DataAccess() *DataAccessRole { return i.role }

// Alarms is the topic that hears of failures and quarantined imports.
func (i *Import) Alarms() awssns.ITopic { return i.topic }

// StateMachineArn is the ARN of the state machine that imports what is below one import prefix.
func (i *Import) StateMachineArn() *string { return i.workflows.Machine.ARN() }

// DispatchStateMachineArn is the ARN of the state machine that takes S3's events and
// starts imports. Give it an event of your own to import by hand:
//
//	{"detail": {"object": {"key": "fhir/_complete/2026-11-23", "sequencer": "by hand 1"}}}
func (i *Import) DispatchStateMachineArn() *string { return i.workflows.Dispatch.ARN() }

// DeadLetters is the queue of events that could not start an import.
func (i *Import) DeadLetters() awssqs.Queue { return i.workflows.Dispatch.DeadLetters() }

// Cfn is the state machine that imports.
func (i *Import) Cfn() awsstepfunctions.CfnStateMachine { return i.workflows.Machine.Cfn() }

// GrantStart lets the grantee start imports by hand and redrive failed ones.
func (i *Import) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(i, "grantee", grantee, aGrantee)
	return i.workflows.Dispatch.GrantStart(grantee).Combine(i.workflows.Machine.GrantStart(grantee))
}
