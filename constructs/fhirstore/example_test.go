package fhirstore_test

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

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewFhirStore() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Records"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})

	store := fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{
		DatastoreName: jsii.String("riverside-records"), Key: lake.Key(),
	})
	fhirstore.NewQueryAccess(stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{
		Store: store, Principals: []governance.Principal{governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")},
	})
	fhirstore.NewImport(stack, jsii.String("Import"), &fhirstore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("fhir/")},
	})

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::HealthLake::FHIRDatastore"), nil)), "store")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::StepFunctions::StateMachine"), nil)), "workflows")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::Lambda::Function"), nil)), "functions")
	// Output:
	// 1 store
	// 3 workflows
	// 0 functions
}

// The store and its workflows among resources of the CDK that an app has anyway.
func ExampleIFhirStore() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Records"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	deliveries := awss3.NewBucket(stack, jsii.String("Deliveries"), &awss3.BucketProps{
		Encryption: awss3.BucketEncryption_KMS, EncryptionKey: key,
	})
	onCall := awssns.NewTopic(stack, jsii.String("OnCall"), nil)
	portal := awsiam.NewRole(stack, jsii.String("Portal"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("ecs-tasks.amazonaws.com"), nil),
	})

	store := fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{
		DatastoreName: jsii.String("records"), Key: key,
	})
	imports := fhirstore.NewImport(stack, jsii.String("Import"), &fhirstore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: deliveries, Prefix: jsii.String("fhir/")}, AlarmTopic: onCall,
	})

	// Grants take whatever the CDK grants to, and accessors are what its constructs take.
	store.GrantRead(portal)
	deliveries.GrantPut(portal, jsii.String("fhir/*"))
	awscdk.NewCfnOutput(stack, jsii.String("Endpoint"), &awscdk.CfnOutputProps{Value: store.Endpoint()})
	awscloudwatch.NewAlarm(stack, jsii.String("Lost"), &awscloudwatch.AlarmProps{
		Metric:    imports.DeadLetters().MetricApproximateNumberOfMessagesVisible(nil),
		Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1),
	})

	// A store of another app is taken wherever one of this app is.
	old := fhirstore.FhirStoreFromAttributes(stack, jsii.String("Old"), &fhirstore.FhirStoreAttributes{
		DatastoreName: jsii.String("old-records"), DatastoreID: jsii.String("0123456789abcdef0123456789abcdef"),
		Key: awskms.Key_FromKeyArn(stack, jsii.String("OldKey"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab")),
	})
	for _, s := range []fhirstore.IFhirStore{store, old} {
		s.GrantReadWrite(portal)
	}

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::HealthLake::FHIRDatastore"), nil)), "store is made,")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::SNS::Topic"), nil)), "topic hears of all")
	// Output:
	// 1 store is made,
	// 1 topic hears of all
}

// C-CDA documents and FHIR resources arrive beside each other, each in a folder of its own.
func ExampleNewTransformationProfile() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Records"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})
	store := fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{
		DatastoreName: jsii.String("riverside-records"), Key: lake.Key(),
	})

	letters := fhirstore.NewTransformationProfile(stack, jsii.String("Letters"), &fhirstore.TransformationProfileProps{
		ProfileName: jsii.String("letters"), SourceFormat: fhirstore.CCDA,
		StarterProfile: jsii.String(fhirstore.CcdaStarterKit), Key: lake.Key(),
	})
	fhirstore.NewImport(stack, jsii.String("LetterImport"), &fhirstore.ImportProps{
		Store: store, Profile: letters, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("ccda/")},
	})
	fhirstore.NewImport(stack, jsii.String("Import"), &fhirstore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("fhir/")},
	})

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::HealthLake::DataTransformationProfile"), nil)), "profile")
	// Output:
	// 1 profile
}
