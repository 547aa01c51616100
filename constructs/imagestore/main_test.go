package imagestore_test

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

const (
	storeType   = imagestore.DatastoreType
	machineType = "AWS::StepFunctions::StateMachine"
	policyType  = "AWS::IAM::ManagedPolicy"
	roleType    = "AWS::IAM::Role"
	alarmType   = "AWS::CloudWatch::Alarm"
)

// lab is what the constructs of this package need around them.
type lab struct {
	stack  awscdk.Stack
	key    awskms.Key
	bucket awss3.Bucket
}

func newLab(stack awscdk.Stack) lab {
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	return lab{stack, key, awss3.NewBucket(stack, jsii.String("Raw"), &awss3.BucketProps{
		BucketName: jsii.String("riverside-raw"), Encryption: awss3.BucketEncryption_KMS, EncryptionKey: key,
	})}
}

func (l lab) store() *imagestore.ImageStore {
	return imagestore.NewImageStore(l.stack, jsii.String("Images"), &imagestore.ImageStoreProps{DatastoreName: jsii.String("riverside-imaging"), Key: l.key})
}

func (l lab) imports() *imagestore.ImportProps {
	return &imagestore.ImportProps{Store: l.store(), Landing: storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("clinical/dicom/")}}
}

// metadata are props with a function that is built elsewhere.
func (l lab) metadata() *imagestore.MetadataProps {
	schema := imagestore.MetadataTable("image_series")
	table := catalog.NewTable(l.stack, jsii.String("Series"), &catalog.TableProps{
		DatabaseName: jsii.String("riverside_imaging"), Table: &schema, Location: jsii.String("s3://riverside-raw/image_series/"),
	})
	return &imagestore.MetadataProps{
		Store: l.store(), Table: table, Files: storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("image_series/")}, Landing: storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("imaging/inbox/")},
		WorkGroup: query.NewWorkGroup(l.stack, jsii.String("Queries"), &query.WorkGroupProps{
			Name: jsii.String("imaging"), Key: l.key, AccessLogs: awss3.NewBucket(l.stack, jsii.String("Logs"), nil),
		}),
		Permissions: governance.NewPermissions(l.stack, jsii.String("Grants")),
		Locations: []governance.ILocation{governance.NewLocation(l.stack, jsii.String("Location"), &governance.LocationProps{
			ARN: jsii.String("arn:aws:s3:::riverside-raw"), Key: l.key,
		})},
		Code: awslambda.Code_FromBucketV2(l.bucket, jsii.String("function.zip"), &awslambda.BucketOptions{ObjectVersion: jsii.String("1")}),
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no\n%s\nin\n%s", part, text)
		}
	}
}

func user(stack awscdk.Stack, id string) awsiam.Role {
	return awsiam.NewRole(stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
}
