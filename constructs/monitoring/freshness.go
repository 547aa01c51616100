package monitoring

import (
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// The metric that a Freshness publishes, with the dimensions Mesh, Domain and Product.
const (
	Namespace  = "LakeMesh"   // of CloudWatch
	AgeMinutes = "AgeMinutes" // the age of the newest data of a product
)

const (
	everyHour = "cron(40 * * * ? *)"
	window    = 3 * 60 * 60 // seconds in which an alarm expects an age

	agesSeconds = 60 * 60 // that an execution may take beside its query
	page        = 400     // objects: what a state may be given is 256 KB, also of long keys
)

// Freshness measures how old the newest data of products is, and tells a topic of those
// that are older than promised.
type Freshness struct {
	constructs.Construct

	machine *workflow.Machine
	topic   awssns.ITopic
	alarms  []awscloudwatch.CfnAlarm
}

// NewFreshness makes a workflow without a function that measures, every hour, how old the
// newest data of each product is, publishes it as the metric AgeMinutes of the namespace
// LakeMesh, and an alarm for each product that is older than promised. It reads no data:
// it asks Step Functions for the last success of a workflow, Iceberg for its last snapshot,
// S3 for a list of objects. What was never filled is as old as the year 1970.
//
// An alarm looks at three hours. It also tells of a product without any age in
// them: then nobody knows.
//
// What is not known: whether a source had nothing new to say, which looks like one that is
// late; and how old what a workflow read was, for which the source needs an alarm of its own.
//
// Lake Formation has to grant the role SELECT on the tables, by
// governance.RolePrincipal(freshness.Role()).
//
// It panics with every problem of the props at once.
// Sources: "Query Iceberg table metadata", "ListExecutions", "ListObjectsV2", "PutMetricData".
// Nothing here was deployed to an account by this project.
func NewFreshness(scope constructs.Construct, id *string, props *FreshnessProps) *Freshness {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems())

	f := &Freshness{}
	cdkx.Add(f, scope, id)
	f.topic = workflow.AlarmTopic(f, p.AlarmTopic, p.Key)
	f.machine = workflow.NewMachine(f, "Machine", &workflow.MachineProps{
		Definition:  p.definition(),
		Description: "Measures how old the newest data of the products of " + *p.Domain + " is",
		Name:        p.StateMachineName,
		RoleName:    p.RoleName,
		Key:         p.Key,
		Statements:  p.statements(),
		Wildcards:   "Publishing metrics takes no resource in IAM; Athena reads the catalog as a whole, and Lake Formation decides which tables the role reads.",
	})
	f.machine.Every("Schedule", "Measures the age of products", cdkx.Value(p.Schedule, everyHour))
	f.machine.Alarms(f.topic, "Measuring the age of the products of "+*p.Domain)
	for _, product := range p.Products {
		f.alarms = append(f.alarms, awscloudwatch.NewCfnAlarm(f, jsii.String("Late-"+*product.Name), &awscloudwatch.CfnAlarmProps{
			AlarmDescription: jsii.String(fmt.Sprintf("The newest data of the product %s of %s is older than the %v minutes that are promised, or nobody knows how old it is", *product.Name, *p.Domain, *product.Minutes)),
			Namespace:        jsii.String(Namespace), MetricName: jsii.String(AgeMinutes),
			Dimensions: p.dimensions(*product.Name), Statistic: jsii.String("Maximum"),
			Period: jsii.Number(window), EvaluationPeriods: jsii.Number(1), Threshold: product.Minutes,
			ComparisonOperator: jsii.String("GreaterThanThreshold"), TreatMissingData: jsii.String("breaching"),
			ActionsEnabled: jsii.Bool(true), AlarmActions: &[]any{cdkx.TopicARN(f.topic)},
		}))
	}
	return f
}

// Role is the role of the workflow, which the grants of Lake Formation are for.
func (f *Freshness) Role() awsiam.IRole { return f.machine.Role() }

