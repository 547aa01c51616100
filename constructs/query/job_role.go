package query

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// JobRoleProps configures NewJobRole.
type JobRoleProps struct {
	// Owner says whose jobs they are, for example "the domain clinical". Required.
	Owner *string

	// Lake whose files the jobs read, write and delete. Required.
	Lake storage.ILakeStorage

	// WorkGroup is where the jobs query. Required.
	WorkGroup IWorkGroup

	// DatabasePrefix begins the names of the databases that the jobs may call the catalog
	// for, such as "riverside_". Which of their tables they see is for Lake Formation to say.
	// Default: every database.
	DatabasePrefix *string

	// ForeignCatalogs are the encrypted catalogs elsewhere that the jobs read tables of.
	// Default: none.
	ForeignCatalogs []ForeignCatalog

	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string
}

// NewJobRole makes the role that Glue jobs run as: it owns the files of its own lake,
// and sees tables of others only through grants of Lake Formation. What it may call
// stands in a managed policy beside it, whose id has Policy where that of the role has
// Role.
//
// It panics with every problem of the props at once.
func NewJobRole(scope constructs.Construct, id *string, props *JobRoleProps) (awsiam.Role, awsiam.ManagedPolicy) {
	p := cdkx.Value(props, JobRoleProps{})
	var list problem.List
	if cdkx.Value(p.Owner, "") == "" {
		list.Addf("Owner", "nothing", "whose jobs they are", `set it like "the domain clinical"`)
	}
	if cdkx.Missing(p.Lake) {
		list.Addf("Lake", "nothing", "the storage of a lake", "set Lake")
	}
	if cdkx.Missing(p.WorkGroup) {
		list.Addf("WorkGroup", "nothing", "a workgroup", "set WorkGroup")
	}
	cdkx.Check(scope, id, list)

	role := cdkx.NewRole(scope, *id, &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Jobs of " + *p.Owner),
		AssumedBy:   cdkx.Service(scope, "glue.amazonaws.com"),
	})
	statements := slices.Concat(p.WorkGroup.statements(), p.files(), p.catalog(scope))
	return role, cdkx.NewPolicy(scope, policyID(*id), map[string]any{
		"description": "What the jobs of " + *p.Owner + " may call",
		"roles":       []any{role},
	}, statements, foreignKeys(scope, p.ForeignCatalogs), cdkx.Behind(cdkx.Acknowledged(reviewedWildcards)))
}

