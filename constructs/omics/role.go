package omics

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// RunRoleProps configures a RunRole.
type RunRoleProps struct {
	// Output is where runs write what they make. Required.
	Output storage.S3Location

	// Inputs are the folders that runs read.
	// Default: none.
	Inputs []storage.S3Location

	// SequenceStores are those whose reads runs read.
	// Default: none.
	SequenceStores []ISequenceStore

	// ReferenceStores are those whose genomes runs read.
	// Default: none.
	ReferenceStores []IReferenceStore

	// Repositories are those of the images that tasks run in. The policy of one that this
	// app makes is given what HealthOmics needs; that of another has to have it.
	// Default: none.
	// Source: "Amazon ECR permissions" in the HealthOmics user guide.
	Repositories []awsecr.IRepository

	// Cache is the one that runs may take results from and put them into.
	// Default: none.
	Cache *RunCache

	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string
}

const maxRole = 64

func (p *RunRoleProps) problems() problem.List {
	var list problem.List
	location(&list, "Output", "runs/", &p.Output)
	for i := range p.Inputs {
		location(&list, fmt.Sprintf("Inputs[%d]", i), "samples/", &p.Inputs[i])
	}
	for i, s := range p.SequenceStores {
		checkThere(&list, fmt.Sprintf("SequenceStores[%d]", i), s)
	}
	for i, s := range p.ReferenceStores {
		checkThere(&list, fmt.Sprintf("ReferenceStores[%d]", i), s)
	}
	for i, r := range p.Repositories {
		checkThere(&list, fmt.Sprintf("Repositories[%d]", i), r)
	}
	cdkx.CheckLength(&list, "RoleName", p.RoleName, maxRole)
	return list
}

func checkThere(list *problem.List, path string, value any) {
	if cdkx.Missing(value) {
		list.Addf(path, "nothing", "what runs reach", "leave it out, or pass it")
	}
}

// RunRole is the role that runs work with.
type RunRole struct {
	constructs.Construct

	role   awsiam.Role
	policy awsiam.ManagedPolicy
}

// NewRunRole makes a role that only HealthOmics assumes, for runs of this account, and
// that reads the inputs, reads and writes the output, reads the stores, pulls the images,
// and writes the log of runs; see Workflow.GrantRun for who may start runs with it.
//
// It panics with every problem of the props at once.
// Source: "Service roles for AWS HealthOmics".
func NewRunRole(scope constructs.Construct, id *string, props *RunRoleProps) *RunRole {
	p := cdkx.Value(props, RunRoleProps{})
	cdkx.Check(scope, id, p.problems())

	r := &RunRole{}
	cdkx.Add(r, scope, id)
	r.role = awsiam.NewRole(r, jsii.String("Role"), &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Runs of HealthOmics workflows read and write with this role"),
		AssumedBy:   workflow.OnBehalf(r, service, jsii.String(numbered(r, "run"))),
	})
	statements := p.statements(r)
	r.policy = awsiam.NewManagedPolicy(r, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What runs of HealthOmics workflows may read and write"),
		Roles:       &[]awsiam.IRole{r.role},
		Statements:  &statements,
	})
	cdkx.Acknowledge(cdkx.L1(r.policy), cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "Runs read and write objects, reads and log streams that cannot be named beforehand; the wildcards end at fixed folders, stores and the log group of HealthOmics.",
	})
	for _, repository := range p.Repositories {
		repository.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid:        jsii.String("HealthOmicsPulls"),
			Principals: &[]awsiam.IPrincipal{cdkx.Service(r, service)},
			Actions:    cdkx.Strings(pullImages),
		}))
	}
	return r
}

// pullImages are the actions with which images are pulled.
var pullImages = []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}

