package omics_test

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/omics"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

const sequenceStoreType = "AWS::Omics::SequenceStore"

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

func (l lab) at(prefix string) storage.S3Location {
	return storage.S3Location{Bucket: l.bucket, Prefix: jsii.String(prefix)}
}

func (l lab) references() *omics.ReferenceStore {
	return omics.NewReferenceStore(l.stack, jsii.String("References"), &omics.ReferenceStoreProps{Name: jsii.String("riverside-references"), Key: l.key})
}

func (l lab) reads() *omics.SequenceStore {
	return omics.NewSequenceStore(l.stack, jsii.String("Reads"), &omics.SequenceStoreProps{Name: jsii.String("riverside-reads"), Key: l.key})
}

func (l lab) workflow() *omics.Workflow {
	return omics.NewWorkflow(l.stack, jsii.String("Germline"), &omics.WorkflowProps{Name: jsii.String("germline"), Definition: germline()})
}

func germline() omics.Definition {
	return omics.Definition{Path: jsii.String("testdata/germline"), Engine: omics.WDL}
}

func (l lab) group() *omics.RunGroup {
	return omics.NewRunGroup(l.stack, jsii.String("Group"), &omics.RunGroupProps{
		Name: jsii.String("germline"), MaxCpus: jsii.Number(256), MaxRuns: jsii.Number(10), MaxDuration: awscdk.Duration_Hours(jsii.Number(24)),
	})
}

func (l lab) cache() *omics.RunCache {
	return omics.NewRunCache(l.stack, jsii.String("Cache"), &omics.RunCacheProps{Name: jsii.String("germline"), Location: l.at("run-cache/")})
}

func (l lab) role() *omics.RunRole {
	return omics.NewRunRole(l.stack, jsii.String("RunRole"), &omics.RunRoleProps{
		Output: l.at("runs/"), Inputs: []storage.S3Location{l.at("panels/")}, Cache: l.cache(),
		SequenceStores: []omics.ISequenceStore{l.reads()}, ReferenceStores: []omics.IReferenceStore{l.references()},
		Repositories: []awsecr.IRepository{awsecr.NewRepository(l.stack, jsii.String("Images"), nil)},
	})
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no\n%s\nin\n%s", part, text)
		}
	}
}

func lacks(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s is in\n%s", part, text)
		}
	}
}

func user(stack awscdk.Stack, id string) awsiam.Role {
	return awsiam.NewRole(stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
}

// newUnencrypted is a place that nothing of this package takes.
func newUnencrypted(stack awscdk.Stack) storage.S3Location {
	return storage.S3Location{Bucket: awss3.NewBucket(stack, jsii.String("Plain"), nil), Prefix: jsii.String("x")}
}
