package query

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// JobProps configures a Job.
type JobProps struct {
	// WorkGroup is where the statements run. Its key encrypts the logs. Required.
	WorkGroup IWorkGroup

	// Description says what the job does, for example "De-identifies clinical data".
	// Required.
	Description *string

	// Statements run one after another, each when the one before has succeeded: 1 to
	// 20, of at most 250,000 bytes each and 900,000 together, as JSON texts. Required.
	// They can run twice without harm.
	Statements []string

	// Writes are the tables that the statements write.
	// Default: none, the statements only read.
	Writes []WrittenTable

	// Schedule is a six-field cron such as "cron(15 2 ? * SUN *)", in UTC.
	// Default: none, the job runs when it is started.
	Schedule *string

	// After are the ARNs of state machines that make what the statements read, such as
	// those of other jobs, of the job's account and region: at most 50, each once. Before
	// its statements the job looks at the last execution of each. It goes on when that has
	// succeeded, whenever that was; it waits while one runs, four hours for all together; and
	// it fails when the last one has not succeeded, or when there is none: out of tables that
	// nothing has filled it would make empty ones, and report success. Step Functions forgets
	// executions after 90 days. Two jobs that come after each other never run.
	// Default: none, the job begins at once.
	After []string

	// AfterElsewhere are such state machines of other accounts of the job's region: with those
	// of After at most 50. The job looks at them with the roles that are named here, which
	// NewReadinessRole makes in these accounts and which need not exist yet.
	// Default: none.
	AfterElsewhere []ForeignMachines

	// ForeignCatalogs are the encrypted catalogs elsewhere that the statements read tables of.
	// Default: none.
	ForeignCatalogs []ForeignCatalog

	// StateMachineName fixes the name of the job's state machine, so that other jobs can
	// come after it, and people start it, by a name that is known before.
	// Default: CloudFormation generates it.
	StateMachineName *string

	// RoleName fixes the name of the job's role.
	// Default: CloudFormation generates it.
	RoleName *string

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with the workgroup's key.
	AlarmTopic awssns.ITopic
}

const (
	// All statements stand in one definition, of workflow.MaxDefinition at most; the
	// rest is for the states.
	maxStatementBytes = 900_000
)

func (p *JobProps) withDefaults() JobProps {
	out := cdkx.Value(p, JobProps{})
	out.Statements = slices.Clone(out.Statements)
	out.Writes = slices.Clone(out.Writes)
	out.After = slices.Clone(out.After)
	out.AfterElsewhere = slices.Clone(out.AfterElsewhere)
	out.ForeignCatalogs = slices.Clone(out.ForeignCatalogs)
	return out
}

func (p *JobProps) problems() problem.List {
	var list problem.List
	checkWorkGroup(&list, p.WorkGroup)
	if cdkx.Value(p.Description, "") == "" {
		list.Addf("Description", "nothing", "what the job does", "set Description")
	}
	checkStatements(&list, "Statements", p.Statements, contract.MaxStatements, "make several jobs, or join statements")
	for i, w := range p.Writes {
		w.Check(&list, fmt.Sprintf("Writes[%d]", i))
	}
	cdkx.CheckSchedule(&list, "Schedule", p.Schedule)
	p.checkElsewhere(&list)
	checkStateMachineName(&list, p.StateMachineName)
	return list
}

// Job is a workflow that runs SQL statements in Athena.
type Job struct {
	constructs.Construct

	machine *workflow.Machine
	topic   awssns.ITopic
}

// NewJob makes a workflow that runs statements in Athena one after another, by a
// schedule or when it is started. It has no function and no server: Step Functions
// calls Athena itself.
//
// One execution works at a time. Another that starts meanwhile finds the older one
// and ends well without running anything; for that each waits half a minute first.
// Step Functions lists executions "eventually", so statements should still bear two
// at once, if only by failing. A failed statement fails the execution, the
// statements after it do not run, and the alarm tells the topic: start it anew then.
// Each statement has an hour.
//
// A job that comes After others waits for them when it is the one that works. What keeps
// it from beginning fails it as EarlierJobFailed, EarlierJobNeverRan or EarlierJobStillRuns,
// with a cause that names the machine, and the alarm tells the topic.
//
// IAM lets the role use the workgroup, and read and write the files of the tables
// that Writes lists and commit to them: Athena does not promise that Lake Formation
// lends credentials for writing. A bucket's key is used for the objects of that bucket
// alone. Which tables it really reads and writes is Lake
// Formation's to say: give it the grants, by governance.RolePrincipal(job.Role()).
//
// It panics with every problem of the props at once.
// Sources: "Call Amazon Athena with Step Functions", "ListExecutions", "Use Athena to
// query data registered with AWS Lake Formation". Nothing here was deployed to an
// account by this project.
func NewJob(scope constructs.Construct, id *string, props *JobProps) *Job {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems())

	j := &Job{}
	cdkx.Add(j, scope, id)
	tables := make([]workflow.Written, len(p.Writes))
	for i, w := range p.Writes {
		tables[i] = w.written()
	}
	j.machine, j.topic = newMachine(j, p.WorkGroup, p.AlarmTopic, tables, &others{"Finds other executions of the job", p.After, p.lookStatements(), p.catalogStatements(j)}, &workflow.MachineProps{
		Definition:  p.definition(),
		Description: *p.Description,
		Name:        p.StateMachineName,
		RoleName:    p.RoleName,
		Wildcards:   "Athena reads the catalog as a whole and names files itself, below the prefixes of the tables; Lake Formation decides which tables the role reads and writes.",
	})
	if p.Schedule != nil {
		j.machine.Every("Schedule", *p.Description, *p.Schedule)
	}
	j.machine.Alarms(j.topic, "The job: "+*p.Description+":")
	return j
}

// Role is the role of the job, which the grants of Lake Formation are for.
func (j *Job) Role() awsiam.IRole { return j.machine.Role() }

// Alarms is the topic that hears of failures.
func (j *Job) Alarms() awssns.ITopic { return j.topic }

// GrantStart lets the grantee start the job and see how executions went.
func (j *Job) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	return j.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (j *Job) Cfn() awsstepfunctions.CfnStateMachine { return j.machine.Cfn() }

// definition runs the statements if no older execution runs, after other machines.
func (p *JobProps) definition() workflow.Definition {
	list := make([]workflow.Statement, len(p.Statements))
	for i, sql := range p.Statements {
		list[i].SQL = sql
	}
	out := workflow.Definition{
		Comment: *p.Description, StartAt: "Settle",
		TimeoutSeconds: 2*settle + len(list)*workflow.StatementSeconds,
		States: workflow.States{"Done": workflow.Succeed()}.Add(
			workflow.RunStatements(*p.WorkGroup.WorkGroupName(), list, "Done")),
	}
	after := p.awaited()
	if len(after) == 0 {
		out.States = out.States.Add(oneAtATime(workflow.FirstStatement))
		return out
	}
	out.TimeoutSeconds += afterSeconds
	out.States = out.States.Add(oneAtATime(firstLook), comeAfter(after, workflow.FirstStatement))
	return out
}
