package storage_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewLakeStorage() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	job := awsiam.NewRole(stack, jsii.String("Job"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})
	lake.GrantReadWrite(ontology.Raw, job)

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::S3::Bucket"), nil)), "buckets")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::KMS::Key"), nil)), "key")
	// Output:
	// 4 buckets
	// 1 key
}

// A lake of the app and one that exists, between resources of the CDK's own.
func ExampleILakeStorage() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Lab"), nil)
	job := awsiam.NewRole(stack, jsii.String("Job"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})

	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
		Raw: &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)},
	})
	archive := storage.LakeStorageFromAttributes(stack, jsii.String("Archive"), &storage.LakeStorageAttributes{
		BucketNames: &storage.BucketNames{Raw: jsii.String("lab-archive-raw")},
		KeyARN:      jsii.String("arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
	})
	for _, from := range []storage.ILakeStorage{lake, archive} {
		from.GrantRead(ontology.Raw, job)
	}

	// Events go through EventBridge: AddEventNotification would undo them. With
	// awseventstargets this app would build 179 packages of the CDK, not 55.
	arrivals := awssqs.NewQueue(stack, jsii.String("Arrivals"), &awssqs.QueueProps{EnforceSSL: jsii.Bool(true)})
	arrived := awsevents.NewCfnRule(stack, jsii.String("Arrived"), &awsevents.CfnRuleProps{
		EventPattern: map[string]any{
			"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"},
			"detail": map[string]any{"bucket": map[string]any{"name": []any{lake.Raw().BucketName()}}},
		},
		Targets: &[]any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("Arrivals"), Arn: arrivals.QueueArn()}},
	})
	arrivals.GrantSendMessages(awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), &awsiam.ServicePrincipalOpts{
		Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": arrived.AttrArn()}},
	}))

	// What a prop does not offer is set on the bucket that the CDK makes.
	lake.Bucket(ontology.Analytics).AddMetric(&awss3.BucketMetrics{Id: jsii.String("all")})

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::S3::Bucket"), nil)), "buckets, none of them of the archive")
	// Output:
	// 4 buckets, none of them of the archive
}
