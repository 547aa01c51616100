package crawler

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// newRole has a batch make the role of a crawler and its managed policy, which holds what
// this crawler does and nothing of AWSGlueServiceRole.
// Source: "Crawler prerequisites".
func newRole(b *batch.Batch, c constructs.Construct, p *CrawlerProps, key awskms.IKey, queues *Queues) (cdkx.Making[awsiam.Role], cdkx.Making[awsiam.CfnManagedPolicy]) {
	role := cdkx.RoleIn(b, c, "Role", &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Runs a crawler that fills the data catalog"),
		AssumedBy:   cdkx.Service(c, "glue.amazonaws.com"),
	})
	policy := cdkx.ManagedPolicyIn(b, c, "Policy", "What the crawler may do", role.Step, statements(c, p, key, queues), cdkx.Acknowledged(cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "The wildcards stand for what cannot be named beforehand: the tables that a crawler finds, objects below its own folders, log streams that Glue names, and calls that IAM takes no resource for. Lake Formation decides on tables and data.",
	}))
	return role, policy
}

func statements(c constructs.Construct, p *CrawlerProps, key awskms.IKey, queues *Queues) []cdkx.Statement {
	logs := logGroupARN(c)
	out := []cdkx.Statement{
		cdkx.Allow("WriteLogs", []string{logs, logs + ":*"}, "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
		cdkx.Allow("ReadSettings", []string{"*"}, "glue:GetSecurityConfiguration"),
		cdkx.Allow("UseKey", []string{*cdkx.KeyARN(key)}, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"),
		cdkx.Allow("KeepTables", catalogARNs(c, p), catalogActions(p)...),
	}
	if p.CatalogKey != nil {
		out = append(out, cdkx.Allow("UseCatalogKey", []string{*cdkx.KeyARN(p.CatalogKey)}, "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"))
	}
	if queues != nil {
		out = append(out,
			cdkx.Allow("TakeEvents", []string{*queues.events.QueueArn()}, "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl",
				"sqs:ListDeadLetterSourceQueues", "sqs:ListQueueTags", "sqs:PurgeQueue", "sqs:ReceiveMessage"),
			cdkx.Allow("GiveUpEvents", []string{*queues.dead.QueueArn()}, "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListDeadLetterSourceQueues",
				"sqs:ListQueueTags", "sqs:SendMessage"))
	}
	if p.lakeFormation() {
		out = append(out, cdkx.Allow("ReadThroughLakeFormation", []string{"*"}, "lakeformation:GetDataAccess"))
	} else {
		out = append(out, readFolders(p)...)
	}
	out = append(out, connect(c, p)...)
	return out
}

// readFolders lets the role read the targets by itself: their objects, their
// part of the bucket's list, the keys of the buckets.
func readFolders(p *CrawlerProps) []cdkx.Statement {
	var out []cdkx.Statement
	keys := map[string]bool{}
	for _, f := range p.folders() {
		out = append(out, cdkx.Allow("", []string{f.arn() + "/*"}, "s3:GetObject"))
		list := cdkx.Allow("", []string{*cdkx.BucketARN(f.bucket)}, "s3:ListBucket")
		if prefixes := s3uri.Parse(f.arn()).ListedPrefixes(); prefixes != nil {
			list.Only("StringLike", "s3:prefix", prefixes)
		}
		out = append(out, list, cdkx.Allow("", []string{*cdkx.BucketARN(f.bucket)}, "s3:GetBucketLocation"))
		if key := f.bucket.EncryptionKey(); key != nil && !keys[*cdkx.KeyARN(key)] {
			keys[*cdkx.KeyARN(key)] = true
			out = append(out, cdkx.Allow("", []string{*cdkx.KeyARN(key)}, "kms:Decrypt"))
		}
	}
	return out
}

// connect lets the role use the connections: read them and their secrets, and
// put network interfaces of Glue's own into the connection's subnet.
func connect(c constructs.Construct, p *CrawlerProps) []cdkx.Statement {
	if len(p.JDBC) == 0 {
		return nil
	}
	connections := []string{cdkx.ARN(c, "glue", "catalog")}
	var secrets []cdkx.Statement
	for _, t := range p.JDBC {
		connections = append(connections, cdkx.ARN(c, "glue", "connection/"+*t.Connection))
		if t.Secret == nil {
			continue
		}
		secrets = append(secrets, cdkx.Allow("", []string{*t.Secret.SecretArn()}, "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"))
		if key := t.Secret.EncryptionKey(); key != nil {
			secrets = append(secrets, cdkx.Allow("", []string{*cdkx.KeyARN(key)}, "kms:Decrypt"))
		}
	}
	interfaces := cdkx.ARN(c, "ec2", "network-interface/*")
	tag := cdkx.Allow("TagNetworkInterface", []string{interfaces}, "ec2:CreateTags", "ec2:DeleteTags")
	tag.Only("ForAllValues:StringEquals", "aws:TagKeys", []any{"aws-glue-service-resource"})
	return append(secrets,
		cdkx.Allow("UseConnection", connections, "glue:GetConnection"),
		cdkx.Allow("ReachNetwork", []string{"*"}, "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
			"ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints"),
		tag)
}

// catalogActions are the catalog calls of a crawler; tables are deleted only
// where the props ask for it.
func catalogActions(p *CrawlerProps) []string {
	out := []string{
		"glue:BatchCreatePartition", "glue:BatchGetPartition", "glue:BatchUpdatePartition", "glue:CreatePartition", "glue:CreatePartitionIndex",
		"glue:GetDatabase", "glue:GetPartition", "glue:GetPartitionIndexes", "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "glue:GetTableVersions",
		"glue:UpdatePartition", "glue:UpdateTable",
	}
	if len(p.Catalog) == 0 {
		out = append(out, "glue:CreateTable")
	}
	if p.DeleteBehavior == DropTable {
		out = append(out, "glue:BatchDeletePartition", "glue:BatchDeleteTable", "glue:DeletePartition", "glue:DeleteTable")
	}
	return out
}

func catalogARNs(c constructs.Construct, p *CrawlerProps) []string {
	out := []string{cdkx.ARN(c, "glue", "catalog")}
	if p.Database != nil {
		name := *p.Database.DatabaseName()
		out = append(out, cdkx.ARN(c, "glue", "database/"+name), cdkx.ARN(c, "glue", "table/"+name+"/*"))
	}
	for _, t := range p.catalogTargets() {
		out = append(out, cdkx.ARN(c, "glue", "database/"+t.database))
		for _, table := range t.tables {
			out = append(out, cdkx.ARN(c, "glue", "table/"+t.database+"/"+*table))
		}
	}
	return out
}

// grant enters what the crawler needs of Lake Formation into the Permissions, for the
// crawler to wait for: its database or its tables, and the registered locations.
func (p *CrawlerProps) grant(role awsiam.IRole, crawler awscdk.CfnResource) {
	grants := p.Permissions
	switch {
	case grants != nil:
	case p.lakeFormation():
		grants = governance.PermissionsOf(crawler)
	default:
		return
	}
	principal := governance.RolePrincipal(role)
	add := func(of constructs.IConstruct, catalog string, needed ...lakeformation.Grant) {
		after := slices.Concat(ownResource(of), p.After)
		for _, g := range needed {
			grants.Grant(principal, g.Resource.In(catalog), g.Permissions, &governance.GrantOptions{After: after}).ApplyBefore(crawler)
		}
	}
	drop := p.DeleteBehavior == DropTable
	if p.Database != nil {
		add(p.Database, "", lakeformation.CrawlDatabase(*p.Database.DatabaseName(), drop)...)
	}
	for _, table := range p.Catalog {
		add(table, "", lakeformation.CrawlTable(*table.DatabaseName(), *table.TableName(), drop)...)
	}
	for _, location := range p.Locations {
		add(location, cdkx.Value(p.LocationAccount, ""), lakeformation.UseLocation(*location.ARN()))
	}
	for _, arn := range p.LocationARNs {
		add(nil, cdkx.Value(p.LocationAccount, ""), lakeformation.UseLocation(arn))
	}
}

// needs are what must exist before the crawler.
func (p *CrawlerProps) needs() []awscdk.CfnResource {
	out := ownResource(p.Database)
	for _, table := range p.Catalog {
		out = append(out, ownResource(table)...)
	}
	return append(out, p.After...)
}

// ownResource is the resource of a construct that this app makes; an imported one has none.
func ownResource(construct constructs.IConstruct) []awscdk.CfnResource {
	switch own := construct.(type) {
	case *catalog.Database:
		return []awscdk.CfnResource{own.Cfn()}
	case *catalog.Table:
		return []awscdk.CfnResource{own.Cfn()}
	case *governance.Location:
		return []awscdk.CfnResource{own.Cfn()}
	}
	return nil
}

// named are the databases and tables that the crawler knows by name only.
func (p *CrawlerProps) named() []order.Name {
	var out []order.Name
	if p.Database != nil && ownResource(p.Database) == nil {
		out = append(out, order.Database(*p.Database.DatabaseName()))
	}
	for _, table := range p.Catalog {
		if ownResource(table) == nil {
			out = append(out, order.Table(*table.DatabaseName(), *table.TableName()))
		}
	}
	return out
}
