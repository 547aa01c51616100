package query

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ForeignMachines are state machines of another account, with the role of that account by
// which a job looks at them.
type ForeignMachines struct {
	// RoleARN is that of a role which NewReadinessRole makes in the account. Required.
	RoleARN *string

	// StateMachineARNs are the ARNs of the machines. Required.
	StateMachineARNs []string
}

// ReadinessRoleProps configures NewReadinessRole.
type ReadinessRoleProps struct {
	// StateMachineARNs are the machines of this account whose executions may be listed:
	// 1 to 50, each once. Required.
	StateMachineARNs []string

	// Readers are the roles of jobs in other accounts, which may use the role: 1 to 50,
	// each once. They need not exist yet. Required.
	Readers []ForeignRole

	// RoleName fixes the name of the role, at most 64 characters, so that the jobs can be
	// given it before it is made.
	// Default: CloudFormation generates it.
	RoleName *string
}

// ForeignRole is a role of another account, of this partition.
type ForeignRole struct {
	// Account is its 12-digit id. Required.
	Account *string

	// RoleName is the name of the role, after its path where it has one. Required.
	RoleName *string
}

// NewReadinessRole makes the role by which jobs of other accounts learn whether state
// machines of this account have succeeded (JobProps.AfterElsewhere). It may list their
// executions and nothing else; their names, times and statuses are all that it shows.
//
// Whom it trusts is the account of each reader, and of that account the reader alone, by a
// condition: a trust policy cannot name a role that does not exist, and forgets one that is
// deleted and made again. Step Functions sends the ARN of the state machine as external id,
// which is documented for calls that wait for their end only, so it is not asked for.
//
// It panics with every problem of the props at once.
// Sources: Step Functions, "Accessing resources in other AWS accounts"; IAM,
// "AWS JSON policy elements: Principal", "aws:PrincipalArn".
func NewReadinessRole(scope constructs.Construct, id *string, props *ReadinessRoleProps) awsiam.Role {
	p := cdkx.Value(props, ReadinessRoleProps{})
	cdkx.Check(scope, id, p.problems())
	iam := "arn:" + *cdkx.Partition(scope) + ":iam::"
	var accounts []awsiam.IPrincipal
	var taken, readers []string
	for _, reader := range p.Readers {
		readers = append(readers, iam+*reader.Account+":role/"+*reader.RoleName)
		if !slices.Contains(taken, *reader.Account) {
			taken = append(taken, *reader.Account)
			accounts = append(accounts, awsiam.NewArnPrincipal(jsii.String(iam+*reader.Account+":root")))
		}
	}
	role := awsiam.NewRole(scope, id, &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Jobs of other accounts look with it whether what they read is made"),
		AssumedBy: awsiam.NewPrincipalWithConditions(awsiam.NewCompositePrincipal(accounts...), &map[string]any{
			"ArnEquals": map[string]any{"aws:PrincipalArn": readers},
		}),
	})
	awsiam.NewManagedPolicy(role, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("Lists executions"),
		Roles:       &[]awsiam.IRole{role},
		Statements:  &[]awsiam.PolicyStatement{workflow.Allow(p.StateMachineARNs, "states:ListExecutions")},
	})
	return role
}

func (p *ReadinessRoleProps) problems() problem.List {
	var list problem.List
	if len(p.StateMachineARNs) == 0 {
		list.Addf("StateMachineARNs", "nothing", "the state machines that are looked at", "name them")
	}
	checkMachines(&list, "StateMachineARNs", p.StateMachineARNs)
	if n := len(p.Readers); n < 1 || n > maxAfter {
		list.Addf("Readers", fmt.Sprint(n), fmt.Sprintf("1 to %d roles", maxAfter), "name the roles of the jobs that look")
	}
	seen := map[string]bool{}
	for i, reader := range p.Readers {
		path := fmt.Sprintf("Readers[%d]", i)
		account, name := cdkx.Value(reader.Account, ""), cdkx.Value(reader.RoleName, "")
		if !accountID.MatchString(account) {
			list.Addf(path+".Account", cdkx.Quote(account), "12 digits", "name the account of the role")
		}
		if name == "" {
			list.Addf(path+".RoleName", "nothing", "the name of a role", "name it")
		}
		if seen[account+"/"+name] {
			list.Addf(path, cdkx.Quote(name)+" again", "each role once", "take it out")
		}
		seen[account+"/"+name] = true
	}
	return list
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// awaited is a state machine that a job comes after.
type awaited struct {
	machine string
	role    string // that it is looked at with; "" is the job's own
}

// awaited are the machines that the job comes after, those of its own account first.
func (p *JobProps) awaited() []awaited {
	var out []awaited
	for _, machine := range p.After {
		out = append(out, awaited{machine: machine})
	}
	for _, elsewhere := range p.AfterElsewhere {
		for _, machine := range elsewhere.StateMachineARNs {
			out = append(out, awaited{machine, cdkx.Value(elsewhere.RoleARN, "")})
		}
	}
	return out
}

// lookStatements are what looking at the machines takes, beside the job's own.
func (p *JobProps) lookStatements() []awsiam.PolicyStatement {
	var roles []string
	for _, elsewhere := range p.AfterElsewhere {
		roles = append(roles, *elsewhere.RoleARN)
	}
	if len(roles) == 0 {
		return nil
	}
	return []awsiam.PolicyStatement{workflow.Allow(roles, "sts:AssumeRole")}
}

// catalogStatements are what reading tables of encrypted catalogs elsewhere takes.
func (p *JobProps) catalogStatements(scope constructs.Construct) []awsiam.PolicyStatement {
	var out []awsiam.PolicyStatement
	for i, c := range p.ForeignCatalogs {
		out = append(out, awsiam.NewPolicyStatement(c.statement(scope, i)))
	}
	return out
}

// checkElsewhere reports machines of other accounts that a job cannot come after.
func (p *JobProps) checkElsewhere(list *problem.List) {
	var all []string
	for _, a := range p.awaited() {
		all = append(all, a.machine)
	}
	checkMachines(list, "After", p.After)
	if n := len(all); n > maxAfter && len(p.After) <= maxAfter {
		list.Addf("AfterElsewhere", fmt.Sprintf("%d state machines with those of After", n), fmt.Sprintf("at most %d", maxAfter), "make fewer jobs of them, or name only the last of each chain")
	}
	for i, elsewhere := range p.AfterElsewhere {
		path := fmt.Sprintf("AfterElsewhere[%d]", i)
		role := cdkx.Value(elsewhere.RoleARN, "")
		if principal, err := lakeformation.ParsePrincipal(role); !cdkx.HoldsToken(role) && (err != nil || principal.Kind != lakeformation.IAMRole) {
			list.Addf(path+".RoleARN", cdkx.Quote(role), "the ARN of a role", "write it like arn:aws:iam::111122223333:role/name")
		}
		if len(elsewhere.StateMachineARNs) == 0 {
			list.Addf(path+".StateMachineARNs", "nothing", "state machines", "name them, or take the role out")
		}
		checkMachines(list, path+".StateMachineARNs", elsewhere.StateMachineARNs)
	}
}