// statements are what runs may do.
func (p *RunRoleProps) statements(r *RunRole) []awsiam.PolicyStatement {
	out := readWrite(workflow.At(p.Output.Bucket, p.Output.Prefix))
	if p.Cache != nil {
		out = append(out, readWrite(p.Cache.at)...)
	}
	for _, input := range p.Inputs {
		at := workflow.At(input.Bucket, input.Prefix)
		out = append(out, at.Objects("s3:GetObject"), at.List(), at.Decrypt())
	}
	for _, s := range p.SequenceStores {
		arn, point := *s.SequenceStoreARN(), *s.S3AccessPointARN()
		out = append(out,
			workflow.Allow([]string{arn, arn + "/readSet/*"}, "omics:GetReadSet", "omics:GetReadSetMetadata", "omics:ListReadSets"),
			workflow.Allow([]string{point}, "s3:ListBucket"),
			workflow.Allow([]string{point + "/object/*"}, "s3:GetObject"),
			workflow.Allow([]string{*cdkx.KeyARN(s.Key())}, "kms:Decrypt", "kms:DescribeKey"))
	}
	for _, s := range p.ReferenceStores {
		arn := *s.ReferenceStoreARN()
		out = append(out,
			workflow.Allow([]string{arn, arn + "/reference/*"}, readReferences...),
			workflow.Allow([]string{*cdkx.KeyARN(s.Key())}, "kms:Decrypt", "kms:DescribeKey"))
	}
	if len(p.Repositories) > 0 {
		var images []string
		for _, repository := range p.Repositories {
			images = append(images, *repository.RepositoryArn())
		}
		out = append(out, workflow.Allow(images, pullImages...))
	}
	group := cdkx.ARN(r, "logs", "log-group:/aws/omics/WorkflowLog:")
	return append(out,
		workflow.Allow([]string{group + "*"}, "logs:CreateLogGroup"),
		workflow.Allow([]string{group + "log-stream:*"}, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"))
}

// readWrite are the statements for a folder that is read and written.
func readWrite(at workflow.Location) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{at.Objects("s3:GetObject", "s3:PutObject"), at.List(), at.Encrypt()}
}

// Role is the IAM role.
func (r *RunRole) Role() awsiam.IRole { return r.role }

// Policy is the managed policy that says what the role may do.
func (r *RunRole) Policy() awsiam.ManagedPolicy { return r.policy }

// ImportRoleProps configures an ImportRole.
type ImportRoleProps struct {
	// Input is the folder that imports read. Required.
	Input storage.S3Location

	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string
}

// ImportRole is the role that imports of reads and genomes read with.
type ImportRole struct {
	constructs.Construct

	role   awsiam.Role
	policy awsiam.ManagedPolicy
}

// NewImportRole makes a role that only HealthOmics assumes, for this account, and that
// reads one folder, for GrantImport of stores.
//
// It panics with every problem of the props at once.
// Source: "Service roles for AWS HealthOmics".
func NewImportRole(scope constructs.Construct, id *string, props *ImportRoleProps) *ImportRole {
	p := cdkx.Value(props, ImportRoleProps{})
	var list problem.List
	location(&list, "Input", "reads/", &p.Input)
	cdkx.CheckLength(&list, "RoleName", p.RoleName, maxRole)
	cdkx.Check(scope, id, list)

	r := &ImportRole{}
	cdkx.Add(r, scope, id)
	r.role = awsiam.NewRole(r, jsii.String("Role"), &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Imports into stores of HealthOmics read with this role"),
		AssumedBy:   workflow.OnBehalf(r, service, nil),
	})
	at := workflow.At(p.Input.Bucket, p.Input.Prefix)
	r.policy = awsiam.NewManagedPolicy(r, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What imports into stores of HealthOmics may read"),
		Roles:       &[]awsiam.IRole{r.role},
		Statements: &[]awsiam.PolicyStatement{
			at.Objects("s3:GetObject"), at.List(), at.Decrypt(),
			workflow.Allow([]string{*cdkx.BucketARN(at.Bucket)}, "s3:GetBucketLocation"),
		},
	})
	cdkx.Acknowledge(cdkx.L1(r.policy), cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "Imports read files of a folder whose keys nobody knows before; the wildcard ends at that folder.",
	})
	return r
}

// Role is the IAM role.
func (r *ImportRole) Role() awsiam.IRole { return r.role }

// Policy is the managed policy that says what the role may do.
func (r *ImportRole) Policy() awsiam.ManagedPolicy { return r.policy }
