package ending_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

const (
	analyst     = "arn:aws:iam::111111111111:role/Analyst"
	machineType = "AWS::StepFunctions::StateMachine"
	kept        = "RetainExceptOnCreate"
)

// props are what is required: two subscriptions, of which one has every kind of grant.
func props(stack awscdk.Stack) *ending.WorkflowProps {
	grant := func(r lf.Resource, needs []string, permissions ...lf.Permission) ending.Grant {
		return ending.Grant{Grant: lf.Grant{Principal: analyst, Resource: r, Permissions: permissions}, Needs: needs}
	}
	a, both := []string{"a"}, []string{"b", "a"}
	shared := grant(lf.Database("lab"), both, lf.Describe)
	shared.Principal, shared.Grantable = "222222222222", shared.Permissions
	other := grant(lf.Database("lab"), both, lf.Describe)
	other.Principal = "arn:aws:iam::111111111111:role/Aide"
	return &ending.WorkflowProps{
		Subscriptions: []ending.Subscription{{Name: "b", LastDay: "2030-06-30"}, {Name: "a", LastDay: "2029-12-31"}},
		Grants: []ending.Grant{
			grant(lf.Database("lab"), both, lf.Describe), other, shared,
			grant(lf.Table("lab", lf.AllTables).In("333333333333"), a, lf.Select, lf.Describe),
			grant(lf.DataCells("lab", "visits", "f"), a, lf.Select),
			grant(lf.TagPolicy(lf.Tables, lf.Condition{Key: "level", Values: []string{"public"}}), a, lf.Select),
		},
		Role: ending.NewRole(stack, jsii.String("Role"), jsii.String("ended-access")),
		Key:  awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)}),
	}
}

func made(t *testing.T, change func(*ending.WorkflowProps)) cdktest.Template {
	t.Helper()
	stack := cdktest.Stack()
	p := props(stack)
	if change != nil {
		change(p)
	}
	ending.NewWorkflow(stack, jsii.String("Ending"), p)
	return cdktest.Of(t, stack)
}

// The role administers Lake Formation, and IAM lets it take away and nothing else.
func TestRoleOnlyTakesAway(t *testing.T) {
	template := made(t, nil)
	var allowed []string
	for _, p := range template.Type("AWS::IAM::ManagedPolicy") {
		text := p.JSON("PolicyDocument")
		for _, action := range regexp.MustCompile(`"[a-z0-9]+:[A-Z]\w+"`).FindAllString(text, -1) {
			service, _, _ := strings.Cut(strings.Trim(action, `"`), ":")
			if !slices.Contains([]string{"logs", "xray"}, service) { // the delivery of its own logs and traces
				allowed = append(allowed, action)
			}
		}
	}
	slices.Sort(allowed)
	cdktest.Same(t, fmt.Sprintf("%s", allowed), `["lakeformation:GetDataLakeSettings" "lakeformation:RevokePermissions" "states:StartExecution"]`)
	role := template.One(t, "AWS::IAM::Role", "Role")
	role.Want(t, map[string]string{"RoleName": `"ended-access"`})
	if role.DeletionPolicy != kept {
		t.Errorf("the role is %q with its stack, and settings name it", role.DeletionPolicy)
	}
	if text := role.JSON("AssumeRolePolicyDocument"); !strings.Contains(text, "aws:SourceAccount") {
		t.Error(text)
	}
}

// The record is the log: every state with its data, encrypted, and in no later workflow's way.
func TestLogsAreTheRecord(t *testing.T) {
	template := made(t, nil)
	machine := template.One(t, machineType, "Ending")
	machine.Want(t, map[string]string{
		"LoggingConfiguration.Level": `"ALL"`, "LoggingConfiguration.IncludeExecutionData": "true",
	})
	logs := template.One(t, "AWS::Logs::LogGroup", "Ending")
	logs.Want(t, map[string]string{"RetentionInDays": "365"})
	if logs.Get("KmsKeyId") == nil || logs.DeletionPolicy != "Delete" {
		t.Errorf("logs with key %v, %q with the stack", logs.Get("KmsKeyId"), logs.DeletionPolicy)
	}
}

// It runs every night, once the day is over in UTC, and every failure is told.
func TestEveryNight(t *testing.T) {
	template := made(t, nil)
	template.One(t, "AWS::Events::Rule", "Ending").Want(t, map[string]string{"ScheduleExpression": `"cron(10 0 * * ? *)"`, "State": `"ENABLED"`})
	if n := len(template.Type("AWS::CloudWatch::Alarm")); n != 3 {
		t.Errorf("%d alarms, expected those of failures, of time and of lost events", n)
	}
	if n := len(template.Type("AWS::SNS::Topic")); n != 1 {
		t.Errorf("%d topics", n)
	}
}

