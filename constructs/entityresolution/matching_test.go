package entityresolution_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	er "github.com/lakemesh/lakemesh/constructs/entityresolution"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/golden"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// variants are the stacks that snapshots, cfn-lint and cdk-nag see.
var variants = map[string]func(registry){
	"rules": func(r registry) {
		p := r.matching()
		p.Schedule, p.Description = jsii.String("cron(15 2 * * ? *)"), jsii.String("Patients and members who are one person")
		er.NewMatchingWorkflow(r.stack, jsii.String("Matching"), p)
	},
	"learning": func(r registry) {
		p := r.matching()
		p.Rules, p.MachineLearning, p.Inputs[1].AsIs = nil, jsii.Bool(true), jsii.Bool(true)
		p.OutputColumns = []er.OutputColumn{{Column: jsii.String("postcode"), ClearText: jsii.Bool(true)}, {Column: jsii.String("email")}}
		er.NewMatchingWorkflow(r.stack, jsii.String("Matching"), p)
	},
	"incremental": func(r registry) {
		p := r.matching()
		p.Incremental, p.AcrossColumns, p.RoleName = jsii.Bool(true), jsii.Bool(true), jsii.String("riverside-matching")
		p.AlarmTopic = awssns.Topic_FromTopicArn(r.stack, jsii.String("OnCall"), jsii.String("arn:aws:sns:us-east-1:111111111111:on-call"))
		er.NewMatchingWorkflow(r.stack, jsii.String("Matching"), p)
	},
}

func addVariants(app awscdk.App) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		variants[name](newRegistry(assembly.NewStack(app, name, cdktest.Region)))
	}
}

func TestVariantsAreValidCloudFormation(t *testing.T) { assembly.Validate(t, "variants").Check(t) }

// The lake has tests of its own.
func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, addVariants)
	for name := range variants {
		found.Only(name).Without(name+"/Lake").Check(t, slices.Concat([]string{"AwsSolutions-IAM5"}, map[string][]string{"rules": {"AwsSolutions-SQS3"}}[name])...)
	}
	cfnlint.Check(t, found.TemplateFiles())
}

// The templates are what a reviewer has read; building twice gives the same bytes.
func TestSnapshots(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		build := func() string {
			r := newRegistry(cdktest.Stack())
			variants[name](r)
			return cdktest.Of(t, r.stack).JSON + "\n"
		}
		first := build()
		golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(first))
		if build() != first {
			t.Errorf("%s: a second build differs", name)
		}
	}
}

