package imagestore

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Metadata keeps a table of the series in an ImageStore.
type Metadata struct {
	constructs.Construct

	topic    awssns.ITopic
	queue    awssqs.Queue
	dead     awssqs.Queue
	function awslambda.Function
	landing  *catalog.Table
	machine  *workflow.Machine
}

// NewMetadata makes what keeps a table up to date with the image sets of a store:
//
//   - events of image sets that were created, copied, updated or deleted go to a
//     queue, which a small function in Go empties: it reads the image set as it is
//     now and writes its series as JSON lines below the landing prefix, under a key made of image
//     set and version. What cannot be read comes back five times and then waits in
//     the dead-letter queue;
//   - on a schedule one MERGE in Athena takes the landing table into the Iceberg table.
//
// So an event that comes twice, late or out of order changes nothing: the landing table
// holds versions, not changes, and the newest counts. Rows of an older version are
// replaced, rows of a deleted image set are removed. Merging by schedule and not by
// event keeps the table's files few and its commits from meeting each other.
//
// The function is the only code of this package that runs in an account: HealthImaging
// returns metadata compressed, which Step Functions cannot read. It logs ids of image
// sets and never their metadata, has no network of yours and can read metadata, write
// below the landing prefix and nothing else. It is built from sources that this package carries;
// the asset's hash is that of the sources, so a newer Go alone does not deploy it anew.
//
// Names, numbers and dates of patients are in the landing table and in the table: both are
// PHI, as MetadataTable says column by column. Logs, queues and the topic are
// encrypted with the store's key. A key of another app must let CloudWatch,
// CloudWatch Logs and EventBridge use it; one of this app is extended.
//
// It panics with every problem of the props at once, and when the function cannot
// be built. What is not proven without an account: that Athena merges into the
// table with the grants given here, and the events' exact shape.
// Sources: "Using Amazon EventBridge with HealthImaging", "Getting image set
// metadata", "MERGE INTO"; rules 2.5 and 6.6.
func NewMetadata(scope constructs.Construct, id *string, props *MetadataProps) *Metadata {
	p := props.withDefaults()
	list := p.problems(scope)
	for i, arn := range p.LocationARNs {
		cdkx.CheckPartition(&list, scope, fmt.Sprintf("LocationARNs[%d]", i), arn)
	}
	cdkx.Check(scope, id, list)

	m := &Metadata{}
	cdkx.Add(m, scope, id)
	if p.Permissions == nil {
		p.Permissions = governance.PermissionsOf(m)
	}
	m.topic = workflow.AlarmTopic(m, p.AlarmTopic, p.Store.Key())
	m.queue, m.dead = newQueues(m, &p, m.topic)
	m.function = newFunction(m, &p, m.queue)
	m.landing = newLandingTable(m, &p)
	m.newRefresh(&p)
	return m
}

// newLandingTable makes the landing table, after what it has to find: the table
// that it is merged into, in the same database (rule 2.12).
func newLandingTable(m *Metadata, p *metadataPlan) *catalog.Table {
	location := s3uri.Parse(bucketName(p.Landing.Bucket) + "/" + *p.Landing.Prefix).URI()
	table := schema.LandingTable(*p.LandingTable, "") // a contract says no place that only the deployment knows
	return catalog.NewTable(m, jsii.String("Inbox"), &catalog.TableProps{
		DatabaseName: p.DatabaseName, Table: &table, Location: &location, After: p.made(),
	})
}

// newRefresh makes the workflow that runs the statement.
func (m *Metadata) newRefresh(p *metadataPlan) {
	m.machine = workflow.NewMachine(m, "Refresh", &workflow.MachineProps{
		Definition:  p.refresh(),
		Description: "Takes the inbox of image-set metadata into its table",
		Key:         p.Store.Key(),
		RoleName:    p.RefreshRoleName,
		Statements: append(p.WorkGroup.QueryStatements(), workflow.Written{
			Database: *p.DatabaseName, Table: *p.TableName, Bucket: p.Files.Bucket, Prefix: *p.Files.Prefix,
		}.Statements(m, p.Store.Key())...),
		Wildcards: "Athena and the catalog are read by whoever queries; the inbox only with Lake Formation's credentials; files of the table have names that Athena gives, below one prefix.",
	})
	m.machine.Every("Schedule", "Brings the table of image series up to date", *p.Schedule)
	m.machine.Alarms(m.topic, "The refresh of the table of image series")
	m.grant(p).ApplyBefore(m.machine.Cfn())
}

