package workflow

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// evaluated has a rule of severity error and one that only warns, in two tables.
func evaluated() measure.Product {
	out := measure.Product{Name: "visits", Results: "lake"}
	for _, name := range []string{"visits", "wards"} {
		table := contract.Table{Name: name, Columns: []contract.Column{{Name: "id", Type: "string"}}, Quality: []contract.QualityRule{
			{Name: "never empty", Metric: "rowCount", Operator: "mustBeGreaterThan", Values: []string{"0"}, Severity: "error"},
			{Name: "it's an id", Column: "id", Metric: "nullValues", Operator: "mustBe", Values: []string{"0"}},
		}}
		out.Tables = append(out.Tables, measure.Measured{Database: "lake", Table: measure.Of(&table)})
	}
	return out
}

// addEvaluation makes the evaluation of a product and a job that reads it.
func addEvaluation(stack awscdk.Stack, lake *storage.LakeStorage) {
	group := query.NewWorkGroup(stack, jsii.String("QualityWorkGroup"), &query.WorkGroupProps{Name: jsii.String("quality"), Key: lake.Key(), AccessLogs: lake.Logs()})
	role, _ := query.NewEvaluatorRole(stack, jsii.String("QualityRole"), &query.EvaluatorRoleProps{
		Owner: jsii.String("the lab"), WorkGroup: group, StateMachinePrefix: jsii.String("lab-"),
		Results: &query.WrittenTable{Table: catalog.TableFromName(stack, jsii.String("Results"), jsii.String("lake"), jsii.String("quality_results")), Bucket: lake.Curated(), Prefix: jsii.String("quality/quality_results/")},
	})
	product := evaluated()
	query.NewEvaluation(stack, jsii.String("Evaluation"), &query.EvaluationProps{
		WorkGroup: group, Role: role, Product: jsii.String("lab-visits"), Inserts: product.Inserts(), Summary: jsii.String(product.Summary()), Rules: jsii.Number(product.Rules()),
		Schedules: []string{"cron(17 1 * * ? *)"}, StateMachineName: jsii.String("lab-visits-quality"),
	})
	query.NewJob(stack, jsii.String("Reader"), &query.JobProps{
		WorkGroup:   query.NewWorkGroup(stack, jsii.String("ReaderWorkGroup"), &query.WorkGroupProps{Name: jsii.String("reader"), Key: lake.Key(), AccessLogs: lake.Logs()}),
		Description: jsii.String("Reads visits"), Statements: []string{"DELETE FROM readers"},
		After: []string{"arn:aws:states:" + region + ":" + account + ":stateMachine:lab-visits-quality"},
	})
}

// The local Athena takes every rule for passed, but where this test says else.
func (c *cloud) testEvaluation(t *testing.T) {
	machine, reader := c.id(t, machineType, "Evaluation"), c.id(t, machineType, "Reader")
	metrics := func() string {
		var out []string
		for _, name := range []string{"EvaluatedRules", "FailedErrorRules", "FailedOtherRules"} {
			out = append(out, c.sum(t, name))
		}
		return strings.Join(out, " ")
	}

	t.Run("all pass", func(t *testing.T) {
		c.ended(t, c.start(t, machine, object{}), "SUCCEEDED", "")
		if got := c.ran(t, "quality"); len(got) != 2 {
			t.Errorf("%d statements ran", len(got))
		}
		if got := metrics(); got != "4 0 0" {
			t.Error(got)
		}
		c.ended(t, c.start(t, reader, object{}), "SUCCEEDED", "")
	})

	t.Run("a warning", func(t *testing.T) {
		c.script(t, object{"operation": "StartQueryExecution", "message": "it''s an id"})
		c.ended(t, c.start(t, machine, object{}), "SUCCEEDED", "")
		if got := metrics(); got != "8 0 2" {
			t.Error(got)
		}
		c.ended(t, c.start(t, reader, object{}), "SUCCEEDED", "")
	})

	t.Run("an error stops who reads", func(t *testing.T) {
		c.script(t, object{"operation": "StartQueryExecution", "message": "never empty"})
		e := c.start(t, machine, object{})
		c.ended(t, e, "FAILED", "QualityRulesFailed")
		if want := "failed for lab-visits, and nothing is made from it until they pass (2): visits: never empty, wards: never empty"; !strings.HasSuffix(e.Cause, want) {
			t.Error(e.Cause)
		}
		if got := metrics(); got != "12 2 2" {
			t.Error(got)
		}
		stopped := c.start(t, reader, object{})
		c.ended(t, stopped, "FAILED", "EarlierJobFailed")
		if !strings.Contains(stopped.Cause, "lab-visits-quality") {
			t.Error(stopped.Cause)
		}
	})

	t.Run("a statement that fails is tried again", func(t *testing.T) {
		c.script(t, object{"operation": "StartQueryExecution", "status": "FAILED", "times": 3})
		c.ended(t, c.start(t, machine, object{}), "SUCCEEDED", "")
		c.script(t, object{"operation": "StartQueryExecution", "status": "FAILED", "times": 4})
		c.ended(t, c.start(t, machine, object{}), "FAILED", "StatementFailed")
	})
}

// sum is the sum of a metric of quality so far.
func (c *cloud) sum(t *testing.T, metric string) string {
	t.Helper()
	var got struct{ Datapoints []struct{ Sum float64 } }
	c.call(t, "monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", object{
		"Namespace": query.QualityNamespace, "MetricName": metric, "Dimensions": []object{{"Name": "Product", "Value": "lab-visits"}},
		"StartTime": 0, "EndTime": 4e9, "Period": 4e9, "Statistics": []string{"Sum"},
	}, &got)
	if len(got.Datapoints) != 1 {
		t.Fatalf("%s: %v", metric, got)
	}
	return fmt.Sprint(got.Datapoints[0].Sum)
}
