package workflow

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// MachineProps configures a Machine. Definition, Key and Description are required.
type MachineProps struct {
	Definition  Definition // of the machine, which NewMachine checks
	Description string     // of the role: what the workflow does

	// Key encrypts logs and dead letters. Its policy is extended where this app
	// makes the key; see cdkx.AllowWorkflows for what another key needs.
	Key awskms.IKey

	// Statements are what the calls of the definition need.
	Statements []awsiam.PolicyStatement

	// Wildcards is the reason for wildcards in Statements, for the audit.
	Wildcards string

	// Role is one that Step Functions assumes, to which the policy is attached.
	// Default: a new one, for this account only.
	Role awsiam.IRole

	// Permitted says that Role may do already what the machine does, Logging included, so
	// that it gets no policy: a role of many machines has one for all.
	Permitted bool

	// RoleName fixes the name of the new role. Default: CloudFormation generates it.
	RoleName *string

	// Name fixes the name of the machine. Default: CloudFormation generates it.
	Name *string

	// LogData says that the logs are the record of what was done, with the input and output
	// of every state: only where no state sees data of patients.
	LogData bool
}

// Machine is a standard state machine with its role and its encrypted logs.
// Logs and traces hold every event but no input or output, unless LogData asks for it.
type Machine struct {
	constructs.Construct

	key      awskms.IKey
	role     awsiam.IRole
	policy   awsiam.ManagedPolicy
	logs     awslogs.LogGroup
	start    awsiam.Role // that EventBridge starts the machine with
	dead     awssqs.Queue
	resource awsstepfunctions.CfnStateMachine
	arn      *string // of it, asked once
}

// NewMachine makes a state machine. It panics on a definition that Check refuses.
func NewMachine(scope constructs.Construct, id string, props *MachineProps) *Machine {
	cdkx.Fail(scope, props.Definition.Check())
	m := &Machine{key: props.Key}
	cdkx.Add(m, scope, jsii.String(id))
	cdkx.AllowWorkflows(m, props.Key)
	m.logs = NewLogs(m, cdkx.MachineLogPrefix+cdkx.UniqueName(m), m.key)
	m.newRole(props)
	m.resource = awsstepfunctions.NewCfnStateMachine(m, jsii.String("Resource"), &awsstepfunctions.CfnStateMachineProps{
		StateMachineName: props.Name,
		RoleArn:          cdkx.RoleARN(m.role),
		DefinitionString: jsii.String(props.Definition.JSON(*cdkx.StackOf(m).Partition())),
		StateMachineType: jsii.String("STANDARD"),
		LoggingConfiguration: &awsstepfunctions.CfnStateMachine_LoggingConfigurationProperty{
			Level:                jsii.String("ALL"),
			IncludeExecutionData: jsii.Bool(props.LogData),
			Destinations: &[]any{&awsstepfunctions.CfnStateMachine_LogDestinationProperty{
				CloudWatchLogsLogGroup: &awsstepfunctions.CfnStateMachine_CloudWatchLogsLogGroupProperty{LogGroupArn: m.logs.LogGroupArn()},
			}},
		},
		TracingConfiguration: &awsstepfunctions.CfnStateMachine_TracingConfigurationProperty{Enabled: jsii.Bool(true)},
	})
	if m.policy != nil {
		m.resource.AddResourceDependency(cdkx.L1(m.policy), nil)
	}
	return m
}

// Role is the role that the machine calls services with.
func (m *Machine) Role() awsiam.IRole { return m.role }

// Logs is the log group of the executions.
func (m *Machine) Logs() awslogs.LogGroup { return m.logs }

// DeadLetters holds events that could not start the machine; nil without triggers.
func (m *Machine) DeadLetters() awssqs.Queue { return m.dead }

// ARN is the ARN of the state machine.
func (m *Machine) ARN() *string {
	if m.arn == nil {
		m.arn = m.resource.AttrArn()
	}
	return m.arn
}

// Cfn is the state machine itself.
func (m *Machine) Cfn() awsstepfunctions.CfnStateMachine { return m.resource }

// GrantStart lets the grantee start executions, see how they went and redrive
// failed ones.
func (m *Machine) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	executions := cdkx.ARN(m, "states", "execution:"+*m.resource.AttrName()+":*")
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee: grantee,
		Actions: jsii.Strings("states:DescribeExecution", "states:DescribeStateMachine", "states:GetExecutionHistory",
			"states:ListExecutions", "states:RedriveExecution", "states:StartExecution"),
		ResourceArns: &[]*string{m.ARN(), &executions},
	})
}

