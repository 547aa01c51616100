package fhirstore

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Statement is one SQL statement that runs after an export.
type Statement struct {
	// SQL that can run twice without harm, such as a MERGE INTO an Iceberg table;
	// at most 250,000 bytes as a JSON text. Required.
	SQL *string

	// PassJob passes the id of the export job for the one ? in the SQL, to tell this
	// export's files from older ones: WHERE "$path" LIKE '%FHIR_EXPORT-' || ? || '%'.
	// Default: false, the SQL has no parameter.
	PassJob *bool
}

// ExportProps configures an Export.
type ExportProps struct {
	// Store that is exported. Required.
	Store IFhirStore

	// Output is where the files go, below a prefix per job with NDJSON files by
	// resource type: a prefix in the curated zone. Each job leaves a copy of all
	// patients there, so let it expire: name it in ExpireFolders of the zone's
	// storage.Lifecycle, or give a bucket of your own a lifecycle rule. Required.
	Output storage.S3Location

	// Schedule is a six-field cron such as "cron(15 2 * * ? *)", in UTC.
	// Default: none, the export runs when it is started.
	Schedule *string

	// Statements run one after another when the files are there, at most 10.
	// Default: none.
	Statements []Statement

	// Writes are the tables that the statements write: their role may write the files of
	// these and commit them, and of no other. See query.JobProps.Writes.
	// Default: none, the statements only read.
	Writes []query.WrittenTable

	// WorkGroup is the Athena workgroup of the statements; required with them.
	// Default: none.
	WorkGroup query.IWorkGroup

	// PollInterval is how often the workflow asks how the job goes, 1 to 60 minutes.
	// It gives up after 1,500 times.
	// Default: 5 minutes.
	PollInterval awscdk.Duration

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with the store's key.
	AlarmTopic awssns.ITopic
}

const maxStatements = 10

// exportPlan is ExportProps with its defaults.
type exportPlan struct {
	ExportProps
	output workflow.Location
}

func (p *ExportProps) withDefaults() exportPlan {
	out := exportPlan{}
	if p != nil {
		out.ExportProps = *p
	}
	out.output = workflow.At(out.Output.Bucket, out.Output.Prefix)
	out.Statements, out.Writes = slices.Clone(out.Statements), slices.Clone(out.Writes)
	if out.PollInterval == nil {
		out.PollInterval = awscdk.Duration_Minutes(jsii.Number(5))
	}
	return out
}

func (p *exportPlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthLake().CheckStore(&list, scope, p.Store)
	p.output.Check(&list, "Output", examplePrefix)
	cdkx.CheckSchedule(&list, "Schedule", p.Schedule)
	if n := len(p.Statements); n > maxStatements {
		list.Addf("Statements", fmt.Sprint(n), fmt.Sprintf("at most %d", maxStatements), "make a second export, or join statements")
	}
	for i, s := range p.Statements {
		merge.Check(&list, fmt.Sprintf("Statements[%d].SQL", i), cdkx.Value(s.SQL, ""))
	}
	if (len(p.Statements) > 0) == cdkx.Missing(p.WorkGroup) {
		list.Addf("WorkGroup", fmt.Sprintf("%d statements, workgroup: %v", len(p.Statements), !cdkx.Missing(p.WorkGroup)), "a workgroup with statements, and only with them", "set both or neither")
	}
	for i, w := range p.Writes {
		w.Check(&list, fmt.Sprintf("Writes[%d]", i))
	}
	if len(p.Writes) > 0 && len(p.Statements) == 0 {
		list.Addf("Writes", fmt.Sprintf("%d tables and no statements", len(p.Writes)), "statements that write them", "set Statements, or leave it out")
	}
	delivery.CheckPollInterval(&list, p.PollInterval, 60)
	return list
}

// Export is the workflow that exports a store and publishes what was exported.
type Export struct {
	constructs.Construct

	role    *DataAccessRole
	machine *workflow.Machine
	topic   awssns.ITopic
}

