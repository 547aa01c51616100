package module

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
)

func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// constructors are those of every construct and import.
var constructors = map[string]any{
	"catalog.NewDatabase": catalog.NewDatabase, "catalog.NewTable": catalog.NewTable, "catalog.NewView": catalog.NewView,
	"catalog.NewEncryption": catalog.NewEncryption, "catalog.NewOptimizerRole": catalog.NewOptimizerRole, "catalog.NewTableOptimizer": catalog.NewTableOptimizer,
	"catalog.DatabaseFromName": catalog.DatabaseFromName, "catalog.TableFromName": catalog.TableFromName, "catalog.TableFromAttributes": catalog.TableFromAttributes,
	"crawler.NewCrawler": crawler.NewCrawler, "crawler.NewClassifier": crawler.NewClassifier,
	"fhirstore.NewFhirStore": fhirstore.NewFhirStore, "fhirstore.NewImport": fhirstore.NewImport, "fhirstore.NewExport": fhirstore.NewExport,
	"fhirstore.NewQueryAccess": fhirstore.NewQueryAccess, "fhirstore.NewDataAccessRole": fhirstore.NewDataAccessRole, "fhirstore.FhirStoreFromAttributes": fhirstore.FhirStoreFromAttributes,
	"governance.NewSettings": governance.NewSettings, "governance.NewOntology": governance.NewOntology, "governance.NewLocation": governance.NewLocation,
	"governance.NewLocationRole": governance.NewLocationRole, "governance.NewPermissions": governance.NewPermissions, "governance.NewDataProduct": governance.NewDataProduct,
	"governance.NewResourceLink": governance.NewResourceLink, "governance.NewDataCellsFilter": governance.NewDataCellsFilter, "governance.NewTagAssociation": governance.NewTagAssociation,
	"governance.LocationFromArn": governance.LocationFromArn,
	"imagestore.NewImageStore":   imagestore.NewImageStore, "imagestore.NewImport": imagestore.NewImport, "imagestore.NewMetadata": imagestore.NewMetadata,
	"imagestore.ImageStoreFromAttributes": imagestore.ImageStoreFromAttributes,
	"query.NewWorkGroup":                  query.NewWorkGroup, "query.NewJob": query.NewJob, "query.WorkGroupFromName": query.WorkGroupFromName, "query.WorkGroupFromAttributes": query.WorkGroupFromAttributes,
	"variants.NewVariantLake": variants.NewVariantLake,
	"storage.NewLakeStorage":  storage.NewLakeStorage, "storage.NewReplicaStorage": storage.NewReplicaStorage, "storage.LakeStorageFromAttributes": storage.LakeStorageFromAttributes,
}

// Nothing for a scope or an id is an error of ours that names it, with no trace of
// Go or of the CDK, whatever the props are.
func TestConstructorsNameWhatIsMissing(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Lab"), nil)
	for name, constructor := range constructors {
		for text, first := range map[string][]reflect.Value{
			"scope: got nothing; expected a construct": {reflect.Zero(reflect.TypeFor[constructs.Construct]()), reflect.ValueOf(jsii.String("New"))},
			"id: got nothing; expected an id":          {reflect.ValueOf(stack), reflect.Zero(reflect.TypeFor[*string]())},
		} {
			call := reflect.ValueOf(constructor)
			for _, props := range []func(reflect.Type) reflect.Value{reflect.Zero, filled} {
				arguments := first
				for i := 2; i < call.Type().NumIn(); i++ {
					arguments = append(arguments, props(call.Type().In(i)))
				}
				if got := panicOf(func() { call.Call(arguments) }); !strings.Contains(got, text) {
					t.Errorf("%s: got %q, want %q", name, got, text)
				}
			}
		}
	}
}

// filled is the zero value behind a pointer.
func filled(kind reflect.Type) reflect.Value {
	if kind.Kind() != reflect.Pointer {
		return reflect.Zero(kind)
	}
	return reflect.New(kind.Elem())
}

func panicOf(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return ""
}
