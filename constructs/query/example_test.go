package query_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewWorkGroup() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	queries := query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{
		Name: jsii.String("lab"),
		Key:  lake.Key(),
	})
	queries.AddNamedQuery(jsii.String("Recent"), query.NamedQuery{
		Name:        jsii.String("recent results"),
		Description: jsii.String("Results of the last week"),
		Database:    jsii.String("lab_curated"),
		SQL:         jsii.String("SELECT * FROM results WHERE taken > current_date - interval '7' day"),
	})
	queries.GrantQuery(awsiam.Role_FromRoleName(stack, jsii.String("Analyst"), jsii.String("Analyst"), nil))

	fmt.Println(*queries.WorkGroupName())
	// Output:
	// lab
}

func ExampleNewJob() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	job := query.NewJob(stack, jsii.String("Publish"), &query.JobProps{
		WorkGroup: query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{
			Name: jsii.String("lab-publish"), Key: lake.Key(),
		}),
		Description: jsii.String("Publishes results"),
		Statements:  []string{"MERGE INTO lab_analytics.results USING lab_curated.results ON false WHEN NOT MATCHED THEN INSERT VALUES (1)"},
		Writes: []query.WrittenTable{{
			Table:  catalog.TableFromName(stack, jsii.String("Results"), jsii.String("lab_analytics"), jsii.String("results")),
			Bucket: lake.Analytics(), Prefix: jsii.String("published/results/"),
		}},
		Schedule: jsii.String("cron(15 2 * * ? *)"),
	})
	job.GrantStart(awsiam.Role_FromRoleName(stack, jsii.String("Operator"), jsii.String("Operator"), nil))

	fmt.Println(*job.Cfn().StateMachineType())
	// Output:
	// STANDARD
}

func ExampleNewEvaluation() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	group := query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{Name: jsii.String("lab-quality"), Key: lake.Key()})
	role, _ := query.NewEvaluatorRole(stack, jsii.String("QualityRole"), &query.EvaluatorRoleProps{
		Owner: jsii.String("the lab"), WorkGroup: group, StateMachinePrefix: jsii.String("lab-"),
		Results: &query.WrittenTable{
			Table:  catalog.TableFromName(stack, jsii.String("Results"), jsii.String("lab_curated"), jsii.String(measure.ResultsTable)),
			Bucket: lake.Curated(), Prefix: jsii.String("quality/quality_results/"),
		},
	})
	labs := contract.Table{Name: "labs", Columns: []contract.Column{{Name: "value", Type: "double"}}, Quality: []contract.QualityRule{
		{Column: "value", Metric: "nullValues", Operator: "mustBe", Values: []string{"0"}, Severity: measure.SeverityError},
	}}
	product := measure.Product{Name: "labs", Results: "lab_curated", Tables: []measure.Measured{{Database: "lab_curated", Table: measure.Of(&labs)}}}
	evaluation := query.NewEvaluation(stack, jsii.String("Quality"), &query.EvaluationProps{
		WorkGroup: group, Role: role, Product: jsii.String("lab-labs"),
		Inserts: product.Inserts(), Summary: jsii.String(product.Summary()), Rules: jsii.Number(product.Rules()),
		Schedules: []string{"cron(45 0 * * ? *)"},
	})

	fmt.Println(*evaluation.Cfn().StateMachineType())
	// Output:
	// STANDARD
}
