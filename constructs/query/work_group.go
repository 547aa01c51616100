package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// IWorkGroup is an Athena workgroup, made by NewWorkGroup or imported. Only this
// package implements it.
type IWorkGroup interface {
	constructs.IConstruct

	// WorkGroupName is the name of the workgroup.
	WorkGroupName() *string

	// WorkGroupArn is the ARN of the workgroup.
	WorkGroupArn() *string

	// Key encrypts the results; nil where it is not known.
	Key() awskms.IKey

	// Results is the bucket that query results go to; nil where Athena keeps them.
	Results() awss3.IBucket

	// AddNamedQuery saves a query in the workgroup.
	AddNamedQuery(id *string, query NamedQuery) awsathena.CfnNamedQuery

	// GrantQuery lets the grantee run queries in the workgroup and read its history
	// and its results.
	GrantQuery(grantee awsiam.IGrantable) awsiam.Grant

	// QueryStatements are the policy statements of GrantQuery, for a managed policy
	// that is attached elsewhere.
	QueryStatements() []awsiam.PolicyStatement

	statements() []cdkx.Statement
}

// WorkGroup is an Athena workgroup.
type WorkGroup struct {
	constructs.Construct

	name     string
	key      awskms.IKey            // nil where it is not known
	results  awss3.IBucket          // nil where Athena keeps the results
	resource awsathena.CfnWorkGroup // nil for an imported one
}

// NewWorkGroup makes an Athena workgroup (engine version 3) whose settings override
// those of the caller: results are encrypted with its key and stay where it keeps
// them; metrics are published; a query that scans more than ScanLimitBytes is
// stopped.
//
// Lake Formation does not govern what a query has returned: whoever may use a
// workgroup reads its history and every result in it. So give a workgroup to one
// principal, or to principals with the same rights, and jobs one of their own.
//
// By default Athena keeps the results, for 24 hours, and only the workgroup's
// GetQueryResults returns them. With Results or AccessLogs they go to a bucket, below
// a folder that only principals of this workgroup reach.
//
// The workgroup stays when its stack goes, unless DeleteHistory is set. It panics
// with every problem of the props at once, and on a name that another workgroup of
// the stack has.
// Sources: "Override client-side settings", "Managed query results", "Considerations
// and limitations for querying data registered with Lake Formation"; rules 10.1, 10.2 and 13.1.
func NewWorkGroup(scope constructs.Construct, id *string, props *WorkGroupProps) *WorkGroup {
	p := props.withDefaults()
	problems := p.problems()
	registry := cdkx.RegistryOf(scope)
	registry.CheckTaken(&problems, "Name", "workgroup", p.Name)
	cdkx.Check(scope, id, problems)

	w := &WorkGroup{name: *p.Name, key: p.Key, results: present(p.Results)}
	cdkx.Add(w, scope, id)
	registry.Claim("workgroup", p.Name, w)
	switch {
	case !cdkx.Missing(p.AccessLogs):
		results := newResultsBucket(w, p)
		registry.Guard(w, results)
		w.results = results
	case w.results == nil:
		allowAthena(w, p.Key)
	}
	configuration := &awsathena.CfnWorkGroup_WorkGroupConfigurationProperty{
		EnforceWorkGroupConfiguration:   jsii.Bool(true),
		PublishCloudWatchMetricsEnabled: jsii.Bool(true),
		RequesterPaysEnabled:            jsii.Bool(false),
		BytesScannedCutoffPerQuery:      p.ScanLimitBytes,
		EngineVersion: &awsathena.CfnWorkGroup_EngineVersionProperty{
			SelectedEngineVersion: jsii.String("Athena engine version 3"),
		},
	}
	w.configure(configuration)
	forget := cdkx.Value(p.DeleteHistory, false)
	w.resource = awsathena.NewCfnWorkGroup(w, jsii.String("Resource"), &awsathena.CfnWorkGroupProps{
		Name:                   p.Name,
		Description:            p.Description,
		State:                  jsii.String("ENABLED"),
		RecursiveDeleteOption:  jsii.Bool(forget),
		WorkGroupConfiguration: configuration,
	})
	if !forget {
		cdkx.Retain(w.resource)
		registry.Guard(w, w.resource)
	}
	return w
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (w *WorkGroup) Cfn() awsathena.CfnWorkGroup { return w.resource }

// WorkGroupRef is the name as a reference: a resource that has it waits for the
// workgroup.
func (w *WorkGroup) WorkGroupRef() *string { return w.resource.Ref() }

// WorkGroupName is the name of the workgroup.
func (w *WorkGroup) WorkGroupName() *string { return jsii.String(w.name) }

// WorkGroupArn is the ARN of the workgroup.
func (w *WorkGroup) WorkGroupArn() *string { return w.arn() }

// Key encrypts the results; nil where it is not known.
func (w *WorkGroup) Key() awskms.IKey { return w.key }

// Results is the bucket that query results go to; nil where Athena keeps them.
func (w *WorkGroup) Results() awss3.IBucket { return w.results }

func (w *WorkGroup) arn() *string { return jsii.String(cdkx.ARN(w, "athena", "workgroup/"+w.name)) }

// present is a bucket that is there: nil for a nil pointer behind the interface too.
func present(bucket awss3.IBucket) awss3.IBucket {
	if cdkx.Missing(bucket) {
		return nil
	}
	return bucket
}
