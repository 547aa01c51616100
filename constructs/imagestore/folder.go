package imagestore

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Folder is the part of a bucket below a prefix.
type Folder struct {
	// Bucket that is encrypted with a customer managed key which the CDK knows: a
	// bucket of this app, or one imported with its EncryptionKey. Required.
	Bucket awss3.IBucket

	// Prefix of the keys, such as "dicom/"; it ends with a slash. Required.
	Prefix string
}

var folderPrefix = regexp.MustCompile(`^([A-Za-z0-9._-]+/)+$`)

func (f Folder) check(list *problem.List, path string) {
	switch {
	case f.Bucket == nil:
		list.Addf(path+".Bucket", "nothing", "a bucket", "set it, for example to a zone of the lake")
	case f.Bucket.EncryptionKey() == nil:
		list.Addf(path+".Bucket", *f.Bucket.Node().Path()+" without a key", "a bucket with a customer managed key",
			"encrypt the bucket with a key, or import it with its EncryptionKey")
	}
	if !folderPrefix.MatchString(f.Prefix) {
		list.Addf(path+".Prefix", fmt.Sprintf("%q", f.Prefix), "folders of letters, digits and any of ._- that end with a slash", `write it like "dicom/"`)
	}
}

// overlaps reports whether one folder holds the other.
func (f Folder) overlaps(other Folder) bool {
	return f.Bucket != nil && other.Bucket != nil && *f.Bucket.Node().Path() == *other.Bucket.Node().Path() &&
		(strings.HasPrefix(f.Prefix, other.Prefix) || strings.HasPrefix(other.Prefix, f.Prefix))
}

// beside is the folder next to this one whose name has a suffix.
func (f Folder) beside(suffix string) *Folder {
	return &Folder{f.Bucket, strings.TrimSuffix(f.Prefix, "/") + suffix + "/"}
}

func (f Folder) uri() string { return "s3://" + *f.Bucket.BucketName() + "/" + f.Prefix }

// objects is a statement on the objects of the folder.
func (f Folder) objects(actions ...string) awsiam.PolicyStatement {
	return workflow.Allow([]string{*f.Bucket.BucketArn() + "/" + f.Prefix + "*"}, actions...)
}

// list is a statement that allows the folder's part of the bucket's list.
func (f Folder) list() awsiam.PolicyStatement {
	statement := workflow.Allow([]string{*f.Bucket.BucketArn()}, "s3:ListBucket")
	statement.AddCondition(jsii.String("StringLike"), map[string]any{"s3:prefix": []any{strings.TrimSuffix(f.Prefix, "/"), f.Prefix + "*"}})
	return statement
}

func (f Folder) decrypt() awsiam.PolicyStatement { return f.useKey("kms:Decrypt") }

func (f Folder) encrypt() awsiam.PolicyStatement {
	return f.useKey("kms:Decrypt", "kms:GenerateDataKey*")
}

func (f Folder) useKey(actions ...string) awsiam.PolicyStatement {
	return workflow.Allow([]string{*f.Bucket.EncryptionKey().KeyArn()}, actions...)
}
