package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// healthPrograms keep records and images in stores of AWS's health services.
func healthPrograms() []program {
	return []program{
		{Name: "fhir-store-with-workflows", build: func(app awscdk.App) {
			stack := fixed(app, "Records", "210000000030", "us-east-1")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			store := fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{DatastoreName: jsii.String("records"), Key: lake.Key()})
			fhirstore.NewImport(stack, jsii.String("Import"), &fhirstore.ImportProps{Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("fhir/")}})
			fhirstore.NewExport(stack, jsii.String("Export"), &fhirstore.ExportProps{Store: store, Output: storage.S3Location{Bucket: lake.Analytics(), Prefix: jsii.String("fhir-exports/")}})
			fhirstore.NewQueryAccess(stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{
				Store: store, Principals: []governance.Principal{governance.PrincipalOf(analyst)},
			})
			store.GrantRead(role(stack, "App"))
		}},
		{Name: "fhir-store-that-exists", build: func(app awscdk.App) {
			stack := agnostic(app, "App")
			key := awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"))
			store := fhirstore.FhirStoreFromAttributes(stack, jsii.String("Store"), &fhirstore.FhirStoreAttributes{
				DatastoreName: jsii.String("records"), DatastoreID: jsii.String("0123456789abcdef0123456789abcdef"), Key: key,
			})
			store.GrantReadWrite(role(stack, "App"))
		}},
		// A tag of the whole app that changes with every release reaches the store's stack.
		{Name: "image-store-and-import", Findings: []string{"LakeMesh.HL02"}, build: func(app awscdk.App) {
			stack := agnostic(app, "Imaging")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			store := imagestore.NewImageStore(stack, jsii.String("Images"), &imagestore.ImageStoreProps{DatastoreName: jsii.String("imaging"), Key: lake.Key()})
			imagestore.NewImport(stack, jsii.String("Import"), &imagestore.ImportProps{Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("dicom/")}})
			store.GrantRead(role(stack, "Viewer"))
			awscdk.Tags_Of(app).Add(jsii.String("commit"), jsii.String("4f1d9d2"), nil)
		}},
		{Name: "image-store-that-exists", build: func(app awscdk.App) {
			stack := agnostic(app, "Viewer")
			key := awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"))
			store := imagestore.ImageStoreFromAttributes(stack, jsii.String("Store"), &imagestore.ImageStoreAttributes{
				DatastoreID: jsii.String("0123456789abcdef0123456789abcdef"), Key: key,
			})
			store.GrantRead(role(stack, "Viewer"))
		}},
	}
}
