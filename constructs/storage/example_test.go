package storage_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
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
