package query

import (
	"errors"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// WorkGroup is an Athena workgroup with its results bucket.
type WorkGroup struct {
	constructs.Construct

	name     string
	key      awskms.IKey
	results  awss3.IBucket
	resource awsathena.CfnWorkGroup
}

// NewWorkGroup makes an Athena workgroup (engine version 3) whose settings
// override those of the caller: results go to its bucket only, encrypted with
// its key, and only while that bucket belongs to this account; metrics are
// published; a query that scans more than ScanLimitBytes is stopped. A workgroup
// that still holds saved queries is not deleted.
//
// It panics with every problem of the props at once.
// Sources: "Override client-side settings", "Encrypt Athena query results",
// "Query results locations … cannot be registered with Lake Formation"; rules §10.
func NewWorkGroup(scope constructs.Construct, id *string, props *WorkGroupProps) *WorkGroup {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems())

	w := &WorkGroup{name: *p.Name, key: p.Key, results: p.Results}
	constructs.NewConstruct_Override(w, scope, id)
	if w.results == nil {
		w.results = newResultsBucket(w, p)
	}
	w.resource = awsathena.NewCfnWorkGroup(w, jsii.String("Resource"), &awsathena.CfnWorkGroupProps{
		Name:                  p.Name,
		Description:           p.Description,
		State:                 jsii.String("ENABLED"),
		RecursiveDeleteOption: jsii.Bool(false),
		WorkGroupConfiguration: &awsathena.CfnWorkGroup_WorkGroupConfigurationProperty{
			EnforceWorkGroupConfiguration:   jsii.Bool(true),
			PublishCloudWatchMetricsEnabled: jsii.Bool(true),
			RequesterPaysEnabled:            jsii.Bool(false),
			BytesScannedCutoffPerQuery:      p.ScanLimitBytes,
			EngineVersion: &awsathena.CfnWorkGroup_EngineVersionProperty{
				SelectedEngineVersion: jsii.String("Athena engine version 3"),
			},
			ResultConfiguration: &awsathena.CfnWorkGroup_ResultConfigurationProperty{
				OutputLocation:      w.results.S3UrlForObject(jsii.String(resultsPrefix)),
				ExpectedBucketOwner: awscdk.Stack_Of(w).Account(),
				EncryptionConfiguration: &awsathena.CfnWorkGroup_EncryptionConfigurationProperty{
					EncryptionOption: jsii.String("SSE_KMS"),
					KmsKey:           p.Key.KeyArn(),
				},
			},
		},
	})
	return w
}

const resultsPrefix = "results/"

// WorkGroupName is the name of the workgroup.
func (w *WorkGroup) WorkGroupName() *string { return jsii.String(w.name) }

// Results is the bucket that query results go to.
func (w *WorkGroup) Results() awss3.IBucket { return w.results }

// Cfn is the CloudFormation resource, for properties that this construct does not
// set; nil for a workgroup of another stack.
func (w *WorkGroup) Cfn() awsathena.CfnWorkGroup { return w.resource }

// NamedQuery is a saved query.
type NamedQuery struct {
	Name        string // at most 128 characters
	Description string // at most 1024 characters
	Database    string // that unqualified table names mean
	SQL         string // at most 262,144 bytes
}

// AddNamedQuery saves a query in the workgroup. A saved query runs with the
// permissions of whoever runs it. It panics on a query that Athena would refuse.
// Source: "CreateNamedQuery".
func (w *WorkGroup) AddNamedQuery(id *string, query NamedQuery) awsathena.CfnNamedQuery {
	cdkx.Fail(w, query.check())
	saved := awsathena.NewCfnNamedQuery(w, id, &awsathena.CfnNamedQueryProps{
		Name:        jsii.String(query.Name),
		Description: jsii.String(query.Description),
		Database:    jsii.String(query.Database),
		QueryString: jsii.String(query.SQL),
		WorkGroup:   jsii.String(w.name),
	})
	saved.AddResourceDependency(w.resource, nil)
	return saved
}

func (q NamedQuery) check() error {
	var errs []error
	within := func(field, value string, limit int) {
		if value == "" || len(value) > limit {
			errs = append(errs, fmt.Errorf("query %q: %s: got %d bytes; expected 1 to %d", q.Name, field, len(value), limit))
		}
	}
	within("Name", q.Name, 128)
	within("Description", q.Description, 1024)
	within("Database", q.Database, 255)
	within("SQL", q.SQL, 262_144)
	return errors.Join(errs...)
}

// GrantQuery lets the grantee run queries in the workgroup, read its saved
// queries and its results. What a query may see is decided by Lake Formation.
// Source: "Fine-grained access to databases and tables"; rules §10.
func (w *WorkGroup) GrantQuery(grantee awsiam.IGrantable) {
	for _, statement := range w.QueryStatements() {
		grantee.GrantPrincipal().AddToPrincipalPolicy(statement)
	}
}

// QueryStatements are the policy statements that GrantQuery adds, for a managed
// policy that is attached elsewhere.
func (w *WorkGroup) QueryStatements() []awsiam.PolicyStatement {
	stack := awscdk.Stack_Of(w)
	arn := stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("athena"), Resource: jsii.String("workgroup"), ResourceName: jsii.String(w.name),
	})
	return []awsiam.PolicyStatement{
		statement("RunQueries", []*string{arn},
			"athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution", "athena:GetNamedQuery", "athena:GetQueryExecution",
			"athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetWorkGroup", "athena:ListNamedQueries",
			"athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution"),
		statement("ReadCatalog", []*string{jsii.String("*")},
			"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDataCatalogs",
			"athena:ListDatabases", "athena:ListTableMetadata", "athena:ListWorkGroups",
			"glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition",
			"glue:GetTable", "glue:GetTables", "lakeformation:GetDataAccess"),
		statement("KeepResults", []*string{w.results.ArnForObjects(jsii.String(resultsPrefix + "*"))},
			"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
		statement("FindResults", []*string{w.results.BucketArn()},
			"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
		statement("EncryptResults", []*string{w.key.KeyArn()},
			"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
	}
}

func statement(sid string, resources []*string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:       jsii.String(sid),
		Actions:   cdkx.Strings(actions),
		Resources: &resources,
	})
}
