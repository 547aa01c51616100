package omics

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsomics"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// WorkflowVersionProps configures a WorkflowVersion.
type WorkflowVersionProps struct {
	// Workflow that it is a version of. Required.
	Workflow *Workflow

	// VersionName is what a run names, at most 64 letters, digits and any of -._ . A
	// workflow has one version of a name, for ever: give another name with another
	// definition.
	// Default: the first twelve digits of a digest of the definition and the files of its
	// Path, so that what is changed is another version by itself; required with a URI.
	VersionName *string

	// Description is 1 to 256 characters.
	// Default: none.
	Description *string

	// Definition is what a run does that names the version. Required.
	Definition Definition
}

var versionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (p *WorkflowVersionProps) problems() problem.List {
	var list problem.List
	if cdkx.Missing(p.Workflow) {
		list.Addf("Workflow", "nothing", "the workflow of the version", "make one with NewWorkflow")
	}
	if p.VersionName != nil || p.Definition.URI != nil {
		cdkx.CheckName(&list, "VersionName", p.VersionName, versionName, "1 to 64 letters, digits and any of -._")
	}
	checkText(&list, "Description", p.Description, maxDescription)
	p.Definition.check(&list)
	return list
}

// WorkflowVersion is another definition of a workflow.
type WorkflowVersion struct {
	constructs.Construct

	resource awsomics.CfnWorkflowVersion
	name     string
}

// NewWorkflowVersion makes a version of a workflow, which runs name and the workflow's
// own definition is not touched by. It is retained when another takes its place, so that
// what earlier runs did can be run again.
//
// It panics with every problem of the props at once.
// Source: "AWS::Omics::WorkflowVersion".
func NewWorkflowVersion(scope constructs.Construct, id *string, props *WorkflowVersionProps) *WorkflowVersion {
	p := cdkx.Value(props, WorkflowVersionProps{})
	cdkx.Check(scope, id, p.problems())

	v := &WorkflowVersion{}
	cdkx.Add(v, scope, id)
	d := p.Definition.render(v)
	if v.name = d.digest; len(v.name) > 12 {
		v.name = v.name[:12]
	}
	v.name = cdkx.Value(p.VersionName, v.name)
	v.resource = awsomics.NewCfnWorkflowVersion(v, jsii.String("Resource"), &awsomics.CfnWorkflowVersionProps{
		WorkflowId: p.Workflow.WorkflowID(), VersionName: jsii.String(v.name), Description: p.Description,
		DefinitionUri: d.uri, Engine: d.engine, Main: d.main, ParameterTemplate: d.parameters, StorageType: d.storage, StorageCapacity: d.capacity,
	})
	keepDefinition(v, v.resource)
	return v
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (v *WorkflowVersion) Cfn() awsomics.CfnWorkflowVersion { return v.resource }

// VersionName is what a run names.
func (v *WorkflowVersion) VersionName() *string { return jsii.String(v.name) }

// WorkflowVersionARN is the ARN of the version.
func (v *WorkflowVersion) WorkflowVersionARN() *string { return v.resource.AttrArn() }