// NewExport makes a workflow that exports everything in the store to the output
// folder, by a schedule or when it is started, waits for the job, and then runs
// the statements in Athena, for example to merge the resources into an Iceberg
// table of a data product.
//
// A failed job or statement fails the execution and the alarm tells the topic:
// start a new one then. HealthLake runs one export per store; another one
// started meanwhile is queued or throttled, and throttled ones are retried for
// a day. Old exports stay until a lifecycle rule of the bucket takes them, see
// ExportProps.Output: they hold all of the store.
//
// The role of the workflow runs the statements, and IAM lets it write the tables of
// Writes: give it the grants of Lake Formation that the statements need, by
// governance.RolePrincipal(export.QueryRole()).
//
// It panics with every problem of the props at once.
// Sources: "Exporting FHIR data with HealthLake", "StartFHIRExportJob"; rule
// 7.5. Nothing here was deployed to an account by this project.
func NewExport(scope constructs.Construct, id *string, props *ExportProps) *Export {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	e := &Export{}
	cdkx.Add(e, scope, id)
	e.topic = workflow.AlarmTopic(e, p.AlarmTopic, p.Store.Key())
	e.role = NewDataAccessRole(e, jsii.String("DataAccess"), &DataAccessRoleProps{Store: p.Store, Output: p.Output})
	statements := []awsiam.PolicyStatement{
		allow(p.Store.DatastoreARN(), "DescribeFHIRExportJob", "StartFHIRExportJob"),
		workflow.PassRole(e.role.role, healthLake),
	}
	wildcards := ""
	if !cdkx.Missing(p.WorkGroup) {
		statements = append(statements, p.WorkGroup.QueryStatements()...)
		for _, w := range p.Writes {
			statements = append(statements, w.Statements(e, p.Store.Key())...)
		}
		wildcards = "Athena reads the catalog as a whole; Lake Formation decides which tables the role reads and writes."
	}
	e.machine = workflow.NewMachine(e, "Machine", &workflow.MachineProps{
		Definition:  p.definition(*cdkx.RoleARN(e.role.role)),
		Description: "Exports a FHIR store",
		Key:         p.Store.Key(),
		Statements:  statements,
		Wildcards:   wildcards,
	})
	if p.Schedule != nil {
		e.machine.Every("Schedule", "Exports the FHIR store", *p.Schedule)
	}
	e.machine.Alarms(e.topic, "An export of the FHIR store "+*p.Store.DatastoreName())
	e.machine.Cfn().AddResourceDependency(cdkx.L1(e.role.policy), nil)
	return e
}

// Role is the role that HealthLake writes the files with.
func (e *Export) Role() awsiam.IRole { return e.role.role }

// DataAccess is what makes that role, with its policy.
func (e *Export) DataAccess() *DataAccessRole { return e.role }

// QueryRole is the role of the workflow, which runs the statements.
func (e *Export) QueryRole() awsiam.IRole { return e.machine.Role() }

// Alarms is the topic that hears of failures.
func (e *Export) Alarms() awssns.ITopic { return e.topic }

// StateMachineArn is the ARN of the state machine, which takes any input.
func (e *Export) StateMachineArn() *string { return e.machine.ARN() }

// Cfn is the state machine.
func (e *Export) Cfn() awsstepfunctions.CfnStateMachine { return e.machine.Cfn() }

// GrantStart lets the grantee start exports and redrive failed ones.
func (e *Export) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(e, "grantee", grantee, aGrantee)
	return e.machine.GrantStart(grantee)
}

// definition exports the store and runs the statements.
func (p *exportPlan) definition(role string) workflow.Definition {
	id := *p.Store.DatastoreID()
	poll := delivery.Seconds(p.PollInterval)
	after := "Exported"
	if len(p.Statements) > 0 {
		after = workflow.FirstStatement
	}
	start := workflow.Call("healthlake", "startFHIRExportJob", map[string]any{
		"DatastoreId": id, "DataAccessRoleArn": role, "ClientToken.$": "States.Hash($$.Execution.Id, 'SHA-256')",
		"OutputDataConfig": map[string]any{"S3Configuration": map[string]any{"S3Uri": p.output.URI(), "KmsKeyId": p.output.KeyARN()}},
	}).Retry(retryThrottled())
	return workflow.Definition{
		Comment: "Exports a FHIR store", StartAt: "StartExport",
		TimeoutSeconds: workflow.MaxPolls*poll + len(p.Statements)*workflow.StatementSeconds,
		States: workflow.States{
			"StartExport": start.Result("$.started").Next("WaitForExport"),
			"Exported":    workflow.Succeed(),
			"Incomplete":  workflow.Fail("Incomplete", "The export job failed, was cancelled or left resources out: describe it with healthlake describe-fhir-export-job"),
		}.Add(
			workflow.Poll("Export", poll,
				workflow.Call("healthlake", "describeFHIRExportJob", map[string]any{"DatastoreId": id, "JobId.$": "$.started.JobId"}).Result("$.job"),
				"$.job.ExportJobProperties.JobStatus",
				workflow.Outcome{Status: "COMPLETED", Next: after},
				workflow.Outcome{Status: "COMPLETED_WITH_ERRORS", Next: "Incomplete"},
				workflow.Outcome{Status: "FAILED", Next: "Incomplete"},
				workflow.Outcome{Status: "CANCEL_COMPLETED", Next: "Incomplete"},
				workflow.Outcome{Status: "CANCEL_FAILED", Next: "Incomplete"}),
			p.statementStates(),
		),
	}
}

// statementStates run the statements one after another.
func (p *exportPlan) statementStates() workflow.States {
	if len(p.Statements) == 0 {
		return nil
	}
	list := make([]workflow.Statement, len(p.Statements))
	for i, s := range p.Statements {
		list[i].SQL = *s.SQL
		if cdkx.Value(s.PassJob, false) {
			list[i].Parameters = `States.Array(States.Format('\'{}\'', $.started.JobId))`
		}
	}
	return workflow.RunStatements(*p.WorkGroup.WorkGroupName(), list, "Exported")
}
