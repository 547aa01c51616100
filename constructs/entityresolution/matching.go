package entityresolution

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsentityresolution"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

const service = "entityresolution.amazonaws.com"

// MatchingWorkflow compares the records of tables, and writes which are one person.
type MatchingWorkflow struct {
	constructs.Construct

	role     awsiam.Role
	policy   awsiam.ManagedPolicy
	resource awsentityresolution.CfnMatchingWorkflow
	machine  *workflow.Machine
	topic    awssns.ITopic
}

// NewMatchingWorkflow makes a matching workflow with the role that the service works with,
// and a state machine that starts a run, by a schedule or by hand, waits for it and fails
// with it: the alarm tells the topic. A run that left records out fails too, when it has
// written the others: their ids are missing, repeated or too long. The service runs one
// matching job at a time in an account and region; another one waits half a day for it.
//
// The role reads the files of the inputs and writes below the output, and no more. What
// Lake Formation wants for the tables is granted where they stand:
//
//	table.GrantRead(governance.RolePrincipal(matching.Role()))
//
// Records that are deleted from the inputs are gone from the next output. Incremental
// runs keep them in the service until they are deleted there: see "Deleting records from
// a rule-based or ML-based matching workflow".
//
// It panics with every problem of the props at once.
// Sources: "AWS::EntityResolution::MatchingWorkflow"; "Creating a workflow job role for
// AWS Entity Resolution"; "StartMatchingJob"; "Quotas for AWS Entity Resolution". Nothing
// here was deployed to an account by this project, or run on the local AWS.
func NewMatchingWorkflow(scope constructs.Construct, id *string, props *MatchingWorkflowProps) *MatchingWorkflow {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems())

	m := &MatchingWorkflow{}
	cdkx.Add(m, scope, id)
	key := p.Output.Bucket.EncryptionKey()
	m.topic = workflow.AlarmTopic(m, p.AlarmTopic, key)
	m.newRole(&p)
	if cdkx.Value(p.Incremental, false) {
		for _, in := range p.Inputs {
			delivery.SendEvents(in.Files.Bucket)
		}
	}
	m.resource = awsentityresolution.NewCfnMatchingWorkflow(m, jsii.String("Resource"), p.resource(*cdkx.RoleARN(m.role)))
	m.resource.AddResourceDependency(cdkx.L1(m.policy), nil)
	arn := *m.resource.AttrWorkflowArn()
	m.machine = workflow.NewMachine(m, "Machine", &workflow.MachineProps{
		Definition:  p.definition(),
		Description: "Compares records with AWS Entity Resolution",
		Key:         key,
		Statements:  []awsiam.PolicyStatement{workflow.Allow([]string{arn}, "entityresolution:GetMatchingJob", "entityresolution:StartMatchingJob")},
	})
	if p.Schedule != nil {
		m.machine.Every("Schedule", "Compares records with AWS Entity Resolution", *p.Schedule)
	}
	m.machine.Alarms(m.topic, "The matching workflow "+*p.WorkflowName)
	return m
}

