package imagestore_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
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
		Store: store, Landing: imagestore.Folder{Bucket: lake.Zone(ontology.Raw), Prefix: "dicom/"},
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
