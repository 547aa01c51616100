package workflow

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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
	stack := cdkx.StackOf(scope)
	if own := w.Bucket.EncryptionKey(); own != nil {
		key = own
	}
	bucket, files := *cdkx.BucketARN(w.Bucket), *w.Bucket.ArnForObjects(jsii.String(w.Prefix + "*"))
	encrypt := Allow([]string{*cdkx.KeyARN(key)}, "kms:Decrypt", "kms:GenerateDataKey")
	encrypt.AddCondition(jsii.String("ArnLike"), map[string]any{"kms:EncryptionContext:aws:s3:arn": []string{bucket, files}})
	glue := func(resource string, name *string) string {
		return *stack.FormatArn(&awscdk.ArnComponents{Service: jsii.String("glue"), Resource: jsii.String(resource), ResourceName: name})
	}
	list := Allow([]string{bucket}, "s3:ListBucket")
	list.AddCondition(jsii.String("StringLike"), map[string]any{"s3:prefix": w.Prefix + "*"})
	return []awsiam.PolicyStatement{
		Allow([]string{
			glue("catalog", nil), glue("database", jsii.String(w.Database)), glue("table", jsii.String(w.Database+"/"+w.Table)),
		}, "glue:UpdateTable"),
		Allow([]string{files}, "s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"),
		Allow([]string{bucket}, "s3:GetBucketLocation"),
		list,
		encrypt,
	}
}
