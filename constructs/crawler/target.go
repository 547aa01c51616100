package crawler

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// S3Target is a folder of a bucket.
type S3Target struct {
	// Bucket that holds the folder. In event mode it is a bucket of the crawler's
	// own stack; S3 may then send the events of that bucket alone where its
	// BucketName is set, and those of any bucket of the account where CloudFormation
	// generates it, because the queue exists before the bucket. Required.
	Bucket awss3.IBucket

	// Prefix of the folder, with a slash at its end and none at its start.
	// Default: the whole bucket.
	Prefix *string

	// Exclusions are glob patterns, relative to the folder, of what to leave out.
	// Default: none.
	Exclusions []string

	// SampleSize is how many files of each leaf folder are read, from 1 to 249;
	// not in event mode.
	// Default: every file.
	SampleSize *float64
}

// IcebergTarget is a folder that holds Iceberg tables. It needs
// DisableLakeFormationCredentials.
type IcebergTarget struct {
	// Bucket that holds the folder. Required.
	Bucket awss3.IBucket

	// Prefix of the folder, with a slash at its end and none at its start.
	// Default: the whole bucket.
	Prefix *string

	// Exclusions are glob patterns of what to leave out.
	// Default: none.
	Exclusions []string

	// MaximumDepth is how many folders deep the crawler looks for metadata, a
	// whole number from 1.
	// Default: Glue's own.
	MaximumDepth *float64
}

// DeltaTarget is the folder of one Delta table, crawled as a native Delta table.
// Manifests are not written: the crawler only reads. It needs
// DisableLakeFormationCredentials.
type DeltaTarget struct {
	// Bucket that holds the folder. Required.
	Bucket awss3.IBucket

	// Prefix of the table's folder, with a slash at its end and none at its start. Required.
	Prefix *string
}

// JDBCTarget is a database behind a Glue connection. It needs
// DisableLakeFormationCredentials.
type JDBCTarget struct {
	// Connection is the name of the Glue connection. Required.
	Connection *string

	// Path is what to crawl, as database/schema/table with % as a wildcard. Required.
	Path *string

	// Exclusions are glob patterns of what to leave out.
	// Default: none.
	Exclusions []string

	// Secret that holds the user and password of the connection.
	// Default: none; then the role may read no secret.
	Secret awssecretsmanager.ISecret
}

// folder is a folder of a bucket, whatever kind of target it is.
type folder struct {
	path   string // of the property
	bucket awss3.IBucket
	prefix string
}

func (p *CrawlerProps) folders() []folder {
	var out []folder
	for i, t := range p.S3 {
		out = append(out, folder{index("S3", i), t.Bucket, cdkx.Value(t.Prefix, "")})
	}
	for i, t := range p.Iceberg {
		out = append(out, folder{index("Iceberg", i), t.Bucket, cdkx.Value(t.Prefix, "")})
	}
	for i, t := range p.Delta {
		out = append(out, folder{index("Delta", i), t.Bucket, cdkx.Value(t.Prefix, "")})
	}
	return out
}

// uri is the folder as a target names it.
func (f folder) uri() *string {
	return jsii.String(s3uri.Parse(*cdkx.BucketName(f.bucket) + "/" + f.prefix).URI())
}

// arn is that of the folder, without a slash at its end.
func (f folder) arn() string {
	if f.prefix == "" {
		return *cdkx.BucketARN(f.bucket)
	}
	return *cdkx.BucketARN(f.bucket) + "/" + f.prefix[:len(f.prefix)-1]
}

// catalogTarget is the crawled tables of one database.
type catalogTarget struct {
	database string
	tables   []*string
}

// catalogTargets are the tables of the catalog by database, in the order of the props.
func (p *CrawlerProps) catalogTargets() []catalogTarget {
	var out []catalogTarget
	for _, table := range p.Catalog {
		database := *table.DatabaseName()
		at := slices.IndexFunc(out, func(t catalogTarget) bool { return t.database == database })
		if at < 0 {
			out, at = append(out, catalogTarget{database: database}), len(out)
		}
		out[at].tables = append(out[at].tables, table.TableName())
	}
	return out
}

func (p *CrawlerProps) targets(queues *Queues) *awsglue.CfnCrawler_TargetsProperty {
	out := &awsglue.CfnCrawler_TargetsProperty{}
	var s3, tables, iceberg, delta, jdbc []any
	for i, f := range p.folders() {
		switch {
		case i < len(p.S3):
			t := &awsglue.CfnCrawler_S3TargetProperty{Path: f.uri(), Exclusions: globs(p.S3[i].Exclusions), SampleSize: p.S3[i].SampleSize}
			if queues != nil {
				t.EventQueueArn = queues.events.QueueArn()
				t.DlqEventQueueArn = queues.dead.QueueArn()
			}
			s3 = append(s3, t)
		case i < len(p.S3)+len(p.Iceberg):
			t := p.Iceberg[i-len(p.S3)]
			iceberg = append(iceberg, &awsglue.CfnCrawler_IcebergTargetProperty{
				Paths: &[]*string{f.uri()}, Exclusions: globs(t.Exclusions), MaximumTraversalDepth: t.MaximumDepth,
			})
		default:
			delta = append(delta, &awsglue.CfnCrawler_DeltaTargetProperty{
				DeltaTables: &[]*string{f.uri()}, CreateNativeDeltaTable: jsii.Bool(true), WriteManifest: jsii.Bool(false),
			})
		}
	}
	for _, t := range p.catalogTargets() {
		tables = append(tables, &awsglue.CfnCrawler_CatalogTargetProperty{DatabaseName: jsii.String(t.database), Tables: &t.tables})
	}
	for _, t := range p.JDBC {
		jdbc = append(jdbc, &awsglue.CfnCrawler_JdbcTargetProperty{
			ConnectionName: t.Connection, Path: t.Path, Exclusions: globs(t.Exclusions),
		})
	}
	out.S3Targets, out.CatalogTargets = list(s3), list(tables)
	out.IcebergTargets, out.DeltaTargets, out.JdbcTargets = list(iceberg), list(delta), list(jdbc)
	return out
}

func list(items []any) any {
	if len(items) == 0 {
		return nil
	}
	return &items
}

func globs(patterns []string) *[]*string {
	if len(patterns) == 0 {
		return nil
	}
	return cdkx.Strings(patterns)
}
