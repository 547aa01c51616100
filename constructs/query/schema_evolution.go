package query

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SchemaEvolutionProps configures a SchemaEvolution.
type SchemaEvolutionProps struct {
	// WorkGroup is where the statements run. Its key encrypts the logs. Required.
	WorkGroup IWorkGroup

	// Tables are those that may be changed, with the places of their metadata.
	// Required, at least one.
	Tables []EvolvedTables

	// StateMachineName fixes the name of the workflow, for those who start it by name.
	// Default: CloudFormation generates it.
	StateMachineName *string

	// RoleName fixes the name of the role.
	// Default: CloudFormation generates it.
	RoleName *string

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with the workgroup's key.
	AlarmTopic awssns.ITopic
}

func (p *SchemaEvolutionProps) withDefaults() SchemaEvolutionProps {
	out := cdkx.Value(p, SchemaEvolutionProps{})
	out.Tables = slices.Clone(out.Tables)
	return out
}

func (p *SchemaEvolutionProps) problems() problem.List {
	var list problem.List
	checkWorkGroup(&list, p.WorkGroup)
	if len(p.Tables) == 0 {
		list.Addf("Tables", "none", "the tables that may be changed", "name them")
	}
	for i, w := range p.Tables {
		w.written().Check(&list, fmt.Sprintf("Tables[%d]", i))
	}
	checkStateMachineName(&list, p.StateMachineName)
	return list
}

// SchemaEvolution is a workflow that changes columns of Iceberg tables.
type SchemaEvolution struct {
	constructs.Construct

	machine *workflow.Machine
	topic   awssns.ITopic
}

// NewSchemaEvolution makes a workflow that changes the columns of Iceberg tables by
// ALTER TABLE in Athena. Athena has no credentials of Lake Formation for that: it wants
// the caller to reach the table's metadata in S3, which no person should. The role of
// the workflow reaches the metadata that Tables names, and no data.
//
// It is started with the changes, in the order to make them, such as
// contract.IcebergHistory gives:
//
//	{"changes": [{"database": "lake", "table": "labs", "from": "", "to": "unit", "type": "string",
//	              "sql": "ALTER TABLE `labs` ADD COLUMNS (`unit` string)"}]}
//
// Before each statement it looks at the table in the catalog: a new column that is there
// (to), one that goes or is renamed and is not there (from), and one that has the type
// already are passed over, so that running it again changes nothing. Afterwards it looks
// again, and fails where nothing has changed. One execution works at a time; another
// that starts meanwhile ends without doing anything.
//
// The role needs grants of Lake Formation too: DESCRIBE on the databases, DESCRIBE and
// ALTER on the tables, and their locations, by governance.RolePrincipal(e.Role()).
// Whoever may start the workflow may change the columns of these tables.
//
// It panics with every problem of the props at once.
// Sources: "Evolve Iceberg table schema", "Considerations and limitations for querying
// data registered with Lake Formation" in the Athena user guide. Nothing here was
// deployed to an account by this project: that an Iceberg column which went is marked
// iceberg.field.current = false in the catalog is how Iceberg's own sources write it.
func NewSchemaEvolution(scope constructs.Construct, id *string, props *SchemaEvolutionProps) *SchemaEvolution {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems())

	e := &SchemaEvolution{}
	cdkx.Add(e, scope, id)
	tables := make([]workflow.Written, len(p.Tables))
	for i, t := range p.Tables {
		tables[i] = t.written()
	}
	e.machine, e.topic = newMachine(e, p.WorkGroup, p.AlarmTopic, tables, &others{description: "Finds other executions of the workflow"}, &workflow.MachineProps{
		Definition:  p.definition(),
		Description: "Changes columns of Iceberg tables",
		Name:        p.StateMachineName,
		RoleName:    p.RoleName,
		Wildcards:   "Athena reads the catalog as a whole and names results and metadata files itself, below the metadata folders of the tables; Lake Formation decides which tables the role changes.",
	})
	e.machine.Alarms(e.topic, "A change of Iceberg tables")
	return e
}

