package ending

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// Workflow is the workflow that takes back what has ended.
type Workflow struct {
	constructs.Construct

	machine *workflow.Machine
	topic   awssns.ITopic
}

// NewWorkflow makes a workflow that takes back, every night, the grants of all
// subscriptions whose last day is over, and of those that the input of an execution asks
// for: {"subscriptions": ["research/labs"]}. It has no function and no server.
//
// What is gone already was taken back; so an execution may run twice, or two at once. What
// Lake Formation is too busy for is retried for some 15 minutes. What it refuses for good
// does not keep the rest: the execution takes back what it can, fails as StillGranted, and
// the alarm tells the topic. So does one whose role is no administrator, before it has
// called anything, and one whose event was lost.
//
// What an administrator may not see counts as gone, because Lake Formation answers the same:
// what another account no longer shares. Take back in the account of who reads before the
// one that shares (rule 13.9).
//
// The logs hold every state with its input and output, for a year and as long as
// there is the workflow: which permission of whom on what was revoked, was gone, or failed,
// and when. CloudTrail has the calls beyond that.
//
// A grant that is taken back stays in its stack until the next template lacks it: see
// constructs/docs/sharing.md.
//
// It panics with every problem of the props at once.
// Sources: "RevokePermissions", "Lake Formation administrator permissions"; rules 2.5 and
// 13.9. Nothing here was deployed to an account by this project.
func NewWorkflow(scope constructs.Construct, id *string, props *WorkflowProps) *Workflow {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	w := &Workflow{}
	cdkx.Add(w, scope, id)
	w.topic = workflow.AlarmTopic(w, p.AlarmTopic, p.Key)
	w.machine = workflow.NewMachine(w, "Machine", &workflow.MachineProps{
		Definition: p.definition(*cdkx.Account(w)),
		Key:        p.Key,
		Role:       p.Role,
		Permitted:  true,
		Name:       p.StateMachineName,
		LogData:    true,
	})
	if told := p.told(); len(told) > 0 {
		w.machine.Cfn().AddMetadata(jsii.String(template.SubscriptionsMetadata), told)
	}
	// A log group that stayed would be in the way of the next workflow of this name.
	w.machine.Logs().ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY)
	w.machine.Every("Nightly", "Takes back what subscriptions gave that have ended", *p.Schedule)
	w.machine.Alarms(w.topic, "Ending access")
	return w
}

// NewRole makes a role for WorkflowProps.Role under a fixed name, beside the Lake Formation
// settings that name it as an administrator: Lake Formation takes no administrator that does
// not exist, and every later deployment fails when one is deleted (rule 1.5). So it outlives
// its stack. A role that stayed and is needed again is deleted by hand first.
//
// One role serves all workflows of an account and region.
func NewRole(scope constructs.Construct, id, roleName *string) awsiam.Role {
	cdkx.Check(scope, id, nil)
	role := awsiam.NewRole(scope, id, &awsiam.RoleProps{
		RoleName:    roleName,
		Description: jsii.String("Takes back access that has ended, which takes an administrator of Lake Formation; it can grant nothing and reads no data"),
		AssumedBy:   workflow.OnBehalf(scope, "states.amazonaws.com", nil),
	})
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE)
	workflow.NewPolicy(role, role, []awsiam.PolicyStatement{
		workflow.Allow([]string{"*"}, "lakeformation:GetDataLakeSettings", "lakeformation:RevokePermissions"),
	}, "Grants and settings of Lake Formation take no resource in IAM.")
	return role
}

// Alarms is the topic that hears of failures.
func (w *Workflow) Alarms() awssns.ITopic { return w.topic }

// Record is the log group that says what was taken back.
func (w *Workflow) Record() awslogs.LogGroup { return w.machine.Logs() }

// GrantStart lets the grantee end subscriptions at once, and see how executions went.
func (w *Workflow) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(w, "grantee", grantee, "a role, user or group that starts the workflow")
	return w.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (w *Workflow) Cfn() awsstepfunctions.CfnStateMachine { return w.machine.Cfn() }
