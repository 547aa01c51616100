package query

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// QualityNamespace is where CloudWatch has the metrics of evaluations: EvaluatedRules,
// FailedErrorRules and FailedOtherRules, each by Product.
const QualityNamespace = "LakeMesh/Quality"

// EvaluatorRoleProps configures NewEvaluatorRole.
type EvaluatorRoleProps struct {
	// Owner says whose products are evaluated, for example "the domain clinical". Required.
	Owner *string

	// WorkGroup is where the rules are measured. Required.
	WorkGroup IWorkGroup

	// Results is the table quality_results, see measure.ResultsContract. Required.
	Results *WrittenTable

	// StateMachinePrefix begins the names of the evaluations, and of the state machines that
	// they come after, such as "riverside-clinical-": the role may look for their executions.
	// Required.
	StateMachinePrefix *string

	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string
}

func (p *EvaluatorRoleProps) problems() problem.List {
	var list problem.List
	if cdkx.Value(p.Owner, "") == "" {
		list.Addf("Owner", "nothing", "whose products are evaluated", `set it like "the domain clinical"`)
	}
	checkWorkGroup(&list, p.WorkGroup)
	if p.Results == nil {
		list.Addf("Results", "nothing", "the table of results", "set Results")
	} else {
		p.Results.Check(&list, "Results")
	}
	cdkx.CheckName(&list, "StateMachinePrefix", p.StateMachinePrefix, stateMachineName, "1 to 80 letters, digits, hyphens and underscores")
	return list
}

// NewEvaluatorRole makes the role that evaluations run as, all those of a domain, with what
// they may call in a managed policy beside it, whose id has Policy where that of the role has
// Role. Which tables it measures is for Lake Formation to say: grant it SELECT on these, and
// what an Iceberg table takes to be written on the results.
//
// It panics with every problem of the props at once.
func NewEvaluatorRole(scope constructs.Construct, id *string, props *EvaluatorRoleProps) (awsiam.Role, awsiam.ManagedPolicy) {
	p := cdkx.Value(props, EvaluatorRoleProps{})
	cdkx.Check(scope, id, p.problems())

	role := cdkx.NewRole(scope, *id, &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Evaluates the quality of products of " + *p.Owner),
		AssumedBy:   workflow.OnBehalf(scope, "states.amazonaws.com", nil),
	})
	metrics := workflow.Allow([]string{"*"}, "cloudwatch:PutMetricData")
	metrics.AddCondition(jsii.String("StringEquals"), map[string]any{"cloudwatch:namespace": QualityNamespace})
	statements := append([]awsiam.PolicyStatement{workflow.Logging(), metrics,
		workflow.Allow([]string{cdkx.ARN(scope, "states", "stateMachine:"+*p.StateMachinePrefix+"*")}, "states:ListExecutions"),
	}, p.WorkGroup.QueryStatements()...)
	statements = append(statements, p.Results.Statements(scope, p.WorkGroup.Key())...)
	policy := awsiam.NewManagedPolicy(scope, jsii.String(policyID(*id)), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What evaluating the quality of products of " + *p.Owner + " takes"),
		Roles:       &[]awsiam.IRole{role},
		Statements:  &statements,
	})
	cdkx.Acknowledge(policy, cdkx.Acknowledgement{Rule: "AwsSolutions-IAM5", Reason: workflow.LoggingWildcard +
		" Metrics are limited to a namespace. The state machines are those of one domain. Athena reads the catalog as a whole and names files itself, below the prefix of the results; Lake Formation decides which tables the role reads."})
	return role, policy
}

// policyID is the id of the policy beside a role.
func policyID(role string) string { return strings.TrimSuffix(role, "Role") + "Policy" }