// refresh runs the statement and waits for its end.
func (p *metadataPlan) refresh() workflow.Definition {
	const seconds = 15
	describe := workflow.Call("athena", "getQueryExecution", map[string]any{"QueryExecutionId.$": "$.query.QueryExecutionId"}).Result("$.state")
	states := workflow.States{
		"Start": workflow.Call("athena", "startQueryExecution", map[string]any{
			"QueryString":          mergeStatement(*p.DatabaseName, *p.TableName, *p.LandingTable),
			"WorkGroup":            p.WorkGroup.WorkGroupName(),
			"ClientRequestToken.$": "States.Hash($$.Execution.Id, 'SHA-256')",
		}).Result("$.query").Next("WaitForMerge"),
		"Merged":  workflow.Succeed(),
		"Refused": workflow.Fail("MergeFailed", "Athena could not take the inbox into the table: see the query in the workgroup's history"),
	}
	return workflow.Definition{
		Comment: "Takes the inbox of image-set metadata into its table",
		StartAt: "Start", TimeoutSeconds: 3600,
		States: states.Add(workflow.Poll("Merge", seconds, describe, "$.state.QueryExecution.Status.State",
			workflow.Outcome{Status: "SUCCEEDED", Next: "Merged"}, workflow.Outcome{Status: "FAILED", Next: "Refused"},
			workflow.Outcome{Status: "CANCELLED", Next: "Refused"})),
	}
}

// grant enters what the statement needs of Lake Formation into the Permissions: the
// landing table read, the table read and written, and the locations, because each commit
// updates the table in the catalog.
// Source: "Lake Formation permissions reference".
func (m *Metadata) grant(p *metadataPlan) *governance.Grant {
	principal := governance.RolePrincipal(m.machine.Role())
	out := &governance.Grant{}
	enter := func(after []awscdk.CfnResource, grants ...lakeformation.Grant) {
		for _, g := range grants {
			out = out.Combine(p.Permissions.Grant(principal, g.Resource, g.Permissions, &governance.GrantOptions{After: after}))
		}
	}
	landing := m.landing.Resource()
	enter(nil, lakeformation.ReadTable(landing.Database, landing.Table)...)
	enter(p.made(), lakeformation.WriteTable(*p.DatabaseName, *p.TableName)...)
	for _, location := range p.Locations {
		enter(nil, lakeformation.UseLocation(*location.ARN()))
	}
	for _, arn := range p.LocationARNs {
		enter(nil, lakeformation.UseLocation(arn))
	}
	return out
}

// made is the table where this app makes it.
func (p *metadataPlan) made() []awscdk.CfnResource {
	if made, ok := p.Table.(*catalog.Table); ok && made != nil {
		return []awscdk.CfnResource{made.Cfn()}
	}
	return nil
}

// Function reads image sets and writes them below the landing prefix.
func (m *Metadata) Function() awslambda.Function { return m.function }

// LandingTable is the table of the metadata that arrived.
func (m *Metadata) LandingTable() *catalog.Table { return m.landing }

// Queue holds events of image sets for the function.
func (m *Metadata) Queue() awssqs.Queue { return m.queue }

// DeadLetters is the queue of events whose image sets could not be read.
func (m *Metadata) DeadLetters() awssqs.Queue { return m.dead }

// Alarms is the topic that hears of failures.
func (m *Metadata) Alarms() awssns.ITopic { return m.topic }

// StateMachineArn is the ARN of the state machine that brings the table up to date.
func (m *Metadata) StateMachineArn() *string { return m.machine.ARN() }

// Cfn is the state machine that brings the table up to date.
func (m *Metadata) Cfn() awsstepfunctions.CfnStateMachine { return m.machine.Cfn() }

// GrantRefresh lets the grantee bring the table up to date out of schedule.
func (m *Metadata) GrantRefresh(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(m, "grantee", grantee, aGrantee)
	return m.machine.GrantStart(grantee)
}
