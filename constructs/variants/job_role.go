package variants

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
)

// newJobRole makes the role of the job: it reads what landed and the manifests, and the
// tables through Lake Formation alone, whose files it reaches with no right of its own. It
// can neither make nor delete a table.
func (l *VariantLake) newJobRole(p *lakePlan) {
	service := workflow.OnBehalf(l, emrService, nil)
	if p.Engine == Glue {
		service = workflow.OnBehalf(l, glueService, nil)
	}
	l.role = cdkx.NewRole(l, "JobRole", &awsiam.RoleProps{
		RoleName:    p.JobRoleName,
		Description: jsii.String("Loads VCF files into the tables of a variant lake"),
		AssumedBy:   service,
	})
}

func (l *VariantLake) newJobPolicy(p *lakePlan, files assets, logs awslogs.LogGroup) awsiam.ManagedPolicy {
	tables := []string{cdkx.ARN(l, "glue", "catalog"), cdkx.ARN(l, "glue", "database/"+*p.DatabaseName)}
	for _, name := range tableNames() {
		tables = append(tables, cdkx.ARN(l, "glue", "table/"+*p.DatabaseName+"/"+name))
	}
	keys := []string{p.landing.KeyARN(), p.runs.KeyARN()}
	statements := []cdkx.Statement{
		list("ListLanding", p.landing), list("ListRuns", p.runs),
		cdkx.Allow("ReadFiles", []string{objects(p.landing), objects(p.runs)}, "s3:GetObject"),
		readAssets("ReadJob", files.jar, files.load),
		cdkx.Allow("CommitTables", tables, "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"),
		cdkx.Allow("BorrowCredentials", []string{"*"}, "lakeformation:GetDataAccess"),
		cdkx.Allow("EncryptDisks", []string{*cdkx.KeyARN(p.Key)}, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
	}
	if r := p.Reference; r != nil {
		object := *cdkx.BucketARN(r.Bucket) + "/" + *r.Key
		statements = append(statements, cdkx.Allow("ReadReference", []string{object, object + ".fai"}, "s3:GetObject"))
		if key := r.Bucket.EncryptionKey(); key != nil {
			keys = append(keys, *cdkx.KeyARN(key))
		}
	}
	slices.Sort(keys)
	statements = append(statements, cdkx.Allow("DecryptFiles", slices.Compact(keys), "kms:Decrypt", "kms:DescribeKey"))
	if p.Engine == Glue {
		group := cdkx.ARN(l, "logs", "log-group:"+cdkx.GlueJobLogs+"*")
		statements = append(statements,
			cdkx.Allow("WriteLogs", []string{group, group + ":*"}, "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
			cdkx.Allow("Measure", []string{"*"}, "cloudwatch:PutMetricData", "glue:GetSecurityConfiguration"))
	} else {
		statements = append(statements,
			cdkx.Allow("WriteLogs", []string{*logs.LogGroupArn()}, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
			cdkx.Allow("FindLogs", []string{"*"}, "logs:DescribeLogGroups"))
	}
	return cdkx.NewPolicy(l, "JobPolicy", map[string]any{"description": "What the job of a variant lake may do", "roles": []any{l.role}}, statements, nil,
		cdkx.Behind(cdkx.Acknowledged(cdkx.Acknowledgement{
			Rule:   "AwsSolutions-IAM5",
			Reason: "Keys of files are not known before: the wildcards end at the folder that files land in and at that of the manifests. Lake Formation decides on tables; lending credentials, listing log groups and metrics take no resource in IAM.",
		})))
}

// list is a statement that allows the location's part of the bucket's list.
func list(sid string, l workflow.Location) cdkx.Statement {
	bucket := *cdkx.BucketARN(l.Bucket)
	return cdkx.Allow(sid, []string{bucket}, "s3:ListBucket").Only("StringLike", "s3:prefix", s3uri.Parse(bucket+"/"+l.Prefix).ListedPrefixes())
}

// objects are those of a location, as IAM names them.
func objects(l workflow.Location) string { return *cdkx.BucketARN(l.Bucket) + "/" + l.Prefix + "*" }

// tableNames are the tables that the job reads and writes.
func tableNames() []string {
	var out []string
	for _, t := range schema.Tables() {
		out = append(out, t.Name)
	}
	return append(out, schema.Erased().Name)
}

// grant enters what the job needs of Lake Formation into the Permissions: full access to
// its tables, and the locations, because each commit updates a table in the catalog.
func (l *VariantLake) grant(p *lakePlan) *governance.Grant {
	principal := governance.RolePrincipal(l.role)
	out := &governance.Grant{}
	enter := func(after []awscdk.CfnResource, full bool, g lakeformation.Grant) {
		out = out.Combine(p.Permissions.Grant(principal, g.Resource, g.Permissions, &governance.GrantOptions{After: after, FullTableAccess: full}))
	}
	var made []awscdk.CfnResource
	for _, t := range l.tables {
		made = append(made, t.Cfn())
	}
	enter(nil, false, lakeformation.DescribeDatabase(*p.DatabaseName))
	for _, name := range tableNames() {
		enter(made, true, lakeformation.FullTableAccess(*p.DatabaseName, name))
	}
	var locations []string
	for _, location := range p.Locations {
		locations = append(locations, *location.ARN())
	}
	for _, arn := range slices.Concat(locations, p.LocationARNs) {
		enter(nil, false, lakeformation.UseLocation(arn))
	}
	return out
}
