package workflow

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// deidentifying are the statements of the sample's jobs.
func deidentifying(t *testing.T) []string {
	t.Helper()
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	must(t, err)
	plan, err := definition.Plan("dev")
	must(t, err)
	clinical, _ := plan.Domain("clinical")
	var out []string
	jobs := []*mesh.JobPlan{clinical.Keys.Job}
	for _, p := range clinical.Products {
		if p.Deidentify != nil {
			jobs = append(jobs, p.Deidentify)
		}
	}
	for _, job := range jobs {
		for _, s := range job.Statements {
			out = append(out, s.SQL)
		}
	}
	return out
}

// many is a job that is long enough to be met by another execution.
func many() []string {
	out := make([]string, 20)
	for i := range out {
		out[i] = fmt.Sprintf("DELETE FROM t%d", i)
	}
	return out
}

func newJobs(t *testing.T, statements map[string][]string) *cloud {
	t.Helper()
	stack := newStack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	after := func(names ...string) (out []string) {
		for _, name := range names {
			out = append(out, "arn:aws:states:"+region+":"+account+":stateMachine:"+name)
		}
		return out
	}
	for _, job := range []struct {
		name       string
		statements []string
		after      []string
	}{
		{"deidentify", statements["deidentify"], nil},
		{"many", statements["many"], nil},
		{"never", []string{"DELETE FROM n"}, nil},
		{"later", []string{"DELETE FROM later"}, after("deidentify", "many")},
		{"afterNone", []string{"DELETE FROM a"}, after("many", "never")},
		{"afterSlow", []string{"DELETE FROM b"}, after("slow")},
		{"afterFailed", []string{"DELETE FROM c"}, after("many", "afterSlow")},
	} {
		name := job.name
		query.NewJob(stack, jsii.String("Job"+name), &query.JobProps{
			WorkGroup: query.NewWorkGroup(stack, jsii.String("WorkGroup"+name), &query.WorkGroupProps{
				Name: jsii.String(name), Key: lake.Key(), AccessLogs: lake.Logs(),
			}),
			Description: jsii.String("The job " + name),
			Statements:  job.statements,
			Schedule:    jsii.String("cron(15 3 ? * SUN *)"),
			After:       job.after, StateMachineName: jsii.String(name),
		})
	}
	awsstepfunctions.NewCfnStateMachine(stack, jsii.String("Slow"), &awsstepfunctions.CfnStateMachineProps{
		StateMachineName: jsii.String("slow"),
		RoleArn:          awsiam.NewRole(stack, jsii.String("SlowRole"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil)}).RoleArn(),
		DefinitionString: jsii.String(`{"StartAt": "Work", "States": {"Work": {"Type": "Wait", "Seconds": 60, "Next": "Work"}}}`),
	})
	query.NewSchemaEvolution(stack, jsii.String("Evolution"), &query.SchemaEvolutionProps{
		WorkGroup: query.NewWorkGroup(stack, jsii.String("WorkGroupEvolution"), &query.WorkGroupProps{
			Name: jsii.String("evolution"), Key: lake.Key(), AccessLogs: lake.Logs(),
		}),
		Tables: []query.EvolvedTables{{Database: catalog.DatabaseFromName(stack, jsii.String("EvolvedLake"), jsii.String("lake")), Bucket: lake.Curated(), Prefix: jsii.String("*/metadata/")}},
	})
	addEvaluation(stack, lake)
	text := render(t, stack)
	c := launch(t)
	c.deploy(t, text)
	return c
}

// ran are the hashes of the statements that a workgroup was given, in order.
func (c *cloud) ran(t *testing.T, workGroup string) []string {
	t.Helper()
	var listed struct {
		IDs []string `json:"QueryExecutionIds"`
	}
	c.call(t, "athena", "AmazonAthena.ListQueryExecutions", object{"WorkGroup": workGroup}, &listed)
	out := make([]string, len(listed.IDs))
	for i, id := range listed.IDs {
		var shown struct {
			QueryExecution struct{ Query string }
		}
		c.call(t, "athena", "AmazonAthena.GetQueryExecution", object{"QueryExecutionId": id}, &shown)
		out[i] = hash(shown.QueryExecution.Query)
	}
	return out
}

func hash(sql string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(sql))) }

func hashes(statements []string) []string {
	out := make([]string, len(statements))
	for i, sql := range statements {
		out[i] = hash(sql)
	}
	return out
}

// The local Athena runs no SQL: this shows which statements reach it, in which order.
func TestJobs(t *testing.T) {
	statements := map[string][]string{"deidentify": deidentifying(t), "many": many()}
	c := newJobs(t, statements)

	t.Run("the sample is de-identified", func(t *testing.T) {
		c.ended(t, c.start(t, c.id(t, machineType, "JobdeidentifyM"), object{}), "SUCCEEDED", "")
		if got := c.ran(t, "deidentify"); !slices.Equal(got, hashes(statements["deidentify"])) {
			t.Errorf("ran %v, want %v", got, hashes(statements["deidentify"]))
		}
	})

	t.Run("a second execution does not overlap", func(t *testing.T) {
		machine := c.id(t, machineType, "JobmanyM")
		var first, second execution
		c.call(t, "states", "AWSStepFunctions.StartExecution", object{"stateMachineArn": machine, "input": "{}"}, &first)
		c.call(t, "states", "AWSStepFunctions.StartExecution", object{"stateMachineArn": machine, "input": "{}"}, &second)
		c.ended(t, c.await(t, second), "SUCCEEDED", "")
		if history := c.history(t, second); !strings.Contains(history, "AlreadyRunning") {
			t.Errorf("the second did not end early:\n%s", history)
		}
		c.ended(t, c.await(t, first), "SUCCEEDED", "")
		if got := c.ran(t, "many"); !slices.Equal(got, hashes(statements["many"])) {
			t.Errorf("%d statements ran: %v", len(got), got)
		}
	})

	t.Run("jobs come after others", c.testAfter)
	t.Run("tables are changed once", c.testEvolution)
	t.Run("quality is evaluated", c.testEvaluation)
}

