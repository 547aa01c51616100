package batch_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
)

func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

func TestBatch(t *testing.T) {
	stack := awscdk.NewStack(nil, jsii.String("Stack"), nil)
	var b batch.Batch
	around := batch.New[constructs.Construct](&b, stack, "Around")
	bucket := batch.New[awss3.Bucket](&b, around, "Bucket", &awss3.BucketProps{
		Versioned: jsii.Bool(true), RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
	resource := b.Get(b.Get(bucket, "node"), "defaultChild")
	b.Call(resource, "addMetadata", "why", map[string]any{"list": []any{"a", 1, true}})
	arn, missing := b.Get(bucket, "bucketArn"), b.Get(bucket, "encryptionKey")
	document := batch.Static[awsiam.PolicyDocument](&b, "fromJson", map[string]any{"Statement": []any{
		map[string]any{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": []any{arn}},
	}})
	batch.New[awss3.CfnBucketPolicy](&b, stack, "Policy", map[string]any{"bucket": b.Get(bucket, "bucketName"), "policyDocument": document})
	b.Set(resource, "objectLockEnabled", true)
	b.Send(bucket, resource, arn, missing)

	made, l1 := batch.Value[awss3.Bucket](&b, bucket), batch.Value[awss3.CfnBucket](&b, resource)
	if made.Node().DefaultChild() != constructs.IConstruct(l1) {
		t.Error("the bucket's resource is another object")
	}
	if got := batch.Value[*string](&b, arn); *got != *made.BucketArn() {
		t.Errorf("got %s, expected %s", *got, *made.BucketArn())
	}
	if got := batch.Value[any](&b, missing); got != nil {
		t.Errorf("got %v, expected nothing", got)
	}
	if again := stack.Node().FindChild(jsii.String("Around")).Node().FindChild(jsii.String("Bucket")); again != constructs.IConstruct(made) {
		t.Error("the bucket in the tree is another object")
	}
	data, err := json.Marshal(awscdk.App_Of(stack).Synth(nil).GetStackByName(stack.StackName()).Template())
	if err != nil {
		t.Fatal(err)
	}
	got := string(data)
	for _, want := range []string{
		`"Metadata":{"why":{"list":["a",1,true]}}`, `"ObjectLockEnabled":true`, `"DeletionPolicy":"Retain"`, `"VersioningConfiguration"`,
		`"Action":"s3:*","Effect":"Deny","Principal":"*","Resource":{"Fn::GetAtt":["AroundBucket`, `"Bucket":{"Ref":"AroundBucket`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, expected %s in it", got, want)
		}
	}
}