// Ids of records are all that the output repeats unless somebody asks for more, and then
// hashed unless somebody wants to read it; it is written with the bucket's key.
func TestMatching(t *testing.T) {
	r := newRegistry(cdktest.Stack())
	p := r.matching()
	m := er.NewMatchingWorkflow(r.stack, jsii.String("Matching"), p)
	m.GrantStart(awsiam.NewRole(r.stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	if m.Role() == nil || m.Alarms() == nil || m.Cfn() == nil || m.StateMachine() == nil || m.StateMachineArn() == nil || m.WorkflowARN() == nil || p.Inputs[0].Schema.Cfn() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, r.stack)
	key := `{"Fn::GetAtt":["` + template.One(t, "AWS::KMS::Key", "Lake").ID + `","Arn"]}`
	workflow := template.One(t, matchingType, "Matching")
	workflow.Want(t, map[string]string{
		"WorkflowName": `"riverside-persons"`, "IncrementalRunConfig": `null`,
		"InputSourceConfig.0.InputSourceARN":     `"arn:aws:glue:us-east-1:111111111111:table/riverside_registry/patients"`,
		"InputSourceConfig.0.ApplyNormalization": `true`,
		"OutputSourceConfig.0.KMSArn":            key,
		"OutputSourceConfig.0.Output":            `[{"Hashed":false,"Name":"record_id"}]`,
		"ResolutionTechniques": `{"ResolutionType":"RULE_MATCHING","RuleBasedProperties":{"AttributeMatchingModel":"ONE_TO_ONE","Rules":[` +
			`{"MatchingKeys":["name","birth date","postcode"],"RuleName":"name and birth date"},{"MatchingKeys":["email"],"RuleName":"email"}]}}`,
	})
	template.One(t, schemaType, "persons").Want(t, map[string]string{
		"MappedInputFields.1": `{"FieldName":"given_name","GroupName":"name","Hashed":false,"MatchKey":"name","Type":"NAME_FIRST"}`,
	})
	policy := template.One(t, policyType, "MatchingPolicy")
	if !slices.Contains(workflow.DependsOn, policy.ID) {
		t.Errorf("the workflow waits for %v", workflow.DependsOn)
	}
	text := policy.JSON("PolicyDocument.Statement")
	for _, part := range []string{`/matches/*"`, `"Action":"s3:PutObject"`, `/patients/*"`, `/members/*"`, `table/riverside_registry/members"`} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	if strings.Contains(text, "s3:Delete") || strings.Contains(text, `:table/*`) || strings.Contains(text, "UpdateTable") {
		t.Errorf("the role may do too much: %s", text)
	}
	template.One(t, roleType, "MatchingRole").Want(t, map[string]string{
		"AssumeRolePolicyDocument.Statement": `[{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}},"Effect":"Allow","Principal":{"Service":"entityresolution.amazonaws.com"}}]`,
	})
}

// A run that fails, and one that left records out, fail the execution; another job is
// waited for.
func TestMatchingIsWatched(t *testing.T) {
	r := newRegistry(cdktest.Stack())
	er.NewMatchingWorkflow(r.stack, jsii.String("Matching"), r.matching())
	machine := cdktest.Of(t, r.stack).One(t, "AWS::StepFunctions::StateMachine", "Matching")
	var d struct {
		States map[string]struct {
			Type, Resource, Default string
			Choices                 []map[string]any
			Retry                   []struct{ ErrorEquals []string }
		}
	}
	text, ok := machine.Get("DefinitionString").(string)
	if !ok {
		t.Fatalf("the definition is %v", machine.Get("DefinitionString"))
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"StartMatching": "startMatchingJob", "DescribeMatching": "getMatchingJob"} {
		if got := d.States[name].Resource; got != "arn:aws:states:::aws-sdk:entityresolution:"+want {
			t.Errorf("%s calls %s", name, got)
		}
	}
	if got := fmt.Sprint(d.States["IsMatchingDone"].Choices); !strings.Contains(got, "Next:LeftOut") || !strings.Contains(got, "Next:MatchingFailed") {
		t.Errorf("a run ends in %s", got)
	}
	if left := d.States["LeftOut"]; left.Default != "Matched" || d.States["RecordsLeftOut"].Type != "Fail" || !strings.Contains(fmt.Sprint(left.Choices), "RecordsNotProcessed") {
		t.Errorf("records that are left out: %+v", left)
	}
	if !slices.Contains(d.States["StartMatching"].Retry[0].ErrorEquals, "EntityResolution.ConflictException") {
		t.Errorf("another job is not waited for: %+v", d.States["StartMatching"].Retry)
	}
}

// The buckets of incremental inputs tell of their files.
func TestIncrementalRuns(t *testing.T) {
	r := newRegistry(cdktest.Stack())
	variants["incremental"](r)
	template := cdktest.Of(t, r.stack)
	template.One(t, matchingType, "Matching").Want(t, map[string]string{
		"IncrementalRunConfig": `{"IncrementalRunType":"IMMEDIATE"}`, "ResolutionTechniques.RuleBasedProperties.AttributeMatchingModel": `"MANY_TO_MANY"`,
	})
	template.One(t, "AWS::S3::Bucket", "LakeCurated").Want(t, map[string]string{"NotificationConfiguration": `{"EventBridgeConfiguration":{"EventBridgeEnabled":true}}`})
}

// Everything that is wrong is said at once; the golden file is what a user reads.
func TestProblems(t *testing.T) {
	wrong := map[string]func(registry){
		"a schema without anything":   func(r registry) { er.NewSchemaMapping(r.stack, jsii.String("X"), nil) },
		"a workflow without anything": func(r registry) { er.NewMatchingWorkflow(r.stack, jsii.String("X"), nil) },
		"a workflow nowhere":          func(registry) { er.NewMatchingWorkflow(nil, nil, nil) },
		"a schema with bad fields": func(r registry) {
			er.NewSchemaMapping(r.stack, jsii.String("X"), &er.SchemaMappingProps{
				SchemaName: jsii.String("a b"), Description: jsii.String(strings.Repeat("a", 256)),
				Fields: []er.Field{
					{Column: jsii.String("id"), Type: er.UniqueID, MatchKey: jsii.String("id")}, {Column: jsii.String("id"), Type: er.UniqueID},
					{Column: jsii.String("ramp"), Type: "PROVIDER_ID"}, {Column: jsii.String("born"), Type: er.Date, Group: jsii.String("x")}, {Type: er.String, MatchKey: jsii.String("a*")},
					{Column: jsii.String("first"), Type: er.NameFirst, Group: jsii.String("n"), MatchKey: jsii.String("a")},
					{Column: jsii.String("city"), Type: er.AddressCity, Group: jsii.String("n"), MatchKey: jsii.String("a")},
					{Column: jsii.String("last"), Type: er.NameLast, Group: jsii.String("n"), MatchKey: jsii.String("b")},
				},
			})
		},
		"a workflow with bad rules": func(r registry) {
			p := r.matching()
			p.Inputs[1].Schema = r.schema("few", fields()[:4])
			p.Rules = []er.Rule{{}, {Name: jsii.String("one"), MatchKeys: []string{"email", "nothing", "email"}}, {Name: jsii.String("one"), MatchKeys: []string{"name"}}}
			p.OutputColumns = []er.OutputColumn{{Column: jsii.String("record_id")}, {Column: jsii.String("email")}, {}}
			p.Output = storage.S3Location{Bucket: r.lake.Curated(), Prefix: jsii.String("patients/matches/")}
			er.NewMatchingWorkflow(r.stack, jsii.String("X"), p)
		},
		"a workflow that learns and has rules": func(r registry) {
			p := r.matching()
			p.MachineLearning, p.AcrossColumns, p.Incremental, p.Schedule = jsii.Bool(true), jsii.Bool(true), jsii.Bool(true), jsii.String("daily")
			p.PollInterval = awscdk.Duration_Seconds(jsii.Number(1))
			er.NewMatchingWorkflow(r.stack, jsii.String("X"), p)
		},
		"a workflow that learns nothing": func(r registry) {
			p := r.matching()
			p.MachineLearning, p.Rules = jsii.Bool(true), nil
			p.Inputs[0].Schema = r.schema("numbers", []er.Field{{Column: jsii.String("record_id"), Type: er.UniqueID}, {Column: jsii.String("n"), Type: er.String, Hashed: jsii.Bool(true)}})
			p.Inputs[1] = er.Input{Files: storage.S3Location{Bucket: awss3.Bucket_FromBucketName(r.stack, jsii.String("Open"), jsii.String("open")), Prefix: jsii.String("/a")}}
			er.NewMatchingWorkflow(r.stack, jsii.String("X"), p)
		},
	}
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		r := newRegistry(cdktest.Stack())
		fmt.Fprintf(&out, "# %s\n%s\n\n", name, cdktest.Panic(t, func() { wrong[name](r) }))
	}
	golden.Check(t, "testdata/problems.txt", []byte(out.String()))
}
