package omics

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsomics"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// WorkflowProps configures a Workflow. A change of Definition replaces the workflow, but
// for whether its file system grows.
type WorkflowProps struct {
	// Name is 1 to 128 characters. Required, and a plain string.
	Name *string

	// Description is 1 to 256 characters.
	// Default: none.
	Description *string

	// Definition is what a run does that names no version. Leave it as it is and make a
	// WorkflowVersion for each change: a changed definition is another workflow, with
	// another id and none of the versions. Required.
	Definition Definition

	// Regions are those with workflows, for a region that is newer than this version of
	// the library.
	// Default: healthomics.WorkflowRegions.
	Regions []string
}

func (p *WorkflowProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkName(&list, p.Name, maxName)
	checkText(&list, "Description", p.Description, maxDescription)
	p.Definition.check(&list)
	checkRegion(&list, scope, "workflows", p.Regions, healthomics.WorkflowRegions())
	return list
}

// Workflow is what runs do.
type Workflow struct {
	constructs.Construct

	resource awsomics.CfnWorkflow
}

// NewWorkflow makes a workflow. It and its versions are retained when they leave the
// stack: without the definition nobody can say where the results of a run came from.
// They cost nothing.
//
// It panics with every problem of the props at once, and in a region without workflows.
// Source: "AWS::Omics::Workflow".
func NewWorkflow(scope constructs.Construct, id *string, props *WorkflowProps) *Workflow {
	p := cdkx.Value(props, WorkflowProps{})
	cdkx.Check(scope, id, p.problems(scope))

	w := &Workflow{}
	cdkx.Add(w, scope, id)
	d := p.Definition.render(w)
	w.resource = awsomics.NewCfnWorkflow(w, jsii.String("Resource"), &awsomics.CfnWorkflowProps{
		Name: jsii.String(*p.Name), Description: p.Description,
		DefinitionUri: d.uri, Engine: d.engine, Main: d.main, ParameterTemplate: d.parameters, StorageType: d.storage, StorageCapacity: d.capacity,
	})
	keepDefinition(w, w.resource)
	return w
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (w *Workflow) Cfn() awsomics.CfnWorkflow { return w.resource }

// WorkflowID is the id that HealthOmics gave the workflow.
func (w *Workflow) WorkflowID() *string { return w.resource.AttrId() }

// WorkflowARN is the ARN of the workflow.
func (w *Workflow) WorkflowARN() *string { return w.resource.AttrArn() }

// RunOptions are what runs are started with.
type RunOptions struct {
	// Role is the one that runs work with, such as that of a RunRole. Required.
	Role awsiam.IRole

	// Group is the one that runs may be started in. IAM cannot require it: a run that
	// names none is limited by the quotas of the account alone.
	// Default: none.
	Group *RunGroup

	// Cache is the one that runs may take results from and put them into.
	// Default: none.
	Cache *RunCache
}

// GrantRun lets the grantee start runs of the workflow and its versions that work with
// the role, and follow and cancel runs, of which IAM knows only that they are the
// account's. Whoever may start runs reads and writes what the role does.
// Source: "Actions, resources, and condition keys for AWS HealthOmics".
func (w *Workflow) GrantRun(grantee awsiam.IGrantable, options *RunOptions) awsiam.Grant {
	o := cdkx.Value(options, RunOptions{})
	cdkx.Argument(w, "grantee", grantee, aGrantee)
	cdkx.Argument(w, "options.Role", o.Role, "the role that runs work with, such as that of a RunRole")
	runs, arn := numbered(w, "run"), *w.WorkflowARN()
	started := []string{arn, arn + "/version/*", runs}
	if o.Group != nil {
		started = append(started, *o.Group.RunGroupARN())
	}
	if o.Cache != nil {
		started = append(started, *o.Cache.RunCacheARN())
	}
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(o.Role, service))
	cdkx.Allow("", []string{arn, arn + "/version/*"}, "omics:GetWorkflow", "omics:GetWorkflowVersion").Grant(grantee)
	cdkx.Allow("", []string{runs, numbered(w, "task")}, "omics:CancelRun", "omics:GetRun", "omics:GetRunTask", "omics:ListRunTasks").Grant(grantee)
	return cdkx.Allow("", started, "omics:StartRun").Grant(grantee)
}