// Role is the role of the workflow, which the grants of Lake Formation are for.
func (e *SchemaEvolution) Role() awsiam.IRole { return e.machine.Role() }

// Alarms is the topic that hears of failures.
func (e *SchemaEvolution) Alarms() awssns.ITopic { return e.topic }

// GrantStart lets the grantee change the tables and see how executions went.
func (e *SchemaEvolution) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	return e.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (e *SchemaEvolution) Cfn() awsstepfunctions.CfnStateMachine { return e.machine.Cfn() }

const (
	alterPoll = 15 // seconds
	// A change of a table is written in seconds; the rest is for others that wait.
	evolutionSeconds = 12 * 60 * 60
)

// definition makes the changes at $.changes if no older execution runs.
func (p *SchemaEvolutionProps) definition() workflow.Definition {
	const failed = "AlterFailed"
	alter := workflow.Call("athena", "startQueryExecution", map[string]any{
		"QueryString.$": "$.sql", "WorkGroup": *p.WorkGroup.WorkGroupName(),
		"QueryExecutionContext": map[string]any{"Database.$": "$.database"},
		"ClientRequestToken.$":  "States.Hash(States.Format('{} {}', $$.Execution.Id, $.sql), 'SHA-256')",
	}).Select(map[string]any{"id.$": "$.QueryExecutionId"}).Result("$.query").Next("WaitForAlter")
	describe := workflow.Call("athena", "getQueryExecution", map[string]any{"QueryExecutionId.$": "$.query.id"}).
		Select(map[string]any{"state.$": "$.QueryExecution.Status.State"}).Result("$.status")
	each := workflow.States{
		"LookAtTable": lookAtTable().Next("IsNeeded"),
		"IsNeeded":    workflow.Choice("Passed", workflow.When("$.needed", "BooleanEquals", true).Then("Alter")),
		"Alter":       alter,
		"LookAgain":   lookAtTable().Next("HasChanged"),
		"HasChanged":  workflow.Choice("Made", workflow.When("$.needed", "BooleanEquals", true).Then("NotChanged")),
		"Passed":      workflow.Pass(map[string]any{"passed.$": "$.sql"}).End(),
		"Made":        workflow.Pass(map[string]any{"made.$": "$.sql"}).End(),
		failed:        workflow.Fail(failed, "Athena did not alter a table: see the workgroup's history"),
		"NotChanged":  workflow.Fail("NotChanged", "Athena altered a table, and the catalog does not show it: look at the table"),
	}.Add(workflow.Poll("Alter", alterPoll, describe, "$.status.state",
		workflow.Outcome{Status: "SUCCEEDED", Next: "LookAgain"},
		workflow.Outcome{Status: "FAILED", Next: failed}, workflow.Outcome{Status: "CANCELLED", Next: failed}))
	return workflow.Definition{
		Comment: "Changes columns of Iceberg tables", StartAt: "Settle", TimeoutSeconds: evolutionSeconds,
		States: workflow.States{
			"EachChange": workflow.Each("$.changes", "LookAtTable", each).Result("$.outcomes").Next("Done"),
			"Done":       workflow.Succeed(),
		}.Add(oneAtATime("EachChange")),
	}
}

// lookAtTable says at $.needed whether the change at $ has still to be made. Columns
// that an Iceberg table has no more stay in the catalog, marked. The answer of a
// table with some 500 columns is more than a workflow can read; then it fails here.
func lookAtTable() workflow.State {
	const needed = "{% ($here := $states.result.Table.StorageDescriptor.Columns[$not(Parameters.`iceberg.field.current` = 'false')];" +
		" $old := $here[Name = $states.input.from]; $new := $here[Name = $states.input.to];" +
		" $merge([$states.input, {'needed': $states.input.from = '' ? $not($exists($new)) :" +
		" $states.input.from = $states.input.to ? $exists($old) and $old.Type != $states.input.type : $exists($old)}])) %}"
	return workflow.Evaluate("glue", "getTable", map[string]any{
		"DatabaseName": "{% $states.input.database %}", "Name": "{% $states.input.table %}",
	}, needed)
}
