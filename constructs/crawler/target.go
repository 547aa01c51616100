package crawler

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
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

func checkFolder(list *problem.List, f folder) {
	if f.bucket == nil {
		list.Addf(f.path+".Bucket", "nothing", "a bucket", "set Bucket")
	}
	wrong := f.prefix != "" && !strings.HasSuffix(f.prefix, "/") || strings.HasPrefix(f.prefix, "/") ||
		strings.Contains(f.prefix, "//") || strings.ContainsAny(f.prefix, "*?%") || len(f.prefix) > 1024
	if !cdkx.HoldsToken(f.prefix) && wrong {
		list.Addf(f.path+".Prefix", cdkx.Quote(f.prefix), "a folder of at most 1024 bytes: a slash at the end, none at the start, no wildcards", `write it like "claims/"`)
	}
	if cdkx.HoldsToken(f.prefix) {
		list.Addf(f.path+".Prefix", "a value known only at deployment", "a plain string", "pass the prefix itself: policies refer to it")
	}
}

// mayLieIn reports whether a registered location covers the folder, as far as
// both names are known: what cannot be told is taken for yes.
func (f folder) mayLieIn(location string) bool {
	if s3uri.Parse(location).Contains(s3uri.Parse(f.arn())) {
		return true
	}
	if cdkx.HoldsToken(location) {
		return !strings.HasPrefix(location, *cdkx.BucketARN(f.bucket))
	}
	plain := cdkx.PlainName(f.bucket)
	return plain == "" || s3uri.Parse(location).Contains(s3uri.Parse(plain+"/"+f.prefix))
}
