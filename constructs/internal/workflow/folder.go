package workflow

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Folder is the part of a bucket below a prefix.
type Folder struct {
	// Bucket that is encrypted with a customer managed key which the CDK knows: a
	// bucket of this app, or one imported with its EncryptionKey. Required.
	Bucket awss3.IBucket

	// Prefix of the keys, such as "fhir/"; it ends with a slash. Required.
	Prefix string
}

// Valid reports whether the folder has a bucket and a prefix of the right form.
func (f Folder) Valid() bool { return f.Bucket != nil && cdkx.IsFolder(f.Prefix) }

// Check reports what is wrong with a folder; example is a prefix to write instead.
func (f Folder) Check(list *problem.List, path, example string) {
	switch {
	case f.Bucket == nil:
		list.Addf(path+".Bucket", "nothing", "a bucket", "set it, for example to a zone of the lake")
	case f.Bucket.EncryptionKey() == nil:
		list.Addf(path+".Bucket", *f.Bucket.Node().Path()+" without a key", "a bucket with a customer managed key, which the service requires for what it writes",
			"encrypt the bucket with a key, or import it with its EncryptionKey")
	}
	if !cdkx.IsFolder(f.Prefix) {
		list.Addf(path+".Prefix", fmt.Sprintf("%q", f.Prefix), "folders of letters, digits and any of ._=- that end with a slash", fmt.Sprintf("write it like %q", example))
	}
}

// Overlaps reports whether one folder holds the other.
func (f Folder) Overlaps(other Folder) bool {
	return f.Bucket != nil && other.Bucket != nil && *f.Bucket.Node().Path() == *other.Bucket.Node().Path() &&
		(strings.HasPrefix(f.Prefix, other.Prefix) || strings.HasPrefix(other.Prefix, f.Prefix))
}

// Beside is the folder next to this one whose name has a suffix.
func (f Folder) Beside(suffix string) *Folder {
	return &Folder{f.Bucket, strings.TrimSuffix(f.Prefix, "/") + suffix + "/"}
}

// URI is the s3:// URI of the folder.
func (f Folder) URI() string { return s3uri.Parse(*f.Bucket.BucketName() + "/" + f.Prefix).URI() }

// KeyARN is the ARN of the bucket's key.
func (f Folder) KeyARN() string { return *f.Bucket.EncryptionKey().KeyArn() }

// Depth is how many folders deep the prefix is.
func (f Folder) Depth() int { return strings.Count(f.Prefix, "/") }

// Objects is a statement on the objects of the folder.
func (f Folder) Objects(actions ...string) awsiam.PolicyStatement {
	return Allow([]string{*f.Bucket.BucketArn() + "/" + f.Prefix + "*"}, actions...)
}

// List is a statement that allows the folder's part of the bucket's list.
func (f Folder) List() awsiam.PolicyStatement {
	bucket := *f.Bucket.BucketArn()
	statement := Allow([]string{bucket}, "s3:ListBucket")
	statement.AddCondition(jsii.String("StringLike"), map[string]any{"s3:prefix": s3uri.Parse(bucket + "/" + f.Prefix).ListedPrefixes()})
	return statement
}

// Decrypt is a statement that allows reading what the bucket's key encrypts.
func (f Folder) Decrypt() awsiam.PolicyStatement {
	return Allow([]string{f.KeyARN()}, "kms:Decrypt", "kms:DescribeKey")
}

// Encrypt is a statement that allows writing with the bucket's key, in parts too.
func (f Folder) Encrypt() awsiam.PolicyStatement {
	return Allow([]string{f.KeyARN()}, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*")
}
