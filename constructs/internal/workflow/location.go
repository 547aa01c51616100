package workflow

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Location is the part of a bucket below a prefix.
type Location struct {
	// Bucket that is encrypted with a customer managed key which the CDK knows: a
	// bucket of this app, or one imported with its EncryptionKey. Required.
	Bucket awss3.IBucket

	// Prefix of the keys, such as "fhir/"; it ends with a slash. Required.
	Prefix string
}

// At is the location of a bucket and a prefix that props name; either may be missing.
func At(bucket awss3.IBucket, prefix *string) Location {
	return Location{bucket, cdkx.Value(prefix, "")}
}

// Check reports what is wrong with a location; example is a prefix to write instead.
func (l Location) Check(list *problem.List, path, example string) {
	switch {
	case l.Bucket == nil:
		list.Addf(path+".Bucket", "nothing", "a bucket", "set it, for example to a zone of the lake")
	case l.Bucket.EncryptionKey() == nil:
		list.Addf(path+".Bucket", *l.Bucket.Node().Path()+" without a key", "a bucket with a customer managed key, which the service requires for what it writes",
			"encrypt the bucket with a key, or import it with its EncryptionKey")
	}
	if !cdkx.IsFolder(l.Prefix) {
		list.Addf(path+".Prefix", fmt.Sprintf("%q", l.Prefix), "folders of letters, digits and any of ._=- that end with a slash", fmt.Sprintf("write it like %q", example))
	}
}

// Overlaps reports whether one location holds the other.
func (l Location) Overlaps(other Location) bool {
	return l.Bucket != nil && other.Bucket != nil && *l.Bucket.Node().Path() == *other.Bucket.Node().Path() &&
		(strings.HasPrefix(l.Prefix, other.Prefix) || strings.HasPrefix(other.Prefix, l.Prefix))
}

// URI is the s3:// URI of the location.
func (l Location) URI() string { return s3uri.Parse(*cdkx.BucketName(l.Bucket) + "/" + l.Prefix).URI() }

// KeyARN is the ARN of the bucket's key.
func (l Location) KeyARN() string { return *cdkx.KeyARN(l.Bucket.EncryptionKey()) }

// Depth is how many folders deep the prefix is.
func (l Location) Depth() int { return strings.Count(l.Prefix, "/") }

// Objects is a statement on the objects of the location.
func (l Location) Objects(actions ...string) awsiam.PolicyStatement {
	return Allow([]string{*cdkx.BucketARN(l.Bucket) + "/" + l.Prefix + "*"}, actions...)
}

// List is a statement that allows the location's part of the bucket's list.
func (l Location) List() awsiam.PolicyStatement {
	bucket := *cdkx.BucketARN(l.Bucket)
	statement := Allow([]string{bucket}, "s3:ListBucket")
	statement.AddCondition(jsii.String("StringLike"), map[string]any{"s3:prefix": s3uri.Parse(bucket + "/" + l.Prefix).ListedPrefixes()})
	return statement
}

// Decrypt is a statement that allows reading what the bucket's key encrypts.
func (l Location) Decrypt() awsiam.PolicyStatement {
	return Allow([]string{l.KeyARN()}, "kms:Decrypt", "kms:DescribeKey")
}

// Encrypt is a statement that allows writing with the bucket's key, in parts too.
func (l Location) Encrypt() awsiam.PolicyStatement {
	return Allow([]string{l.KeyARN()}, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*")
}

// Written is an Iceberg table that statements write.
type Written struct {
	Database string        // of the table
	Table    string        // name of the table, or * for all of the database
	Bucket   awss3.IBucket // that holds the files
	Prefix   string        // of the table's files in the bucket; ends in "/"
}

// Check reports a table that is not said in full.
func (w Written) Check(list *problem.List, path string) {
	if w.Database == "" || w.Table == "" || w.Bucket == nil || w.Prefix == "" || w.Prefix[len(w.Prefix)-1] != '/' {
		list.Addf(path, fmt.Sprintf("%s.%s at %q", w.Database, w.Table, w.Prefix),
			`a database, a table, a bucket and a prefix that ends in "/"`, "complete it")
	}
}

// Statements are what writing the table needs of IAM: "Lake Formation permissions do not
// apply when writing objects to Amazon S3", so the role that runs a statement writes the
// files and commits the table with rights of its own. The key of the bucket, else the one
// given, is used for what is in the bucket only.
// Source: "Use Athena to query data registered with AWS Lake Formation".
func (w Written) Statements(scope constructs.Construct, key awskms.IKey) []awsiam.PolicyStatement {
	if own := w.Bucket.EncryptionKey(); own != nil {
		key = own
	}
	bucket, files := *cdkx.BucketARN(w.Bucket), *w.Bucket.ArnForObjects(jsii.String(w.Prefix + "*"))
	encrypt := Allow([]string{*cdkx.KeyARN(key)}, "kms:Decrypt", "kms:GenerateDataKey")
	encrypt.AddCondition(jsii.String("ArnLike"), map[string]any{"kms:EncryptionContext:aws:s3:arn": []string{bucket, files}})
	list := Allow([]string{bucket}, "s3:ListBucket")
	list.AddCondition(jsii.String("StringLike"), map[string]any{"s3:prefix": w.Prefix + "*"})
	return []awsiam.PolicyStatement{
		Allow([]string{
			cdkx.ARN(scope, "glue", "catalog"), cdkx.ARN(scope, "glue", "database/"+w.Database), cdkx.ARN(scope, "glue", "table/"+w.Database+"/"+w.Table),
		}, "glue:UpdateTable"),
		Allow([]string{files}, "s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"),
		Allow([]string{bucket}, "s3:GetBucketLocation"),
		list,
		encrypt,
	}
}
