package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
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
	var then []cdkx.Then
	switch {
	case !cdkx.Missing(p.AccessLogs):
		results := newResultsBucket(w, p)
		registry.Guard(w, results)
		w.results = results
	case w.results == nil:
		then = append(then, func(b *batch.Batch, _ any) { allowAthena(b, w, p.Key) })
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
	w.configureResults(configuration)
	forget := cdkx.Value(p.DeleteHistory, false)
	if !forget {
		then = append(then, cdkx.Retained)
	}
	w.resource = cdkx.Make[awsathena.CfnWorkGroup](w, "Resource", &awsathena.CfnWorkGroupProps{
		Name:                   p.Name,
		Description:            p.Description,
		State:                  jsii.String("ENABLED"),
		RecursiveDeleteOption:  jsii.Bool(forget),
		WorkGroupConfiguration: configuration,
	}, then...)
	if !forget {
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
func (w *WorkGroup) WorkGroupArn() *string {
	return jsii.String(cdkx.ARN(w, "athena", "workgroup/"+w.name))
}

// Key encrypts the results; nil where it is not known.
func (w *WorkGroup) Key() awskms.IKey { return w.key }

// Results is the bucket that query results go to; nil where Athena keeps them.
func (w *WorkGroup) Results() awss3.IBucket { return w.results }

// AddNamedQuery saves a query in the workgroup. A saved query runs with the
// permissions of whoever runs it; its text is read by everybody who uses the
// workgroup. It panics on a query that Athena would refuse.
// Source: "CreateNamedQuery".
func (w *WorkGroup) AddNamedQuery(id *string, query NamedQuery) awsathena.CfnNamedQuery {
	cdkx.Argument(w, "id", id, "an id")
	cdkx.Fail(w, query.check())
	saved := awsathena.NewCfnNamedQuery(w, id, &awsathena.CfnNamedQueryProps{
		Name:        query.Name,
		Description: query.Description,
		Database:    query.Database,
		QueryString: query.SQL,
		WorkGroup:   jsii.String(w.name),
	})
	if w.resource != nil {
		saved.AddResourceDependency(w.resource, nil)
	}
	return saved
}

// statements are everything that using the workgroup takes. Databases and tables are
// not named: which of them a principal sees is for Lake Formation to say.
// GetCatalogImportStatus is what older JDBC drivers ask first.
// Source: "Fine-grained access to databases and tables"; rule 10.3.
func (w *WorkGroup) statements() []cdkx.Statement {
	return append([]cdkx.Statement{
		cdkx.Allow("RunQueries", []string{*w.WorkGroupArn()},
			"athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution", "athena:GetNamedQuery", "athena:GetQueryExecution",
			"athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetWorkGroup", "athena:ListNamedQueries",
			"athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
		),
		cdkx.Allow("ReadCatalog", []string{"*"},
			"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDataCatalogs",
			"athena:ListDatabases", "athena:ListTableMetadata", "athena:ListWorkGroups",
			"glue:BatchGetPartition", "glue:GetCatalogImportStatus", "glue:GetDatabase", "glue:GetDatabases",
			"glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "lakeformation:GetDataAccess",
		),
	}, w.resultsStatements()...)
}

// GrantQuery lets the grantee run queries in the workgroup and read its saved
// queries, its history and its results: everybody's who uses the workgroup. Grant it
// to principals with the same rights in Lake Formation only, which decides what a
// query may see.
func (w *WorkGroup) GrantQuery(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(w, "grantee", grantee, "a role, a user or another grantee")
	var all awsiam.Grant
	for _, statement := range w.statements() {
		grant := statement.Grant(grantee)
		if all == nil {
			all = grant
		} else {
			all = all.Combine(grant)
		}
	}
	return all
}

// QueryStatements are the policy statements of GrantQuery, for a managed policy that
// is attached elsewhere. The first is about the workgroup itself.
func (w *WorkGroup) QueryStatements() []awsiam.PolicyStatement {
	var out []awsiam.PolicyStatement
	for _, statement := range w.statements() {
		out = append(out, awsiam.PolicyStatement_FromJson(statement))
	}
	return out
}

// present is a bucket that is there: nil for a nil pointer behind the interface too.
func present(bucket awss3.IBucket) awss3.IBucket {
	if cdkx.Missing(bucket) {
		return nil
	}
	return bucket
}

// configureResults says where results go: to Athena's own storage, or below a folder of
// the bucket that is the workgroup's alone.
func (w *WorkGroup) configureResults(c *awsathena.CfnWorkGroup_WorkGroupConfigurationProperty) {
	if w.results == nil {
		c.ManagedQueryResultsConfiguration = &awsathena.CfnWorkGroup_ManagedQueryResultsConfigurationProperty{
			Enabled: jsii.Bool(true),
			EncryptionConfiguration: &awsathena.CfnWorkGroup_ManagedStorageEncryptionConfigurationProperty{
				KmsKey: cdkx.KeyARN(w.key),
			},
		}
		return
	}
	c.ResultConfiguration = &awsathena.CfnWorkGroup_ResultConfigurationProperty{
		OutputLocation:      w.results.S3UrlForObject(w.resultsPrefix()),
		ExpectedBucketOwner: cdkx.Account(w),
		EncryptionConfiguration: &awsathena.CfnWorkGroup_EncryptionConfigurationProperty{
			EncryptionOption: jsii.String("SSE_KMS"),
			KmsKey:           cdkx.KeyARN(w.key),
		},
	}
}

// resultsPrefix is where the results are in their bucket.
func (w *WorkGroup) resultsPrefix() *string { return jsii.String(w.name + "/") }

// resultsStatements are what reading and writing results takes. Athena's own storage
// asks for nothing but the calls of the workgroup and the key. A key is used in the
// encryption context of these results only: no Decrypt that is given here opens any
// other object that the key encrypts.
// Source: "Encrypt managed query results", "Amazon S3 encryption context".
func (w *WorkGroup) resultsStatements() []cdkx.Statement {
	var out []cdkx.Statement
	operator, context, value := "ArnEquals", "kms:EncryptionContext:aws:athena:arn", any(*w.WorkGroupArn())
	if w.results != nil {
		names := *w.resultsPrefix() + "*"
		files, bucket := *w.results.ArnForObjects(&names), *cdkx.BucketARN(w.results)
		// With a bucket key the context is the bucket, else the object.
		operator, context, value = "ArnLike", "kms:EncryptionContext:aws:s3:arn", []string{bucket, files}
		out = append(out,
			cdkx.Allow("KeepResults", []string{files}, "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
			cdkx.Allow("FindResultsBucket", []string{bucket}, "s3:GetBucketLocation"),
			cdkx.Allow("FindResults", []string{bucket}, "s3:ListBucket", "s3:ListBucketMultipartUploads").Only("StringLike", "s3:prefix", names),
		)
	}
	if w.key == nil {
		return out
	}
	key := []string{*cdkx.KeyARN(w.key)}
	return append(out,
		cdkx.Allow("EncryptResults", key, "kms:Decrypt", "kms:GenerateDataKey").Only(operator, context, value),
		cdkx.Allow("KnowKey", key, "kms:DescribeKey"),
	)
}