// A job waits for those before it, and does not begin after one that never ran or that
// failed. The executions before have ended well.
func (c *cloud) testAfter(t *testing.T) {
	begin := func(name string) (started execution) {
		c.call(t, "states", "AWSStepFunctions.StartExecution", object{"stateMachineArn": "arn:aws:states:" + region + ":" + account + ":stateMachine:" + name, "input": "{}"}, &started)
		return started
	}
	refused := func(e execution, job, failure, machine string) {
		e = c.await(t, e)
		c.ended(t, e, "FAILED", failure)
		if ran := c.ran(t, job); !strings.Contains(e.Cause, ":stateMachine:"+machine+", which") || len(ran) > 0 {
			t.Errorf("%s: %s; ran %v", job, e.Cause, ran)
		}
	}
	c.ended(t, c.await(t, begin("later")), "SUCCEEDED", "")
	if got := c.ran(t, "later"); len(got) != 1 {
		t.Errorf("%d statements ran", len(got))
	}

	// The newest execution ends at once, because the one before it works.
	works, ends := begin("many"), begin("many")
	c.ended(t, c.await(t, ends), "SUCCEEDED", "")
	c.ended(t, c.await(t, begin("later")), "SUCCEEDED", "")
	var first execution
	c.call(t, "states", "AWSStepFunctions.DescribeExecution", object{"executionArn": works.ARN}, &first)
	c.ended(t, first, "SUCCEEDED", "")
	if got := c.ran(t, "later"); len(got) != 2 {
		t.Errorf("%d statements ran", len(got))
	}

	refused(begin("afterNone"), "afterNone", "EarlierJobNeverRan", "never")

	// Again the newest ends well, and the one that worked does not.
	slow := begin("slow")
	waits, ends := begin("afterSlow"), begin("afterSlow")
	c.ended(t, c.await(t, ends), "SUCCEEDED", "")
	c.call(t, "states", "AWSStepFunctions.StopExecution", object{"executionArn": slow.ARN}, nil)
	refused(waits, "afterSlow", "EarlierJobFailed", "slow")
	refused(begin("afterFailed"), "afterFailed", "EarlierJobFailed", "afterSlow")
}

// The changes of a contract's history are made; made again, they change nothing, also
// where a column came, was renamed and went.
func (c *cloud) testEvolution(t *testing.T) {
	version := func(columns ...contract.Column) contract.Table {
		return contract.Table{Name: "labs", Format: contract.FormatIceberg, Columns: columns}
	}
	column := func(name, kind string) contract.Column { return contract.Column{Name: name, Type: kind} }
	c.call(t, "glue", "AWSGlue.CreateDatabase", object{"DatabaseInput": object{"Name": "lake"}}, nil)
	c.call(t, "glue", "AWSGlue.CreateTable", object{"DatabaseName": "lake", "TableInput": object{
		"Name": "labs", "StorageDescriptor": object{"Columns": []object{{"Name": "value", "Type": "int"}, {"Name": "note", "Type": "string"}}},
	}}, nil)
	versions := []contract.Table{
		version(column("value", "int"), column("note", "string")),
		version(column("value", "bigint"), column("note", "string"), column("unit", "string"), column("other", "string")),
		version(column("value", "bigint"), column("remark", "string"), column("unit", "string")),
	}
	evolve := func(versions ...contract.Table) execution {
		var changes []object
		for _, change := range contract.IcebergHistory(versions...) {
			if !change.ByAthena() {
				t.Fatalf("%s", change)
			}
			changes = append(changes, object{"database": "lake", "table": "labs", "from": change.From, "to": change.To, "type": change.Type, "sql": change.DDL})
		}
		return c.start(t, c.id(t, machineType, "Evolution"), object{"changes": changes})
	}
	for i, want := range []string{"value bigint, note string, unit string, other string", "value bigint, remark string, unit string"} {
		c.ended(t, evolve(versions[:i+2]...), "SUCCEEDED", "")
		if got := c.columns(t); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	before := len(c.ran(t, "evolution"))
	c.ended(t, evolve(versions[1:]...), "SUCCEEDED", "")
	if after := len(c.ran(t, "evolution")); after != before || before != 5 {
		t.Errorf("%d statements before, %d after", before, after)
	}
	// What Athena refuses fails the execution.
	c.ended(t, c.start(t, c.id(t, machineType, "Evolution"), object{"changes": []object{{
		"database": "lake", "table": "labs", "from": "value", "to": "unit", "type": "bigint", "sql": "ALTER TABLE `labs` CHANGE COLUMN `value` `unit` bigint",
	}}}), "FAILED", "AlterFailed")
	c.ended(t, c.start(t, c.id(t, machineType, "Evolution"), object{"changes": []object{}}), "SUCCEEDED", "")
}

// columns are those that the table has now.
func (c *cloud) columns(t *testing.T) string {
	t.Helper()
	var got struct {
		Table struct {
			StorageDescriptor struct {
				Columns []struct {
					Name, Type string
					Parameters map[string]string
				}
			}
		}
	}
	c.call(t, "glue", "AWSGlue.GetTable", object{"DatabaseName": "lake", "Name": "labs"}, &got)
	var out []string
	for _, column := range got.Table.StorageDescriptor.Columns {
		if column.Parameters["iceberg.field.current"] != "false" {
			out = append(out, column.Name+" "+column.Type)
		}
	}
	return strings.Join(out, ", ")
}