// Alarms is the topic that hears of products that are late.
func (f *Freshness) Alarms() awssns.ITopic { return f.topic }

// GrantStart lets the grantee start a measurement and see how executions went.
func (f *Freshness) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	return f.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (f *Freshness) Cfn() awsstepfunctions.CfnStateMachine { return f.machine.Cfn() }

// Late are the alarms, in the order of the products.
func (f *Freshness) Late() []awscloudwatch.CfnAlarm { return f.alarms }

func (p *FreshnessProps) dimensions(product string) *[]any {
	var out []any
	for _, d := range p.dimension(product) {
		out = append(out, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(d[0]), Value: jsii.String(d[1])})
	}
	return &out
}

func (p *FreshnessProps) dimension(product string) [][2]string {
	return ageDimensions(*p.Mesh, *p.Domain, product)
}

// statements are what the workflow needs of IAM.
func (p *FreshnessProps) statements() []awsiam.PolicyStatement {
	publish := workflow.Allow([]string{"*"}, "cloudwatch:PutMetricData")
	publish.AddCondition(jsii.String("StringEquals"), map[string]any{"cloudwatch:namespace": Namespace})
	out := []awsiam.PolicyStatement{publish}
	var machines []string
	tables := 0
	for _, product := range p.Products {
		machines = append(machines, product.StateMachineARNs...)
		tables += len(product.Tables)
		for _, folder := range product.Folders {
			list := workflow.Allow([]string{*cdkx.BucketARN(folder.Bucket)}, "s3:ListBucket")
			list.AddCondition(jsii.String("StringEquals"), map[string]any{"s3:prefix": *folder.Prefix})
			out = append(out, list)
		}
	}
	if len(machines) > 0 {
		out = append(out, workflow.Allow(machines, "states:ListExecutions"))
	}
	if tables > 0 {
		out = append(out, p.WorkGroup.QueryStatements()...)
	}
	return out
}

// ages is the query for the ages of the tables of all products; "" without tables.
// An age is that of the last snapshot which added records: neither compaction nor a
// deletion is new data.
func (p *FreshnessProps) ages() string {
	var out []string
	for _, product := range p.Products {
		for _, table := range product.Tables {
			out = append(out, SnapshotAge(*product.Name, *table.DatabaseName(), *table.TableName()))
		}
	}
	return strings.Join(out, "\nUNION ALL\n")
}

// SnapshotAge is a query in Athena's SQL for how many minutes ago the last snapshot of an
// Iceberg table added records, beside the name of a product. It reads metadata only.
// Source: "Query Iceberg table metadata" of Athena.
func SnapshotAge(product, database, table string) string {
	text := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	name := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	return "SELECT " + text(product) + " AS product, date_diff('minute', coalesce(max(committed_at), from_unixtime(0)), current_timestamp) AS age FROM " +
		name(database) + "." + name(table+"$snapshots") +
		" WHERE operation <> 'replace' AND CAST(coalesce(element_at(summary, 'added-records'), '0') AS bigint) > 0"
}