// newRole makes the role of the workflow, after AWS's own policy, held to folders.
func (m *MatchingWorkflow) newRole(p *matchingPlan) {
	m.role = awsiam.NewRole(m, jsii.String("Role"), &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("AWS Entity Resolution reads and writes the files of a matching workflow with this role"),
		AssumedBy:   workflow.OnBehalf(m, service, nil),
	})
	statements := []awsiam.PolicyStatement{
		p.output.Objects("s3:PutObject"), p.output.List(), workflow.Allow([]string{p.output.KeyARN()}, "kms:Encrypt", "kms:GenerateDataKey"),
		workflow.Allow([]string{"*"}, "lakeformation:GetDataAccess"),
	}
	buckets, tables := []string{*cdkx.BucketARN(p.output.Bucket)}, []string{cdkx.ARN(m, "glue", "catalog")}
	for i, in := range p.Inputs {
		at := p.inputs[i]
		statements = append(statements, at.Objects("s3:GetObject"), at.List(), workflow.Allow([]string{at.KeyARN()}, "kms:Decrypt"))
		buckets = append(buckets, *cdkx.BucketARN(at.Bucket))
		tables = append(tables, cdkx.ARN(m, "glue", "database/"+*in.Table.DatabaseName()), cdkx.ARN(m, "glue", "table/"+*in.Table.DatabaseName()+"/"+*in.Table.TableName()))
	}
	slices.Sort(buckets)
	slices.Sort(tables)
	statements = append(statements,
		workflow.Allow(slices.Compact(buckets), "s3:GetBucketLocation"),
		workflow.Allow(slices.Compact(tables), "glue:BatchGetPartition", "glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable"),
	)
	m.policy = awsiam.NewManagedPolicy(m, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What a matching workflow may read and write"),
		Roles:       &[]awsiam.IRole{m.role},
		Statements:  &statements,
	})
	cdkx.Acknowledge(m.policy, cdkx.Acknowledgement{
		Rule: "AwsSolutions-IAM5",
		Reason: "Runs read and write objects that cannot be named beforehand, in folders of their own, and lakeformation:GetDataAccess knows no resources: " +
			"what it gives access to is granted in Lake Formation.",
	})
}

// resource are the properties of the workflow.
func (p *matchingPlan) resource(role string) *awsentityresolution.CfnMatchingWorkflowProps {
	var inputs []any
	for _, in := range p.Inputs {
		inputs = append(inputs, &awsentityresolution.CfnMatchingWorkflow_InputSourceProperty{
			InputSourceArn:     jsii.String(cdkx.ARN(in.Table, "glue", "table/"+*in.Table.DatabaseName()+"/"+*in.Table.TableRef())),
			SchemaArn:          in.Schema.SchemaARN(),
			ApplyNormalization: jsii.Bool(!cdkx.Value(in.AsIs, false)),
		})
	}
	out := &awsentityresolution.CfnMatchingWorkflowProps{
		WorkflowName: p.WorkflowName, Description: p.Description, RoleArn: jsii.String(role), InputSourceConfig: &inputs,
		OutputSourceConfig: &[]any{&awsentityresolution.CfnMatchingWorkflow_OutputSourceProperty{
			OutputS3Path: jsii.String(p.output.URI()), KmsArn: jsii.String(p.output.KeyARN()), Output: p.columns(), ApplyNormalization: jsii.Bool(false),
		}},
	}
	technique := &awsentityresolution.CfnMatchingWorkflow_ResolutionTechniquesProperty{ResolutionType: jsii.String("ML_MATCHING")}
	if len(p.Rules) > 0 {
		var rules []any
		for _, rule := range p.Rules {
			rules = append(rules, &awsentityresolution.CfnMatchingWorkflow_RuleProperty{RuleName: rule.Name, MatchingKeys: cdkx.Strings(rule.MatchKeys)})
		}
		model := "ONE_TO_ONE"
		if cdkx.Value(p.AcrossColumns, false) {
			model = "MANY_TO_MANY"
		}
		technique = &awsentityresolution.CfnMatchingWorkflow_ResolutionTechniquesProperty{
			ResolutionType: jsii.String("RULE_MATCHING"),
			RuleBasedProperties: &awsentityresolution.CfnMatchingWorkflow_RuleBasedPropertiesProperty{
				AttributeMatchingModel: jsii.String(model), Rules: &rules,
			},
		}
	}
	out.ResolutionTechniques = technique
	if cdkx.Value(p.Incremental, false) {
		out.IncrementalRunConfig = &awsentityresolution.CfnMatchingWorkflow_IncrementalRunConfigProperty{IncrementalRunType: jsii.String("IMMEDIATE")}
	}
	return out
}