// NewLogs makes a log group, encrypted with a key that has to allow it to CloudWatch
// Logs; it is kept for a year, also without the stack.
func NewLogs(scope constructs.Construct, name string, key awskms.IKey) awslogs.LogGroup {
	return awslogs.NewLogGroup(scope, jsii.String("Logs"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String(name),
		EncryptionKey: key,
		Retention:     awslogs.RetentionDays_ONE_YEAR,
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
}

func (m *Machine) newRole(props *MachineProps) {
	m.role = props.Role
	if m.role == nil {
		m.role = awsiam.NewRole(m, jsii.String("Role"), &awsiam.RoleProps{
			RoleName:    props.RoleName,
			Description: jsii.String(props.Description),
			AssumedBy:   OnBehalf(m, "states.amazonaws.com", nil),
		})
	}
	if props.Permitted {
		return
	}
	m.policy = NewPolicy(m, m.role, props.Statements, props.Wildcards)
}

// NewPolicy gives a role what a workflow needs: statements, and Logging. wildcards is the
// reason for wildcards in the statements, for the audit.
func NewPolicy(scope constructs.Construct, role awsiam.IRole, statements []awsiam.PolicyStatement, wildcards string) awsiam.ManagedPolicy {
	all := append([]awsiam.PolicyStatement{Logging()}, statements...)
	policy := awsiam.NewManagedPolicy(scope, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What the workflow may do"),
		Roles:       &[]awsiam.IRole{role},
		Statements:  &all,
	})
	reason := LoggingWildcard
	if wildcards != "" {
		reason += " " + wildcards
	}
	cdkx.Acknowledge(policy, cdkx.Acknowledgement{Rule: "AwsSolutions-IAM5", Reason: reason})
	return policy
}

// LoggingWildcard is why Logging is allowed on everything, for the audit.
const LoggingWildcard = "Delivering logs and traces takes no resource in IAM."

// Logging is what every machine needs: neither log delivery nor traces know resources.
func Logging() awsiam.PolicyStatement {
	return Allow([]string{"*"}, "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
		"logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
		"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments")
}

// On starts the machine with every event of the default bus that the pattern
// takes. EventBridge tries for a day; an event that it could not deliver waits
// 14 days in DeadLetters.
func (m *Machine) On(id, description string, pattern map[string]any) awsevents.CfnRule {
	return m.rule(id, &awsevents.CfnRuleProps{Description: jsii.String(description), EventPattern: pattern})
}

// Every starts the machine by a schedule such as "rate(1 day)" or
// "cron(15 2 * * ? *)" in UTC.
func (m *Machine) Every(id, description, schedule string) awsevents.CfnRule {
	return m.rule(id, &awsevents.CfnRuleProps{Description: jsii.String(description), ScheduleExpression: jsii.String(schedule)})
}

func (m *Machine) rule(id string, props *awsevents.CfnRuleProps) awsevents.CfnRule {
	m.prepareTriggers()
	props.State = jsii.String("ENABLED")
	props.Targets = &[]any{&awsevents.CfnRule_TargetProperty{
		Id: jsii.String("Machine"), Arn: m.ARN(), RoleArn: cdkx.RoleARN(m.start),
		DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: m.dead.QueueArn()},
		RetryPolicy: &awsevents.CfnRule_RetryPolicyProperty{
			MaximumEventAgeInSeconds: jsii.Number(24 * 60 * 60), MaximumRetryAttempts: jsii.Number(185),
		},
	}}
	rule := awsevents.NewCfnRule(m, jsii.String(id), props)
	TakeEvents(m.dead, "Take"+id, rule)
	return rule
}

// prepareTriggers makes the role and the dead-letter queue of all triggers.
func (m *Machine) prepareTriggers() {
	if m.start != nil {
		return
	}
	m.start = cdkx.NewRole(m, "StartRole", &awsiam.RoleProps{
		Description: jsii.String("EventBridge starts the workflow with this role"),
		AssumedBy:   cdkx.Service(m, "events.amazonaws.com"),
	})
	cdkx.NewPolicy(m, "StartPolicy", map[string]any{
		"description": "Starts the workflow",
		"roles":       []any{m.start},
	}, []cdkx.Statement{cdkx.Allow("", []string{*m.ARN()}, "states:StartExecution")}, nil)
	m.dead = awssqs.NewQueue(m, jsii.String("DeadLetters"), &awssqs.QueueProps{
		Encryption: awssqs.QueueEncryption_KMS, EncryptionMasterKey: m.key, EnforceSSL: jsii.Bool(true),
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
	})
	cdkx.Acknowledge(m.dead, cdkx.Acknowledgement{Rule: "AwsSolutions-SQS3", Reason: "This queue is itself the dead-letter queue of a rule."})
}

// TakeEvents lets a rule of EventBridge send to a queue.
func TakeEvents(queue awssqs.Queue, sid string, rule awsevents.CfnRule) {
	queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String(sid),
		Principals: &[]awsiam.IPrincipal{cdkx.Service(queue, "events.amazonaws.com")},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{queue.QueueArn()},
		Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rule.AttrArn()}},
	}))
}
