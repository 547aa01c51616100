package fhirstore_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
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
		Store: store, Landing: fhirstore.Folder{Bucket: lake.Raw(), Prefix: "fhir/"},
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
