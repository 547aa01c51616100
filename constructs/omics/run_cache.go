package omics

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsomics"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// CacheBehavior is when a run puts the results of its tasks into a cache.
type CacheBehavior string

// The behaviours that HealthOmics has.
// Source: "AWS::Omics::RunCache".
const (
	// CacheOnFailure keeps the results of a run that fails, for the one that repeats it.
	CacheOnFailure CacheBehavior = "CACHE_ON_FAILURE"
	// CacheAlways keeps the results of every run.
	CacheAlways CacheBehavior = "CACHE_ALWAYS"
)

// RunCacheProps configures a RunCache. A change of Location replaces the cache; what is
// in the bucket stays there, and no run finds it any more.
type RunCacheProps struct {
	// Name is 1 to 128 characters. Required, and a plain string.
	Name *string

	// Description is 1 to 256 characters.
	// Default: none.
	Description *string

	// Location is where results of tasks are kept. HealthOmics deletes none of them:
	// give the folder a lifecycle. Required.
	Location storage.S3Location

	// Behavior is when results are kept by a run that does not say so itself.
	// Default: CacheOnFailure.
	Behavior CacheBehavior

	// Regions are those with run caches, for a region that is newer than this version of
	// the library.
	// Default: healthomics.WorkflowRegions.
	Regions []string
}

func (p *RunCacheProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkName(&list, p.Name, maxName)
	checkText(&list, "Description", p.Description, maxDescription)
	location(&list, "Location", "run-cache/", &p.Location)
	if behaviours := []CacheBehavior{CacheOnFailure, CacheAlways}; p.Behavior != "" && !slices.Contains(behaviours, p.Behavior) {
		list.Addf("Behavior", cdkx.Quote(p.Behavior), "CACHE_ON_FAILURE or CACHE_ALWAYS", "take one of the constants")
	}
	checkRegion(&list, scope, "workflows", p.Regions, healthomics.WorkflowRegions())
	return list
}

// RunCache keeps results of tasks.
type RunCache struct {
	constructs.Construct

	resource awsomics.CfnRunCache
	at       workflow.Location
}

// NewRunCache makes a cache of the results of tasks, in a folder of a bucket that is
// encrypted with a customer managed key. HealthOmics writes there only while the bucket
// is in the account that it was made for. The role of the runs needs the cache too; see
// RunRoleProps.
//
// It panics with every problem of the props at once, and in a region without workflows.
// Source: "AWS::Omics::RunCache".
func NewRunCache(scope constructs.Construct, id *string, props *RunCacheProps) *RunCache {
	p := cdkx.Value(props, RunCacheProps{})
	cdkx.Check(scope, id, p.problems(scope))

	c := &RunCache{at: workflow.At(p.Location.Bucket, p.Location.Prefix)}
	cdkx.Add(c, scope, id)
	if p.Behavior == "" {
		p.Behavior = CacheOnFailure
	}
	c.resource = awsomics.NewCfnRunCache(c, jsii.String("Resource"), &awsomics.CfnRunCacheProps{
		Name: jsii.String(*p.Name), Description: p.Description, CacheBehavior: jsii.String(string(p.Behavior)),
		CacheS3Location: jsii.String(c.at.URI()), CacheBucketOwnerId: p.Location.Bucket.Env().Account,
	})
	return c
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (c *RunCache) Cfn() awsomics.CfnRunCache { return c.resource }

// RunCacheID is the id that HealthOmics gave the cache, which a run names.
func (c *RunCache) RunCacheID() *string { return c.resource.AttrId() }

// RunCacheARN is the ARN of the cache.
func (c *RunCache) RunCacheARN() *string { return c.resource.AttrArn() }
