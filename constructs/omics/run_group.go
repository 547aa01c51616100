package omics

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsomics"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// RunGroupProps configures a RunGroup. All of it is changed in place.
type RunGroupProps struct {
	// Name is 1 to 128 characters. Required, and a plain string.
	Name *string

	// MaxCpus is how many vCPUs all runs of the group use at a time, from 1 to 100,000;
	// what is beyond waits. Required: without it there is no limit.
	MaxCpus *float64

	// MaxRuns is how many runs of the group go on at a time, from 1 to 100,000; others
	// wait. Required: without it there is no limit.
	MaxRuns *float64

	// MaxDuration is how long a run may take, in whole minutes, at most 100,000; it is
	// stopped then. Required: without it one that hangs is paid for until somebody sees.
	MaxDuration awscdk.Duration

	// MaxGpus is how many GPUs all runs of the group use at a time, from 1 to 100,000.
	// Default: 1, the least that HealthOmics takes.
	MaxGpus *float64

	// Regions are those with run groups, for a region that is newer than this version of
	// the library.
	// Default: healthomics.WorkflowRegions.
	Regions []string
}

// maxLimit is the highest limit that CloudFormation takes.
const maxLimit = 100_000

func (p *RunGroupProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkName(&list, p.Name, maxName)
	for _, limit := range []struct {
		path, what string
		value      *float64
	}{{"MaxCpus", "vCPUs", p.MaxCpus}, {"MaxRuns", "runs", p.MaxRuns}, {"MaxDuration", "minutes", minutes(p.MaxDuration)}} {
		if limit.value == nil {
			list.Addf(limit.path, "nothing", "a limit", "set it to what the runs of the group may use at most: without it there is none")
		}
		cdkx.CheckWhole(&list, limit.path, limit.value, limit.what, 1, maxLimit, "choose a limit within it")
	}
	cdkx.CheckWhole(&list, "MaxGpus", p.MaxGpus, "GPUs", 1, maxLimit, "leave it out where no task uses one")
	checkRegion(&list, scope, "workflows", p.Regions, healthomics.WorkflowRegions())
	return list
}

// minutes is a duration in minutes, nil where there is none.
func minutes(of awscdk.Duration) *float64 {
	if cdkx.Missing(of) {
		return nil
	}
	return of.ToMinutes(&awscdk.TimeConversionOptions{Integral: jsii.Bool(false)})
}

// RunGroup limits what its runs use.
type RunGroup struct {
	constructs.Construct

	resource awsomics.CfnRunGroup
}

// NewRunGroup makes a group that limits vCPUs, GPUs, runs and the duration of a run,
// all four of them. A run is in it that names it when it is started. Few vCPUs make
// runs longer, and each pays for its file system as long as it goes on.
//
// It panics with every problem of the props at once, and in a region without workflows.
// Source: "AWS::Omics::RunGroup".
func NewRunGroup(scope constructs.Construct, id *string, props *RunGroupProps) *RunGroup {
	p := cdkx.Value(props, RunGroupProps{})
	cdkx.Check(scope, id, p.problems(scope))

	g := &RunGroup{}
	cdkx.Add(g, scope, id)
	g.resource = awsomics.NewCfnRunGroup(g, jsii.String("Resource"), &awsomics.CfnRunGroupProps{
		Name: jsii.String(*p.Name), MaxCpus: p.MaxCpus, MaxRuns: p.MaxRuns, MaxDuration: minutes(p.MaxDuration),
		MaxGpus: jsii.Number(cdkx.Value(p.MaxGpus, 1)),
	})
	return g
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (g *RunGroup) Cfn() awsomics.CfnRunGroup { return g.resource }

// RunGroupID is the id that HealthOmics gave the group, which a run names.
func (g *RunGroup) RunGroupID() *string { return g.resource.AttrId() }

// RunGroupARN is the ARN of the group.
func (g *RunGroup) RunGroupARN() *string { return g.resource.AttrArn() }
