package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
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

	// Databases are those whose tables the role serves whole, also tables that other
	// stacks and engines make: what the role may do does not change when a table comes.
	// At most 5, of which a managed policy can speak.
	// Default: none; the role serves the tables of its optimizers, 90 at most.
	Databases []OptimizedDatabase
}

// OptimizedDatabase is a database that an OptimizerRole serves whole.
type OptimizedDatabase struct {
	// Database with the tables. Required.
	Database IDatabase

	// Location below which the files of all tables are, as an s3:// URI. Required. A
	// table that stands elsewhere is served like one of no such database.
	Location *string
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
	whole    []OptimizedDatabase
	arn      *string // of a role that is made elsewhere, with its policies
}

const (
	// maxOptimizedTables is what fits into the 10 managed policies that a role may
	// have, beside the one for all tables.
	maxOptimizedTables = 9 * optimizer.TablesPerPolicy
	// maxOptimizedDatabases is what fits into the policy for all tables, with the longest names.
	maxOptimizedDatabases = 5
)

// NewOptimizerRole makes a role that Glue may assume in this account only. The
// tables' own permissions stand in managed policies of ten tables each, because
// one policy has at most 6144 characters; a role serves at most 90 tables, the
// quota of 10 managed policies per role. Tables in Databases count nothing.
//
// Where the tables stand in a registered Lake Formation location, the role also
// needs grants on them: SELECT, INSERT, DELETE, ALTER and DESCRIBE.
//
// Source: "Table optimization prerequisites" in the Glue developer guide.
func NewOptimizerRole(scope constructs.Construct, id *string, props *OptimizerRoleProps) *OptimizerRole {
	p := cdkx.Value(props, OptimizerRoleProps{})
	cdkx.Check(scope, id, p.problems())

	r := &OptimizerRole{tables: map[string]awsiam.ManagedPolicy{}, whole: slices.Clone(p.Databases)}
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
	reason := "Glue names the log groups of its optimizers, and lakeformation:GetDataAccess knows no resources: what it gives access to is granted in Lake Formation."
	if len(p.Databases) > 0 {
		reason += " An optimizer rewrites and deletes any file of the databases that the role serves whole."
	}
	for _, d := range p.Databases {
		r.base.AddStatements(r.work(s3uri.Parse(*d.Location), *d.Database.DatabaseName(), "*")...)
	}
	cdkx.Acknowledge(r.base, cdkx.Acknowledgement{Rule: "AwsSolutions-IAM5", Reason: reason})
	return r
}

// OptimizerRoleFromRoleArn refers to a role that is made elsewhere, such as one of
// another stack with Databases. It makes no resource, and optimizers add nothing to what
// the role may do: it must serve their tables already, because Glue tries it when an
// optimizer is made. It panics on an ARN that is none of a role.
func OptimizerRoleFromRoleArn(scope constructs.Construct, id, roleArn *string) *OptimizerRole {
	var list problem.List
	arn := cdkx.Value(roleArn, "")
	if !cdkx.HoldsToken(arn) && !arnOfRole.MatchString(arn) {
		list.Addf("roleArn", cdkx.Quote(arn), "the ARN of an IAM role", "write for example arn:aws:iam::111111111111:role/optimizer")
	}
	cdkx.CheckPartition(&list, scope, "roleArn", arn)
	cdkx.Check(scope, id, list)

	r := &OptimizerRole{arn: roleArn}
	cdkx.Add(r, scope, id)
	return r
}

var arnOfRole = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)

func (p *OptimizerRoleProps) problems() problem.List {
	var list problem.List
	if n := len(p.Databases); n > maxOptimizedDatabases {
		list.Addf("Databases", fmt.Sprintf("%d databases", n), fmt.Sprintf("at most %d, of which the policy of a role can speak", maxOptimizedDatabases), "make a second OptimizerRole")
	}
	for i, d := range p.Databases {
		path := fmt.Sprintf("Databases[%d]", i)
		if cdkx.Missing(d.Database) {
			list.Addf(path+".Database", "nothing", "a database", "set Database")
		}
		location := cdkx.Value(d.Location, "")
		if _, known := s3uri.FromURI(location); !known {
			list.Addf(path+".Location", cdkx.Quote(location), "s3://, a bucket's name, which may be a token, and a plain prefix", "write where the files of the tables are")
		}
	}
	return list
}

// Role is the IAM role.
func (r *OptimizerRole) Role() awsiam.IRole {
	if r.role == nil {
		r.role = awsiam.Role_FromRoleArn(r, jsii.String("Role"), r.arn, &awsiam.FromRoleArnOptions{Mutable: jsii.Bool(false)})
	}
	return r.role
}

// roleARN is the ARN of the role.
func (r *OptimizerRole) roleARN() *string {
	if r.arn == nil {
		return cdkx.RoleARN(r.role)
	}
	return r.arn
}

// Policies are the managed policies that say what the role may do, none of a role that
// is made elsewhere.
func (r *OptimizerRole) Policies() []awsiam.ManagedPolicy {
	if r.arn != nil {
		return nil
	}
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
	return !has && !r.serves(table) && len(r.tables) >= maxOptimizedTables
}

// serves reports whether the role may work on the table whatever optimizers add.
func (r *OptimizerRole) serves(table *Table) bool {
	return r.arn != nil || slices.ContainsFunc(r.whole, func(d OptimizedDatabase) bool {
		return *d.Database.DatabaseName() == *table.DatabaseName() && s3uri.Parse(*d.Location).Contains(s3uri.Parse(table.location))
	})
}

func (t *Table) key() string { return t.in.name() + "." + t.name }

// allow adds what one table needs, once, and returns the policies that an optimizer of
// the table waits for.
func (r *OptimizerRole) allow(table *Table) []awsiam.ManagedPolicy {
	switch {
	case r.arn != nil:
		return nil
	case r.serves(table):
		return []awsiam.ManagedPolicy{r.base}
	}
	return []awsiam.ManagedPolicy{r.base, r.add(table)}
}

// add is the policy that speaks of a table.
func (r *OptimizerRole) add(table *Table) awsiam.ManagedPolicy {
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

	policy.AddStatements(r.work(s3uri.Parse(table.location), *table.DatabaseName(), table.name)...)
	cdkx.Acknowledge(policy, cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "An optimizer rewrites and deletes any file below the location of its table; the wildcard stands for the files of that one prefix.",
	})
	return policy
}

// work is what optimizers need of a table, or of all tables of a database, whose files are
// below a location.
func (r *OptimizerRole) work(location s3uri.Location, database, table string) []awsiam.PolicyStatement {
	stack := cdkx.StackOf(r)
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
	return []awsiam.PolicyStatement{
		statement([]string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, jsii.String(location.ARN(*cdkx.Partition(stack))+"/*")),
		list,
		statement([]string{"glue:GetTable", "glue:UpdateTable"}, glue("catalog", ""), glue("database", database), glue("table", database+"/"+table)),
	}
}