// files are the objects of the zones, which the key is used for and no others: other
// buckets may have the same key.
func (p *JobRoleProps) files() []cdkx.Statement {
	var buckets, objects []string
	for _, zone := range ontology.Zones() {
		if bucket := p.Lake.Zone(zone); bucket != nil {
			buckets = append(buckets, *cdkx.BucketARN(bucket))
			objects = append(objects, *cdkx.ObjectsARN(bucket))
		}
	}
	return []cdkx.Statement{
		cdkx.Allow("OwnBuckets", buckets, "s3:GetBucketLocation", "s3:ListBucket"),
		cdkx.Allow("OwnObjects", objects, "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
		cdkx.Allow("OwnEncryption", []string{*cdkx.KeyARN(p.Lake.Key())}, "kms:Decrypt", "kms:GenerateDataKey").
			Only("ArnLike", "kms:EncryptionContext:aws:s3:arn", slices.Concat(buckets, objects)),
	}
}

// catalog opens a part of the catalog to IAM; Lake Formation decides which of it the
// role really sees and changes.
func (p *JobRoleProps) catalog(scope constructs.Construct) []cdkx.Statement {
	databases := cdkx.Value(p.DatabasePrefix, "") + "*"
	catalog := []string{
		cdkx.ARN(scope, "glue", "catalog"), cdkx.ARN(scope, "glue", "database/"+databases), cdkx.ARN(scope, "glue", "table/"+databases+"/*"),
	}
	return []cdkx.Statement{
		cdkx.Allow("MeshCatalog", catalog,
			"glue:BatchCreatePartition", "glue:BatchGetPartition", "glue:CreatePartition", "glue:CreateTable",
			"glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions",
			"glue:GetTable", "glue:GetTables", "glue:UpdatePartition", "glue:UpdateTable"),
		cdkx.Allow("JobLogs", []string{cdkx.ARN(scope, "logs", "log-group:/aws-glue/*")}, "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
	}
}

// ReaderPolicyProps configures NewReaderPolicy.
type ReaderPolicyProps struct {
	// WorkGroup is where the reader queries. Required.
	WorkGroup IWorkGroup

	// Reader is whom the policy is for, as Lake Formation knows principals. The use of the
	// workgroup is allowed to a role or a user alone, wherever the policy is attached;
	// groups and accounts cannot be told from one request.
	// Default: whoever the policy is attached to.
	Reader *string

	// ForeignCatalogs are the encrypted catalogs elsewhere that the reader reads tables of.
	// Default: none.
	ForeignCatalogs []ForeignCatalog

	// PolicyName fixes the name of the policy.
	// Default: CloudFormation generates it.
	PolicyName *string

	// Description of the policy: who attaches it to whom. It cannot be changed later.
	// Default: none.
	Description *string
}

// NewReaderPolicy makes a managed policy for someone who queries in a workgroup of
// their own, to be attached by whoever owns the role or the user. What the reader sees
// is granted in Lake Formation.
//
// It panics with every problem of the props at once.
// Source: "aws:PrincipalArn".
func NewReaderPolicy(scope constructs.Construct, id *string, props *ReaderPolicyProps) awsiam.ManagedPolicy {
	p := cdkx.Value(props, ReaderPolicyProps{})
	var list problem.List
	if cdkx.Missing(p.WorkGroup) {
		list.Addf("WorkGroup", "nothing", "a workgroup", "set WorkGroup")
	}
	cdkx.Check(scope, id, list)

	statements := p.WorkGroup.statements()
	reader, err := lakeformation.ParsePrincipal(cdkx.Value(p.Reader, ""))
	if err == nil && (reader.Kind == lakeformation.IAMRole || reader.Kind == lakeformation.IAMUser) {
		statements[0].Only("ArnEquals", "aws:PrincipalArn", p.Reader)
	}
	return cdkx.NewPolicy(scope, *id, map[string]any{"managedPolicyName": p.PolicyName, "description": p.Description}, statements,
		foreignKeys(scope, p.ForeignCatalogs), cdkx.Behind(cdkx.Acknowledged(reviewedWildcards)))
}

// ForeignCatalog is the encrypted Glue catalog of another account or region, whose
// tables are read through links.
type ForeignCatalog struct {
	// Account and Region of the catalog. Required.
	Account, Region *string

	// KeyAlias is the alias of the key that encrypts it, without "alias/". Required.
	KeyAlias *string
}

// statement lets a principal use the key of the catalog through Glue, see foreignKeys.
func (c ForeignCatalog) statement(scope constructs.Construct, i int) *awsiam.PolicyStatementProps {
	return &awsiam.PolicyStatementProps{
		Sid:       jsii.String(fmt.Sprintf("ForeignCatalogKey%d", i)),
		Actions:   jsii.Strings("kms:Decrypt", "kms:DescribeKey"),
		Resources: jsii.Strings("arn:" + *cdkx.Partition(scope) + ":kms:" + *c.Region + ":" + *c.Account + ":key/*"),
		Conditions: &map[string]any{
			"StringEquals":             map[string]any{"kms:ViaService": cdkx.ViaService(cdkx.StackOf(scope), "glue", *c.Region)},
			"ForAnyValue:StringEquals": map[string]any{"kms:ResourceAliases": "alias/" + *c.KeyAlias},
		},
	}
}

// foreignKeys adds to a document that a principal may use the keys of catalogs
// elsewhere, through Glue only. The id of a key is not known before it is made, so its
// alias says which one (rule 5.7). The conditions are added one by one: a document that
// is made at once sorts them, and policies that are deployed have this order.
// Source: "Allowing users in other accounts to use a KMS key", "kms:ResourceAliases".
func foreignKeys(scope constructs.Construct, catalogs []ForeignCatalog) cdkx.Then {
	return func(b *batch.Batch, document any) {
		for i, c := range catalogs {
			props := c.statement(scope, i)
			props.Conditions = nil
			statement := batch.New[awsiam.PolicyStatement](b, props)
			b.Call(statement, "addCondition", "StringEquals", map[string]any{"kms:ViaService": cdkx.ViaService(cdkx.StackOf(scope), "glue", *c.Region)})
			b.Call(statement, "addCondition", "ForAnyValue:StringEquals", map[string]any{"kms:ResourceAliases": "alias/" + *c.KeyAlias})
			b.Call(document, "addStatements", statement)
		}
	}
}

// reviewedWildcards is why the wildcards of the policies here stay.
var reviewedWildcards = cdkx.Acknowledgement{
	Rule: "AwsSolutions-IAM5",
	Reason: "The wildcards stand for the objects of the domain's own buckets, and for catalog calls " +
		"whose tables Lake Formation grants one by one; no other domain's files are in reach.",
}