// columns are those of the output: ids of records in clear text, all else hashed unless
// somebody wants to read it.
func (p *matchingPlan) columns() *[]any {
	var out []any
	var ids []string
	for _, in := range p.Inputs {
		if id := in.Schema.uniqueID(); !slices.Contains(ids, id) {
			ids = append(ids, id)
			out = append(out, &awsentityresolution.CfnMatchingWorkflow_OutputAttributeProperty{Name: jsii.String(id), Hashed: jsii.Bool(false)})
		}
	}
	for _, c := range p.OutputColumns {
		out = append(out, &awsentityresolution.CfnMatchingWorkflow_OutputAttributeProperty{Name: c.Column, Hashed: jsii.Bool(!cdkx.Value(c.ClearText, false))})
	}
	return &out
}

// definition starts a run and waits for it.
func (p *matchingPlan) definition() workflow.Definition {
	name, poll := *p.WorkflowName, delivery.Seconds(p.PollInterval)
	return workflow.Definition{
		Comment: "Compares records with AWS Entity Resolution", StartAt: "StartMatching", TimeoutSeconds: workflow.MaxPolls * poll,
		States: workflow.States{
			"StartMatching": workflow.Call("entityresolution", "startMatchingJob", map[string]any{"WorkflowName": name}).Retry(waitForOthers()).
				Result("$.started").Next("WaitForMatching"),
			"LeftOut": workflow.Choice("Matched",
				workflow.All(workflow.When("$.job.Metrics.RecordsNotProcessed", "IsPresent", true), workflow.When("$.job.Metrics.RecordsNotProcessed", "NumericGreaterThan", 0)).Then("RecordsLeftOut")),
			"Matched":        workflow.Succeed(),
			"MatchingFailed": workflow.Fail("MatchingFailed", "The matching job failed: read why with entityresolution get-matching-job, by the JobId in the history of this execution"),
			"RecordsLeftOut": workflow.Fail("RecordsLeftOut", "The matching job wrote its output without some records, whose ids are missing, repeated or too long: mend them and start it again"),
		}.Add(workflow.Poll("Matching", poll,
			workflow.Call("entityresolution", "getMatchingJob", map[string]any{"WorkflowName": name, "JobId.$": "$.started.JobId"}).Result("$.job"),
			"$.job.Status",
			workflow.Outcome{Status: "SUCCEEDED", Next: "LeftOut"},
			workflow.Outcome{Status: "FAILED", Next: "MatchingFailed"})),
	}
}

// waitForOthers retries a start while another job runs, for half a day.
func waitForOthers() workflow.Retrier {
	return workflow.Retrier{
		Errors:  []string{"EntityResolution.ConflictException", "EntityResolution.ExceedsLimitException", "EntityResolution.ThrottlingException"},
		Seconds: 60, Rate: 2, Most: 900, Attempts: 100,
	}
}

// Role is the role that the service works with: grant it the tables in Lake Formation.
func (m *MatchingWorkflow) Role() awsiam.IRole { return m.role }

// WorkflowARN is the ARN of the matching workflow.
func (m *MatchingWorkflow) WorkflowARN() *string { return m.resource.AttrWorkflowArn() }

// StateMachineArn is the ARN of the state machine that runs it, which takes any input.
func (m *MatchingWorkflow) StateMachineArn() *string { return m.machine.ARN() }

// StateMachine is the state machine.
func (m *MatchingWorkflow) StateMachine() awsstepfunctions.CfnStateMachine { return m.machine.Cfn() }

// Alarms is the topic that hears of failures.
func (m *MatchingWorkflow) Alarms() awssns.ITopic { return m.topic }

// Cfn is the CloudFormation resource of the matching workflow, for properties that this
// construct does not set.
func (m *MatchingWorkflow) Cfn() awsentityresolution.CfnMatchingWorkflow { return m.resource }

// GrantStart lets the grantee start runs and redrive failed ones.
func (m *MatchingWorkflow) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(m, "grantee", grantee, "a role, a user or what else has a principal")
	return m.machine.GrantStart(grantee)
}
