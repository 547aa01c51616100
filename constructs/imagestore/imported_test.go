package imagestore_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const elsewhereID = "0123456789abcdef0123456789abcdef"

// elsewhere is a store that the lab's app does not make.
func (l lab) elsewhere(change func(*imagestore.ImageStoreAttributes)) imagestore.IImageStore {
	a := &imagestore.ImageStoreAttributes{
		DatastoreID: jsii.String(elsewhereID),
		Key:         awskms.Key_FromKeyArn(l.stack, jsii.String("OldKey"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab")),
	}
	if change != nil {
		change(a)
	}
	return imagestore.ImageStoreFromAttributes(l.stack, jsii.String("Old"), a)
}

// A store that exists is granted on, imported into and listed as one of the app, and
// nothing of it is made.
func TestImportedStore(t *testing.T) {
	l := newLab(cdktest.Stack())
	p := l.metadata()
	l.stack.Node().TryRemoveChild(jsii.String("Images"))
	store := l.elsewhere(nil)
	p.Store = store
	if store.DatastoreName() != nil || *store.DatastoreID() != elsewhereID {
		t.Errorf("got %v, %s", store.DatastoreName(), *store.DatastoreID())
	}
	imagestore.NewMetadata(l.stack, jsii.String("Metadata"), p)
	i := imagestore.NewImport(l.stack, jsii.String("Import"), &imagestore.ImportProps{Store: store, Landing: storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("clinical/dicom/")}})
	store.GrantRead(user(l.stack, "Reader"))
	store.GrantReadWrite(user(l.stack, "Writer"))
	store.GrantImport(user(l.stack, "Importer"), i.Role())

	template := cdktest.Of(t, l.stack)
	if made := template.Type(storeType); len(made) > 0 {
		t.Errorf("the import makes %v", made)
	}
	for _, id := range []string{"Reader", "Writer", "Importer"} {
		contains(t, template.One(t, "AWS::IAM::Policy", id).JSON("PolicyDocument"), ":medical-imaging:us-east-1:111111111111:datastore/"+elsewhereID)
	}
	contains(t, template.One(t, "AWS::Events::Rule", "MetadataChanged").JSON("EventPattern"), `"datastoreId":["`+elsewhereID+`"]`)
	contains(t, state(t, definition(t, template.One(t, machineType, "ImportWorkflow")), "Start"), elsewhereID)
}

// What is missing or wrong is named, never dereferenced.
func TestNothingIsNamed(t *testing.T) {
	l := newLab(cdktest.Stack())
	store := l.store()
	var unset *imagestore.ImageStore
	foreign := func(a *imagestore.ImageStoreAttributes) {
		a.DatastoreID, a.DatastoreARN = nil, jsii.String("arn:aws:medical-imaging:us-west-2:111111111111:datastore/"+elsewhereID)
	}
	for _, test := range []struct {
		what string
		do   func()
		want string
	}{
		{"a grantee", func() { store.GrantRead(nil) }, "Test/Images: grantee: got nothing"},
		{"a role of imports", func() { store.GrantImport(user(l.stack, "U"), nil) }, "Test/Images: role: got nothing"},
		{"a store that was set", func() {
			imagestore.NewImport(l.stack, jsii.String("I"), &imagestore.ImportProps{Store: unset, Landing: storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("dicom/")}})
		}, "Test/I: Store: got nothing"},
		{"a store of the region", func() {
			imagestore.NewImport(l.stack, jsii.String("J"), &imagestore.ImportProps{Store: l.elsewhere(foreign), Landing: storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("dicom/")}})
		}, "Test/J: Store: got a store in region us-west-2; expected one in region us-east-1"},
		{"attributes", func() { imagestore.ImageStoreFromAttributes(l.stack, jsii.String("S"), nil) },
			"Test/S: DatastoreID: got nothing; expected the id of a store; fix: set it; a DatastoreARN alone is enough where it is a plain string\n" +
				"Key: got nothing; expected the key that encrypts the store; fix: set Key, for example to that of the lake, or by awskms.Key_FromKeyArn"},
		{"an id", func() {
			newLab(cdktest.Stack()).elsewhere(func(a *imagestore.ImageStoreAttributes) { a.DatastoreID = jsii.String("images") })
		}, `Test/Old: DatastoreID: got "images"`},
		{"an id beside the token of an ARN", func() {
			newLab(cdktest.Stack()).elsewhere(func(a *imagestore.ImageStoreAttributes) {
				a.DatastoreID, a.DatastoreARN = nil, awscdk.Fn_ImportValue(jsii.String("arn"))
			})
		}, "Test/Old: DatastoreID: got nothing"},
	} {
		if got := cdktest.Panic(t, test.do); !strings.HasPrefix(got, test.want) {
			t.Errorf("without %s: got\n%s\nwant\n%s", test.what, got, test.want)
		}
	}
}
