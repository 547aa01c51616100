package catalog

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// OptimizerRoleProps configures an OptimizerRole. The zero value is complete.
type OptimizerRoleProps struct {
	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string

	// Key encrypts the files of the tables. The role may use it, on both sides: in
	// its own policy and in the key's.
	// Default: none; the files are encrypted by S3 itself.
	Key awskms.IKey
}

// OptimizerRole is the role with which Glue optimizes Iceberg tables, one for all
// tables of a domain. It can do what its tables need and nothing else;
// optimizers add their tables.
type OptimizerRole struct {
	constructs.Construct

	role     awsiam.IRole
	base     awsiam.ManagedPolicy
	policies []awsiam.ManagedPolicy // of ten tables each
	tables   map[string]awsiam.ManagedPolicy
}

const (
	// maxOptimizedTables is what fits into the 10 managed policies that a role may
	// have, beside the one for all tables.
	maxOptimizedTables = 9 * optimizer.TablesPerPolicy
)

// NewOptimizerRole makes a role that Glue may assume in this account only. The
// tables' own permissions stand in managed policies of ten tables each, because
// one policy has at most 6144 characters; a role serves at most 90 tables, the
// quota of 10 managed policies per role.
//
// Where the tables stand in a registered Lake Formation location, the role also
// needs grants on them: SELECT, INSERT, DELETE, ALTER and DESCRIBE.
//
// Source: "Table optimization prerequisites" in the Glue developer guide.
func NewOptimizerRole(scope constructs.Construct, id *string, props *OptimizerRoleProps) *OptimizerRole {
	p := cdkx.Value(props, OptimizerRoleProps{})
	cdkx.Check(scope, id, nil)

	r := &OptimizerRole{tables: map[string]awsiam.ManagedPolicy{}}
	cdkx.Add(r, scope, id)
	stack := cdkx.StackOf(r)
	r.role = awsiam.NewRole(r, jsii.String("Role"), &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Glue optimizes Iceberg tables with this role"),
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), &awsiam.ServicePrincipalOpts{
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(stack)}},
		}),
	})
	logs := stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: jsii.String("/aws-glue/iceberg-*"),
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	r.base = awsiam.NewManagedPolicy(r, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What Glue's table optimizers need for every table"),
		Roles:       &[]awsiam.IRole{r.role},
		Statements: &[]awsiam.PolicyStatement{
			statement([]string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}, logs, jsii.String(*logs+":*")),
			statement([]string{"lakeformation:GetDataAccess"}, jsii.String("*")),
		},
	})
	if p.Key != nil {
		r.useKey(p.Key)
	}
	cdkx.Acknowledge(cdkx.L1(r.base), cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "Glue names the log groups of its optimizers, and lakeformation:GetDataAccess knows no resources: what it gives access to is granted in Lake Formation.",
	})
	return r
}

// Role is the IAM role.
func (r *OptimizerRole) Role() awsiam.IRole { return r.role }

// Policies are the managed policies that say what the role may do.
func (r *OptimizerRole) Policies() []awsiam.ManagedPolicy {
	return append([]awsiam.ManagedPolicy{r.base}, r.policies...)
}

func statement(actions []string, resources ...*string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: cdkx.Strings(actions), Resources: &resources})
}

// useKey allows the key on both sides, as an identity policy alone fails where
// the key's policy does not hand permissions over to IAM.
func (r *OptimizerRole) useKey(key awskms.IKey) {
	actions := []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"}
	r.base.AddStatements(statement(actions, cdkx.KeyARN(key)))
	key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:    cdkx.Strings(actions),
		Principals: &[]awsiam.IPrincipal{r.role},
		Resources:  jsii.Strings("*"),
	}), jsii.Bool(true))
}

// full reports whether no other table fits.
func (r *OptimizerRole) full(table *Table) bool {
	_, has := r.tables[table.key()]
	return !has && len(r.tables) >= maxOptimizedTables
}

func (t *Table) key() string { return t.in.name() + "." + t.name }

// allow adds what one table needs, once, and returns the policy it stands in.
func (r *OptimizerRole) allow(table *Table) awsiam.ManagedPolicy {
	if policy, has := r.tables[table.key()]; has {
		return policy
	}
	if len(r.tables)%optimizer.TablesPerPolicy == 0 {
		r.policies = append(r.policies, awsiam.NewManagedPolicy(r, jsii.String(fmt.Sprintf("Tables%d", len(r.policies)+1)), &awsiam.ManagedPolicyProps{
			Description: jsii.String("The Iceberg tables that Glue optimizes"),
			Roles:       &[]awsiam.IRole{r.role},
		}))
	}
	policy := r.policies[len(r.policies)-1]
	r.tables[table.key()] = policy

	stack := cdkx.StackOf(r)
	location := s3uri.Parse(table.location)
	list := statement([]string{"s3:ListBucket"}, jsii.String(s3uri.Location{Bucket: location.Bucket}.ARN(*cdkx.Partition(stack))))
	if prefixes := location.ListedPrefixes(); prefixes != nil {
		list.AddCondition(jsii.String("StringLike"), map[string]any{"s3:prefix": prefixes})
	}
	glue := func(kind, name string) *string {
		components := &awscdk.ArnComponents{Service: jsii.String("glue"), Resource: jsii.String(kind)}
		if name != "" {
			components.ResourceName = jsii.String(name)
		}
		return stack.FormatArn(components)
	}
	policy.AddStatements(
		statement([]string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, jsii.String(location.ARN(*cdkx.Partition(stack))+"/*")),
		list,
		statement([]string{"glue:GetTable", "glue:UpdateTable"}, glue("catalog", ""), glue("database", *table.DatabaseName()), glue("table", *table.DatabaseName()+"/"+table.name)),
	)
	cdkx.Acknowledge(cdkx.L1(policy), cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "An optimizer rewrites and deletes any file below the location of its table; the wildcard stands for the files of that one prefix.",
	})
	return policy
}
