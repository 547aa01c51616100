package query

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkWorkGroup reports a workgroup that a workflow cannot run statements in.
func checkWorkGroup(list *problem.List, group IWorkGroup) {
	switch {
	case cdkx.Missing(group):
		list.Addf("WorkGroup", "nothing", "a workgroup", "set WorkGroup")
	case group.Key() == nil:
		list.Addf("WorkGroup", "a workgroup whose key is not known", "one with a key, which encrypts the job's logs", "import it by WorkGroupFromAttributes, with Key")
	}
}

// checkStatements reports too few or too many statements, and those that are too long alone
// or together.
func checkStatements(list *problem.List, field string, statements []string, most int, fix string) {
	if n := len(statements); n < 1 || n > most {
		list.Addf(field, fmt.Sprint(n), fmt.Sprintf("1 to %d", most), fix)
	}
	all := 0
	for i, sql := range statements {
		all += merge.Length(sql)
		merge.Check(list, fmt.Sprintf("%s[%d]", field, i), sql)
	}
	if all > maxStatementBytes {
		list.Addf(field, fmt.Sprintf("%d bytes together", all), fmt.Sprintf("at most %d", maxStatementBytes), fix)
	}
}

// stateMachineName is what Step Functions takes.
var stateMachineName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// checkStateMachineName reports a fixed name that a state machine cannot have.
func checkStateMachineName(list *problem.List, name *string) {
	if name != nil {
		cdkx.CheckName(list, "StateMachineName", name, stateMachineName, "1 to 80 letters, digits, hyphens and underscores")
	}
}

// newMachine makes a state machine that runs statements in a workgroup and writes
// tables, and the topic for its alarms where none is given. The workgroup's key
// encrypts its logs. Its role may look for other executions, so that one works at a time,
// and for those of the machines that it comes after.
func newMachine(scope constructs.Construct, group IWorkGroup, topic awssns.ITopic, tables []workflow.Written, looks *others, props *workflow.MachineProps) (*workflow.Machine, awssns.ITopic) {
	topic = workflow.AlarmTopic(scope, topic, group.Key())
	props.Key = group.Key()
	props.Statements = group.QueryStatements()
	for _, table := range tables {
		props.Statements = append(props.Statements, table.Statements(scope, group.Key())...)
	}
	props.Statements = append(props.Statements, looks.reads...)
	machine := workflow.NewMachine(scope, "Machine", props)
	statements := append([]awsiam.PolicyStatement{
		workflow.Allow(append([]string{*machine.ARN()}, looks.after...), "states:ListExecutions"),
	}, looks.elsewhere...)
	// Of its own, as the machine waits for its other policy.
	awsiam.NewManagedPolicy(scope, jsii.String("OthersPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String(looks.description),
		Roles:       &[]awsiam.IRole{machine.Role()},
		Statements:  &statements,
	})
	return machine, topic
}

// others are the machines that one looks at beside itself.
type others struct {
	description string                   // of the policy
	after       []string                 // ARNs of those in its own account
	elsewhere   []awsiam.PolicyStatement // what looking at those of other accounts takes
	reads       []awsiam.PolicyStatement // what its statements need beside the workgroup
}

// settle is how long an execution waits before it looks for others: ListExecutions
// takes a moment to know of one.
const settle = 30 // seconds

// oneAtATime are the states that go on to next in the oldest execution that runs;
// the others end. Step Functions lists the newest first.
func oneAtATime(next string) workflow.States {
	return workflow.States{
		"Settle": workflow.Wait(settle).Next("ListRunning"),
		"ListRunning": workflow.Call("sfn", "listExecutions", map[string]any{
			"StateMachineArn.$": "$$.StateMachine.Id", "StatusFilter": "RUNNING", "MaxResults": 100,
		}).Select(map[string]any{
			"arns.$": "$.Executions[*].ExecutionArn", "count.$": "States.ArrayLength($.Executions)",
		}).Result("$.running").Next("IsAnyListed"),
		"IsAnyListed": workflow.Choice("FindOldest", workflow.When("$.running.count", "NumericEquals", 0).Then(next)),
		"FindOldest": workflow.Pass(map[string]any{
			"arn.$":  "States.ArrayGetItem($.running.arns, States.MathAdd($.running.count, -1))",
			"self.$": "$$.Execution.Id",
		}).Result("$.oldest").Next("IsOldest"),
		"IsOldest":       workflow.Choice("AlreadyRunning", workflow.When("$.oldest.arn", "StringEqualsPath", "$.oldest.self").Then(next)),
		"AlreadyRunning": workflow.Succeed(),
	}
}

// WrittenTable is an Iceberg table that statements write, own or imported, with the
// place of its files.
type WrittenTable struct {
	// Table that is written. Required.
	Table catalog.ITable

	// Bucket that holds the table's files. Required.
	Bucket awss3.IBucket

	// Prefix of the table's files in the bucket; it ends in "/". Required.
	Prefix *string
}

// Check reports a table that is not said in full.
func (w WrittenTable) Check(list *problem.List, path string) { w.written().Check(list, path) }

// Statements are what writing the table needs of IAM, beside the grants of Lake
// Formation. The key of the bucket, else the one given, is used for what is in the
// bucket only.
func (w WrittenTable) Statements(scope constructs.Construct, key awskms.IKey) []awsiam.PolicyStatement {
	return w.written().Statements(scope, key)
}

func (w WrittenTable) written() workflow.Written {
	out := workflow.Written{Bucket: w.Bucket, Prefix: cdkx.Value(w.Prefix, "")}
	if !cdkx.Missing(w.Table) {
		out.Database, out.Table = *w.Table.DatabaseName(), *w.Table.TableName()
	}
	return out
}

// EvolvedTables are the Iceberg tables of a database whose columns may be changed,
// with the place of their metadata.
type EvolvedTables struct {
	// Database that the tables stand in. Required.
	Database catalog.IDatabase

	// Bucket that holds the tables' metadata. Required.
	Bucket awss3.IBucket

	// Prefix of the metadata in the bucket; it ends in "/" and may have * for folders, as
	// in "*/metadata/". Required.
	Prefix *string
}

func (e EvolvedTables) written() workflow.Written {
	out := workflow.Written{Table: "*", Bucket: e.Bucket, Prefix: cdkx.Value(e.Prefix, "")}
	if !cdkx.Missing(e.Database) {
		out.Database = *e.Database.DatabaseName()
	}
	return out
}