// definition asks one source after another for its newest data. What is known so far
// stands at ages.
func (p *FreshnessProps) definition() workflow.Definition {
	out := workflow.Definition{
		Comment: "Measures the age of the products of " + *p.Domain, StartAt: "Begin", TimeoutSeconds: agesSeconds,
		States: workflow.States{"Measured": workflow.Succeed()},
	}
	next := "Publish"
	out.States["Publish"] = workflow.Evaluate("cloudwatch", "putMetricData", map[string]any{
		"Namespace": Namespace, "MetricData": p.metricData(),
	}, map[string]any{"ages": "{% $states.input.ages %}"}).Next("Measured")
	number := 0
	for i := len(p.Products) - 1; i >= 0; i-- {
		product := p.Products[i]
		for j := len(product.Folders) - 1; j >= 0; j-- {
			number++
			next = addFolder(out.States, fmt.Sprint(number), *product.Name, product.Folders[j].Bucket.BucketName(), product.Folders[j].Prefix, next)
		}
		for j := len(product.StateMachineARNs) - 1; j >= 0; j-- {
			number++
			name := fmt.Sprintf("AskJob%d", number)
			out.States[name] = workflow.Evaluate("sfn", "listExecutions", map[string]any{
				"StateMachineArn": product.StateMachineARNs[j], "StatusFilter": "SUCCEEDED", "MaxResults": 1,
			}, map[string]any{
				"ages": withAge(*product.Name, "$count($states.result.Executions) > 0 ? $toMillis($states.result.Executions[0].StopDate) : 0"),
			}).Next(next)
			next = name
		}
	}
	begin := workflow.Pass(map[string]any{"ages": []any{}})
	if sql := p.ages(); sql != "" {
		out.TimeoutSeconds += workflow.StatementSeconds
		out.States = out.States.Add(workflow.RunStatements(*p.WorkGroup.WorkGroupName(), []workflow.Statement{{SQL: sql}}, "ReadAges"))
		out.States["ReadAges"] = workflow.Evaluate("athena", "getQueryResults", map[string]any{
			"QueryExecutionId": "{% $states.input.query.id %}", "MaxResults": maxTables + 1, // the first row has the names of the columns
		}, map[string]any{
			"ages": "{% [$filter($states.result.ResultSet.Rows, function($row, $i) { $i > 0 }).{'product': Data[0].VarCharValue, 'age': $number(Data[1].VarCharValue)}] %}",
		}).Next(next)
		next = workflow.FirstStatement
	}
	out.States["Begin"] = begin.Next(next)
	return out
}

// addFolder adds the states that list the objects of a folder, page by page, and returns
// the first of them.
func addFolder(states workflow.States, number, product string, bucket, prefix *string, next string) string {
	list, more, goOn, known := "ListFiles"+number, "AreMoreFiles"+number, "ListMoreFiles"+number, "FilesAge"+number
	pageAfter := func(token map[string]any) workflow.State {
		arguments := map[string]any{"Bucket": *bucket, "Prefix": *prefix, "MaxKeys": page}
		maps.Copy(arguments, token)
		return workflow.Evaluate("s3", "listObjectsV2", arguments,
			"{% {'ages': $states.input.ages, 'newest': $max($append($states.input.newest, $states.result.Contents.$toMillis(LastModified))), 'token': $states.result.NextContinuationToken} %}").Next(more)
	}
	states[list] = pageAfter(nil)
	states[more] = workflow.Choice(known, workflow.When("$.token", "IsPresent", true).Then(goOn))
	states[goOn] = pageAfter(map[string]any{"ContinuationToken": "{% $states.input.token %}"})
	states[known] = workflow.State{"Type": "Pass", "QueryLanguage": "JSONata", "Output": map[string]any{
		"ages": withAge(product, "$exists($states.input.newest) ? $states.input.newest : 0"),
	}}.Next(next)
	return list
}

// withAge is the expression of the ages so far with one more; newest is an expression for
// when the newest data came, in milliseconds.
func withAge(product, newest string) string {
	return "{% $append($states.input.ages, [{'product': '" + product + "', 'age': $floor(($millis() - (" + newest + ")) / 60000)}]) %}"
}

// metricData is the expression of one value for each product: the age of what is oldest.
func (p *FreshnessProps) metricData() string {
	var dimensions []string
	for _, d := range p.dimension("") {
		value := "'" + d[1] + "'"
		if d[0] == "Product" {
			value = "$product"
		}
		dimensions = append(dimensions, "{'Name': '"+d[0]+"', 'Value': "+value+"}")
	}
	return "{% [$each($states.input.ages{product: $max(age)}, function($age, $product) { {'MetricName': '" + AgeMinutes + "', 'Value': $age, 'Dimensions': [" + strings.Join(dimensions, ", ") + "]} })] %}"
}