func TestOwnTopicNameAndSchedule(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	p.AlarmTopic = awssns.Topic_FromTopicArn(stack, jsii.String("Topic"), jsii.String("arn:aws:sns:us-east-1:111111111111:alarms"))
	p.StateMachineName, p.Schedule = jsii.String("lab-ended"), jsii.String("cron(10 1 * * ? *)")
	w := ending.NewWorkflow(stack, jsii.String("Ending"), p)
	w.GrantStart(awsiam.NewRole(stack, jsii.String("Officer"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	if *w.Alarms().TopicArn() != "arn:aws:sns:us-east-1:111111111111:alarms" || w.Record() == nil {
		t.Error(*w.Alarms().TopicArn())
	}
	template := cdktest.Of(t, stack)
	template.One(t, machineType, "Ending").Want(t, map[string]string{"StateMachineName": `"lab-ended"`})
	template.One(t, "AWS::Events::Rule", "Ending").Want(t, map[string]string{"ScheduleExpression": `"cron(10 1 * * ? *)"`})
	if text := template.One(t, "AWS::IAM::Policy", "Officer").JSON("PolicyDocument"); !strings.Contains(text, "states:StartExecution") {
		t.Error(text)
	}
}

// The record names resources as Step Functions does, groups principals, is the same for any
// order, and the definition is one that Step Functions takes.
func TestRecord(t *testing.T) {
	template := made(t, nil)
	text, ok := template.One(t, machineType, "Ending").Get("DefinitionString").(string)
	if !ok {
		t.Fatal("the definition holds a token")
	}
	for _, part := range []string{
		`"all":[{"last":"2029-12-31","name":"a"},{"last":"2030-06-30","name":"b"}]`,
		`{"needs":["a","b"],"principals":["arn:aws:iam::111111111111:role/Aide","` + analyst + `"],"resource":{"Database":{"CatalogId":"111111111111","Name":"lab"}},"rights":[{"passedOn":[],"permissions":["DESCRIBE"]}]}`,
		`"principals":["222222222222"],"resource":{"Database":{"CatalogId":"111111111111","Name":"lab"}},"rights":[{"passedOn":["DESCRIBE"],"permissions":["DESCRIBE"]}]}`,
		`"Table":{"CatalogId":"333333333333","DatabaseName":"lab","TableWildcard":{}}},"rights":[{"passedOn":[],"permissions":["DESCRIBE"]},{"passedOn":[],"permissions":["SELECT"]}]`,
		`{"DataCellsFilter":{"DatabaseName":"lab","Name":"f","TableCatalogId":"111111111111","TableName":"visits"}}`,
		`{"LfTagPolicy":{"CatalogId":"111111111111","Expression":[{"TagKey":"level","TagValues":["public"]}],"ResourceType":"TABLE"}}`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no\n%s\nin\n%s", part, text)
		}
	}
	other, _ := made(t, func(p *ending.WorkflowProps) {
		p.Subscriptions[0], p.Subscriptions[1] = p.Subscriptions[1], p.Subscriptions[0]
		p.Grants[0], p.Grants[3] = p.Grants[3], p.Grants[0]
	}).One(t, machineType, "Ending").Get("DefinitionString").(string)
	cdktest.Same(t, other, text)
	if wrong, err := asl.Validate(map[string]string{"Ending": text}); err != nil || len(wrong) > 0 {
		t.Errorf("%v %v", wrong, err)
	}
}

// What the access table tells of subscriptions is metadata, and only of those that have it.
func TestPurposesAreMetadata(t *testing.T) {
	purpose := func(p *ending.WorkflowProps) {
		p.Subscriptions[0].Purpose, p.Subscriptions[0].Approver = "cohort", "privacy@example.org"
	}
	template := made(t, purpose)
	if want := `"lakemesh:subscriptions":[{"approver":"privacy@example.org","name":"b","purpose":"cohort"}]`; !strings.Contains(cdktest.Compact(template.One(t, machineType, "Ending").Metadata), want) {
		t.Errorf("no %s in %v", want, template.One(t, machineType, "Ending").Metadata)
	}
	cdktest.Same(t, template.One(t, machineType, "Ending").JSON("DefinitionString"), made(t, nil).One(t, machineType, "Ending").JSON("DefinitionString"))
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ending.WorkflowProps)
		want   []string
	}{
		{"nothing", func(p *ending.WorkflowProps) { *p = ending.WorkflowProps{} }, []string{"Subscriptions: got nothing", "Grants: got nothing", "Role: got nothing", "Key: got nothing"}},
		{"wrong", func(p *ending.WorkflowProps) {
			p.Subscriptions[0].LastDay, p.Subscriptions[1].Name = "30.6.2030", "b"
			p.Schedule = jsii.String("every night")
			p.Grants[0].Principal, p.Grants[0].Needs = "somebody", nil
			p.Grants[1].Needs = []string{"c"}
			p.Grants[2].Permissions = []lf.Permission{lf.Select}
		}, []string{"Subscriptions[0].LastDay", "Subscriptions[1].Name", "Schedule", "Grants[0].Principal", "Grants[0].Needs", `Grants[1].Needs: got "c"`, "Grants[2]", "SELECT"}},
		{"too long", func(p *ending.WorkflowProps) {
			for i := range 1000 {
				g := p.Grants[4]
				g.Resource.Filter = fmt.Sprintf("%s_%d", strings.Repeat("f", 100), i)
				p.Grants = append(p.Grants, g)
			}
		}, []string{"bytes as JSON", "make several workflows"}},
	} {
		text := cdktest.Panic(t, func() { made(t, c.change) })
		for _, part := range c.want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: no %q in\n%s", c.name, part, text)
			}
		}
	}
	if text := cdktest.Panic(t, func() {
		stack := cdktest.Stack()
		ending.NewWorkflow(stack, jsii.String("Ending"), props(stack)).GrantStart(nil)
	}); !strings.Contains(text, "grantee") {
		t.Error(text)
	}
}
