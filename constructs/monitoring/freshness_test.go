package monitoring_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/athena"
)

// watched are a product that a job makes, one that is loaded, and one of files.
func watched(stack awscdk.Stack) *monitoring.FreshnessProps {
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	return &monitoring.FreshnessProps{
		Mesh: jsii.String("river"), Domain: jsii.String("lab"), Key: key,
		WorkGroup: query.NewWorkGroup(stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("river-lab"), Key: key}),
		Products: []monitoring.FreshProduct{
			{Name: jsii.String("registry"), Minutes: jsii.Number(1800), StateMachineARNs: []string{"arn:aws:states:us-east-1:111111111111:stateMachine:registry"}},
			{Name: jsii.String("results"), Minutes: jsii.Number(120), Tables: []catalog.ITable{
				catalog.TableFromName(stack, jsii.String("Results"), jsii.String("river_lab_curated"), jsii.String("results")),
				catalog.TableFromName(stack, jsii.String("Notes"), jsii.String("river_lab_curated"), jsii.String("notes")),
			}},
			{Name: jsii.String("plates"), Minutes: jsii.Number(600), Folders: []storage.S3Location{
				{Bucket: awss3.Bucket_FromBucketName(stack, jsii.String("Raw"), jsii.String("river-raw")), Prefix: jsii.String("plates/")},
			}},
		},
	}
}

func TestFreshnessAlarmsOnWhatIsLateOrUnknown(t *testing.T) {
	stack := cdktest.Stack()
	made := monitoring.NewFreshness(stack, jsii.String("Freshness"), watched(stack))
	template := cdktest.Of(t, stack)
	topic := template.One(t, "AWS::SNS::Topic", "")
	late := template.One(t, "AWS::CloudWatch::Alarm", "FreshnessLateresults")
	late.Want(t, map[string]string{
		"Namespace": `"LakeMesh"`, "MetricName": `"AgeMinutes"`, "Threshold": "120", "ComparisonOperator": `"GreaterThanThreshold"`,
		"TreatMissingData": `"breaching"`, "Period": "10800", "AlarmActions": `[{"Ref":"` + topic.ID + `"}]`,
		"Dimensions": `[{"Name":"Mesh","Value":"river"},{"Name":"Domain","Value":"lab"},{"Name":"Product","Value":"results"}]`,
	})
	if made.Role() == nil || made.Alarms() == nil || made.Cfn() == nil || len(made.Late()) != 3 {
		t.Error("an accessor is wrong")
	}
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "FreshnessMachinePolicy").JSON("PolicyDocument.Statement")
	for _, want := range []string{
		`{"Action":"cloudwatch:PutMetricData","Condition":{"StringEquals":{"cloudwatch:namespace":"LakeMesh"}},"Effect":"Allow","Resource":"*"}`,
		`{"Action":"s3:ListBucket","Condition":{"StringEquals":{"s3:prefix":"plates/"}},"Effect":"Allow","Resource":"arn:aws:s3:::river-raw"}`,
		`{"Action":"states:ListExecutions","Effect":"Allow","Resource":"arn:aws:states:us-east-1:111111111111:stateMachine:registry"}`,
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %s in %s", want, policy)
		}
	}
	if strings.Contains(policy, "s3:GetObject") && strings.Contains(policy, "river-raw/") {
		t.Errorf("the workflow reads objects: %s", policy)
	}
}

func TestFreshnessProblems(t *testing.T) {
	cdktest.Same(t, cdktest.Panic(t, func() {
		stack := cdktest.Stack()
		p := watched(stack)
		p.Mesh, p.Key, p.WorkGroup, p.Schedule = nil, nil, nil, jsii.String("hourly")
		p.Products[0].StateMachineARNs, p.Products[0].Minutes = nil, jsii.Number(0)
		p.Products[2].Name, p.Products[2].Folders[0].Prefix = jsii.String("registry"), jsii.String("plates")
		p.Products = append(p.Products, monitoring.FreshProduct{Name: jsii.String("it's"), Minutes: jsii.Number(1), Tables: []catalog.ITable{nil}})
		monitoring.NewFreshness(stack, jsii.String("Freshness"), p)
	}), `Test/Freshness: Key: got nothing; expected a key; fix: set Key to the key of the data that is watched
Mesh: got nothing; expected 1 to 255 letters, digits, dots, hyphens and underscores; fix: set Mesh
Products[0]: got nothing to look at; expected StateMachineARNs, Tables or Folders; fix: list what fills the tables of the product
Products[0].Minutes: got 0; expected more than zero; fix: set it to how old the newest data may be
Products[2].Folders[0]: got the folder "plates"; expected a bucket, and a folder that ends in "/"; fix: set Bucket and Prefix
Products[2].Name: got "registry", which Products[0] has too; expected each product once; fix: join the two
Products[3].Name: got "it's"; expected 1 to 255 letters, digits, dots, hyphens and underscores; fix: correct it
Products[3].Tables[0]: got nothing; expected a table; fix: take it out
Schedule: got "hourly": a schedule is written as "cron(minutes hours day-of-month month day-of-week year)"; expected a six-field cron; fix: write it like "cron(15 2 ? * SUN *)"
WorkGroup: got nothing; expected a workgroup, where the snapshots of tables are queried; fix: set WorkGroup`)
	cdktest.Same(t, cdktest.Panic(t, func() { monitoring.NewFreshness(cdktest.Stack(), jsii.String("Freshness"), nil) }), `Test/Freshness: Domain: got nothing; expected 1 to 255 letters, digits, dots, hyphens and underscores; fix: set Domain
Key: got nothing; expected a key; fix: set Key to the key of the data that is watched
Mesh: got nothing; expected 1 to 255 letters, digits, dots, hyphens and underscores; fix: set Mesh
Products: got nothing; expected at least one product; fix: list the products that promise something`)
}

// Records that are added make a table young; compaction, deletion and another
// table's records do not.
func TestSnapshotAgeIsThatOfTheLastRecords(t *testing.T) {
	snapshots := func(table, values string) athena.Step {
		return athena.Step{DuckDB: `CREATE TABLE lab."` + table + `$snapshots" AS SELECT now() - to_minutes(ago) AS committed_at, operation, summary FROM (VALUES ` + values + `) AS s(ago, operation, summary)`}
	}
	rows := athena.Last(t,
		athena.Step{DuckDB: "CREATE SCHEMA lab"},
		snapshots("results", `(4000, 'append', MAP {'added-records': '10'}), (300, 'overwrite', MAP {'added-records': '2', 'deleted-records': '1'}),
			(200, 'append', MAP {'added-records': '0'}), (100, 'replace', MAP {'added-records': '12'}), (10, 'overwrite', MAP {'added-position-deletes': '3'})`),
		snapshots("notes", `(5, 'delete', MAP {'deleted-records': '3'})`),
		athena.Step{SQL: monitoring.SnapshotAge("it's", "lab", "results") + " UNION ALL " + monitoring.SnapshotAge("notes", "lab", "notes"), Rows: true},
	)
	for _, row := range rows {
		age, _ := row["age"].(float64)
		if row["product"] == "it's" && age != 300 || row["product"] == "notes" && age < 29_000_000 {
			t.Errorf("%v is %v minutes old", row["product"], age)
		}
	}
	if len(rows) != 2 {
		t.Errorf("%v", rows)
	}
}
