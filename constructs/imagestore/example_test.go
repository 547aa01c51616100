package imagestore_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewImport() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Imaging"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	store := imagestore.NewImageStore(stack, jsii.String("Images"), &imagestore.ImageStoreProps{
		DatastoreName: jsii.String("riverside-imaging"), Key: lake.Key(),
	})
	// Files go to dicom/<folder>/, then the marker to dicom/_complete/<folder>.
	imagestore.NewImport(stack, jsii.String("Import"), &imagestore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Zone(ontology.Raw), Prefix: jsii.String("dicom/")},
	})
	awscdk.Tags_Of(stack).Add(jsii.String("commit"), jsii.String("4f1d9d2"), nil)

	template := assertions.Template_FromStack(stack, nil)
	for _, kind := range []string{imagestore.DatastoreType, "AWS::StepFunctions::StateMachine", "AWS::Lambda::Function"} {
		fmt.Println(len(*template.FindResources(jsii.String(kind), nil)), kind)
	}
	// Output:
	// 1 AWS::HealthImaging::Datastore
	// 2 AWS::StepFunctions::StateMachine
	// 0 AWS::Lambda::Function
}

func ExampleMetadataTable() {
	table := imagestore.MetadataTable("image_series")
	for _, name := range []string{"modality", "patient_id", "study_date"} {
		column := table.Column(name)
		fmt.Printf("%s %s %s %q\n", column.Name, column.Type, column.Sensitivity, column.Identifier)
	}
	// Output:
	// modality string deidentified ""
	// patient_id string phi "medical_record_number"
	// study_date date phi "date"
}

// The store and its import among resources of the CDK that an app has anyway.
func ExampleIImageStore() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Imaging"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	modalities := awss3.NewBucket(stack, jsii.String("Modalities"), &awss3.BucketProps{
		Encryption: awss3.BucketEncryption_KMS, EncryptionKey: key,
	})
	onCall := awssns.NewTopic(stack, jsii.String("OnCall"), nil)
	viewer := awsiam.NewRole(stack, jsii.String("Viewer"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("ecs-tasks.amazonaws.com"), nil),
	})

	store := imagestore.NewImageStore(stack, jsii.String("Images"), &imagestore.ImageStoreProps{
		DatastoreName: jsii.String("imaging"), Key: key,
	})
	imports := imagestore.NewImport(stack, jsii.String("Import"), &imagestore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: modalities, Prefix: jsii.String("dicom/")}, AlarmTopic: onCall,
	})

	// Grants take whatever the CDK grants to, and accessors are what its constructs take.
	store.GrantRead(viewer)
	imports.GrantStart(viewer)
	awscdk.NewCfnOutput(stack, jsii.String("Datastore"), &awscdk.CfnOutputProps{Value: store.DatastoreID()})
	awscloudwatch.NewAlarm(stack, jsii.String("Lost"), &awscloudwatch.AlarmProps{
		Metric:    imports.DeadLetters().MetricApproximateNumberOfMessagesVisible(nil),
		Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1),
	})

	// A store of another app is taken wherever one of this app is.
	archive := imagestore.ImageStoreFromAttributes(stack, jsii.String("Archive"), &imagestore.ImageStoreAttributes{
		DatastoreID: jsii.String("0123456789abcdef0123456789abcdef"),
		Key:         awskms.Key_FromKeyArn(stack, jsii.String("ArchiveKey"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab")),
	})
	archive.GrantRead(viewer)

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String(imagestore.DatastoreType), nil)), "store is made,")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::SNS::Topic"), nil)), "topic hears of all")
	// Output:
	// 1 store is made,
	// 1 topic hears of all
}
