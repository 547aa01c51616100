package variants

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsemrserverless"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
)

// VariantLake loads the VCF files that arrive in a folder into Iceberg tables.
type VariantLake struct {
	constructs.Construct

	role        awsiam.Role
	application awsemrserverless.CfnApplication // nil with Glue
	job         awsglue.CfnJob                  // nil with EMR Serverless
	tables      []*catalog.Table                // that this construct makes
	topic       awssns.ITopic
	queue, dead awssqs.Queue
	logs        awslogs.LogGroup // of the job; nil with Glue, which makes its own
	machine     *workflow.Machine
}

// NewVariantLake makes what loads VCF files into the tables of schema.Contract, without a
// cluster that waits and without a Lambda function:
//
//   - each object that arrives below Landing is an event of S3, which goes to a queue;
//   - by Schedule a workflow empties the queue into a manifest, of up to a thousand objects,
//     and starts one run of Spark for all of them; while one runs, no other starts. So a
//     thousand files that arrive together are one run, and an event that comes twice is
//     one object of the manifest, which the job knows by its ETag;
//   - the run reads the objects with the reader of this package and publishes the rows of
//     all of them together; see the package. One that failed is tried once more, and then
//     the execution fails, which raises an alarm. Nothing of it is visible, and its manifest
//     stays: an execution with the input {"manifest": "s3://…/"} loads it again;
//   - an event that no execution could take five times waits in the dead-letter queue,
//     which raises an alarm. A redrive of that queue brings it back.
//
// Files that the reader refuses are an answer, not a failure: the table files says why, and
// an alarm tells of it.
//
// The engine, EMR Serverless or Glue, starts with a run and stops after it. Its job has
// full table access to these tables and to nothing else: Lake Formation lends it
// credentials for them, as fine-grained access forbids jars of one's own. That takes
// SettingsProps.AllowFullTableAccess in the Settings of the environment, and ALL on each
// of the tables: the job's role may in IAM neither make nor delete one. Disks of the workers, logs,
// queues and notices are encrypted with Key. A key of another app must let CloudWatch,
// CloudWatch Logs, EventBridge and EMR Serverless use it; one of this app is extended.
//
// The jar and the script are part of this package: no JDK, no network and no image are
// needed to synthesize, and every machine synthesizes the same.
//
// It panics with every problem of the props at once. What is not proven without an account:
// that a run of this engine, with these grants, reaches the tables.
// Sources: "Lake Formation full table access for EMR Serverless", "Disk encryption with KMS
// CMK", "Using AWS Glue with AWS Lake Formation for full table access"; rules 13.11 and
// 13.14.
func NewVariantLake(scope constructs.Construct, id *string, props *VariantLakeProps) *VariantLake {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	l := &VariantLake{}
	cdkx.Add(l, scope, id)
	if p.Permissions == nil {
		p.Permissions = governance.PermissionsOf(l)
	}
	cdkx.AllowWorkflows(l, p.Key)
	cdkx.AllowSparkJobs(l, p.Key)
	l.topic = workflow.AlarmTopic(l, p.AlarmTopic, p.Key)
	l.newTables(&p)
	l.newJobRole(&p)
	files := l.newAssets()
	if p.Engine == EMRServerless {
		l.logs = workflow.NewLogs(l, "/lakemesh/variants/"+cdkx.UniqueName(l), p.Key)
	}
	policy := l.newJobPolicy(&p, files, l.logs)
	l.newArrival(&p)
	l.newMachine(&p, files, l.newEngine(&p, files, l.logs))
	l.machine.Cfn().AddResourceDependency(cdkx.L1(policy), nil)
	l.grant(&p).ApplyBefore(l.machine.Cfn())
	return l
}

// newTables makes the tables where they are made here, and the one of no product.
func (l *VariantLake) newTables(p *lakePlan) {
	c := schema.Contract()
	add := func(id string, table contract.Table, of *contract.Contract) {
		location := p.files.URI() + table.Name + "/"
		l.tables = append(l.tables, catalog.NewTable(l, jsii.String("Table-"+id), &catalog.TableProps{
			Database: p.Database, DatabaseName: p.databaseName(), Table: &table, Contract: of, Location: &location,
		}))
	}
	if !cdkx.Missing(p.Database) {
		for _, table := range c.Tables {
			add(table.Name, table, c)
		}
	}
	add("erased", schema.Erased(), nil)
}

// databaseName is the name of a database that is known by name only.
func (p *lakePlan) databaseName() *string {
	if cdkx.Missing(p.Database) {
		return p.DatabaseName
	}
	return nil
}

// name is that of the application or job.
func (l *VariantLake) name(p *lakePlan) string {
	if p.Name != nil {
		return *p.Name
	}
	return cdkx.Shortened(l, 64)
}

// Role is the role of the job.
func (l *VariantLake) Role() awsiam.IRole { return l.role }

// Application is the application of EMR Serverless; nil with Glue.
func (l *VariantLake) Application() awsemrserverless.CfnApplication { return l.application }

// Job is the Glue job; nil with EMR Serverless.
func (l *VariantLake) Job() awsglue.CfnJob { return l.job }

// Tables are those that this construct makes: the ones of the contract, where Database is
// given, and the one of erased samples.
func (l *VariantLake) Tables() []*catalog.Table { return append([]*catalog.Table(nil), l.tables...) }

// Queue holds events of objects that arrived and are not loaded yet.
func (l *VariantLake) Queue() awssqs.Queue { return l.queue }

// DeadLetters is the queue of events that no execution could take.
func (l *VariantLake) DeadLetters() awssqs.Queue { return l.dead }

// Alarms is the topic that hears of failures.
func (l *VariantLake) Alarms() awssns.ITopic { return l.topic }

// StateMachineArn is the ARN of the state machine that loads.
func (l *VariantLake) StateMachineArn() *string { return l.machine.ARN() }

// Cfn is the state machine that loads.
func (l *VariantLake) Cfn() awsstepfunctions.CfnStateMachine { return l.machine.Cfn() }

// GrantLoad lets the grantee load out of schedule: with the input {} what is in the queue,
// with {"manifest": "s3://…/"} what a manifest names, one of the runs before or a folder of
// lines of JSON {"uri": "s3://…", "etag": "…", "size": 1} beside theirs. It lets see how
// executions went, too.
func (l *VariantLake) GrantLoad(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(l, "grantee", grantee, "a role, a user or another awsiam.IGrantable")
	return l.machine.GrantStart(grantee)
}
