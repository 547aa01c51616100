package fhirstore_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const (
	elsewhereID  = "0123456789abcdef0123456789abcdef"
	elsewhereARN = "arn:aws:healthlake:us-east-1:111111111111:datastore/fhir/" + elsewhereID
	elsewhereKey = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
)

// elsewhere is a store that the hospital's app does not make.
func (h hospital) elsewhere(change func(*fhirstore.FhirStoreAttributes)) fhirstore.IFhirStore {
	a := &fhirstore.FhirStoreAttributes{
		DatastoreName: jsii.String("old-records"), DatastoreID: jsii.String(elsewhereID),
		Key: awskms.Key_FromKeyArn(h.stack, jsii.String("OldKey"), jsii.String(elsewhereKey)),
	}
	if change != nil {
		change(a)
	}
	return fhirstore.FhirStoreFromAttributes(h.stack, jsii.String("Old"), a)
}

// A store that exists is granted on, imported into, exported from and queried as one
// of the app, and nothing of it is made.
func TestImportedStore(t *testing.T) {
	h := newHospital(cdktest.Stack())
	store := h.elsewhere(nil)
	if *store.DatastoreName() != "old-records" || *store.DatastoreID() != elsewhereID || !strings.HasSuffix(*store.DatastoreARN(), ":datastore/fhir/"+elsewhereID) ||
		!strings.HasSuffix(*store.Endpoint(), "/datastore/"+elsewhereID+"/r4/") {
		t.Errorf("got %s, %s, %s, %s", *store.DatastoreName(), *store.DatastoreID(), *store.DatastoreARN(), *store.Endpoint())
	}
	reader := awsiam.NewRole(h.stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	store.GrantReadWrite(reader)
	imports := fhirstore.NewImport(h.stack, jsii.String("Import"), &fhirstore.ImportProps{Store: store, Landing: h.landing()})
	store.GrantImport(reader, imports.Role())
	fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: store, Principals: principals(h)})
	export := fhirstore.NewExport(h.stack, jsii.String("Export"), &fhirstore.ExportProps{Store: store, Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("exports/")}})
	store.GrantExport(reader, export.Role())

	template := cdktest.Of(t, h.stack)
	if made := template.Type(storeType); len(made) > 0 {
		t.Errorf("the import makes %v", made)
	}
	const arnText = `"Resource":"arn:aws:healthlake:us-east-1:111111111111:datastore/fhir/` + elsewhereID + `"`
	for kind, id := range map[string]string{"AWS::IAM::Policy": "Reader", policyType: "QueriesMachinePolicy"} {
		if got := template.One(t, kind, id).JSON("PolicyDocument.Statement"); !strings.Contains(got, `datastore/fhir/`+elsewhereID) {
			t.Errorf("no %s in %s", arnText, got)
		}
	}
	if got := template.One(t, "AWS::IAM::Policy", "Reader").JSON("PolicyDocument.Statement"); !strings.Contains(got, `"Resource":"`+elsewhereKey+`"`) {
		t.Errorf("the key is not granted: %s", got)
	}
	if id := definitionOf(t, template, "ImportMachine").parameters("StartImport"); !strings.Contains(id, `"DatastoreId":"`+elsewhereID+`"`) {
		t.Errorf("the workflow imports into %s", id)
	}
	template.One(t, ruleType, "QueriesMachineActive").Want(t, map[string]string{"EventPattern.detail": `{"datastoreId":["` + elsewhereID + `"]}`})
}

// An ARN that is known says id and region; tokens are taken as they are.
func TestImportedStoreByARNAndByTokens(t *testing.T) {
	h := newHospital(cdktest.Stack())
	store := h.elsewhere(func(a *fhirstore.FhirStoreAttributes) {
		a.DatastoreID, a.DatastoreARN = nil, jsii.String(strings.Replace(elsewhereARN, "us-east-1", "ap-southeast-2", 1))
	})
	if *store.DatastoreID() != elsewhereID || !strings.HasPrefix(*store.Endpoint(), "https://healthlake.ap-southeast-2.") {
		t.Errorf("got %s at %s", *store.DatastoreID(), *store.Endpoint())
	}

	h = newHospital(cdktest.Stack())
	id := awscdk.Fn_ImportValue(jsii.String("store-id"))
	h.elsewhere(func(a *fhirstore.FhirStoreAttributes) {
		a.DatastoreID, a.Endpoint = id, jsii.String("https://fhir.example.org/")
	}).GrantRead(awsiam.NewRole(h.stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	if got := cdktest.Of(t, h.stack).One(t, "AWS::IAM::Policy", "Reader").JSON("PolicyDocument.Statement"); !strings.Contains(got, `{"Fn::ImportValue":"store-id"}`) {
		t.Errorf("got %s", got)
	}
}

// What is missing is named, never dereferenced.
func TestNothingIsNamed(t *testing.T) {
	h := newHospital(cdktest.Stack())
	store := h.store()
	user := awsiam.NewUser(h.stack, jsii.String("User"), nil)
	var unset *fhirstore.FhirStore
	access := fhirstore.NewQueryAccess(h.stack, jsii.String("Access"), &fhirstore.QueryAccessProps{Store: store})
	for _, test := range []struct {
		what string
		do   func()
		want string
	}{
		{"a grantee", func() { store.GrantRead(nil) }, "Test/Records: grantee: got nothing"},
		{"a grantee of an imported store", func() { h.elsewhere(nil).GrantReadWrite(nil) }, "Test/Old: grantee: got nothing"},
		{"a role of jobs", func() { store.GrantImport(user, nil) }, "Test/Records: role: got nothing"},
		{"a starter", func() { access.GrantStart(nil) }, "Test/Access: grantee: got nothing"},
		{"a principal", func() {
			fhirstore.NewQueryAccess(h.stack, jsii.String("Q"), &fhirstore.QueryAccessProps{Store: store, DatabaseName: jsii.String("q"), Principals: []governance.Principal{{}}})
		}, "Test/Q: Principals[0]: got "},
		{"a variable of a store that was never set", func() {
			fhirstore.NewImport(h.stack, jsii.String("I"), &fhirstore.ImportProps{Store: unset, Landing: h.landing()})
		}, "Test/I: Store: got nothing"},
		{"attributes", func() { fhirstore.FhirStoreFromAttributes(h.stack, jsii.String("S"), nil) },
			"Test/S: DatastoreID: got nothing; expected the id of a store; fix: set it; a DatastoreARN alone is enough where it is a plain string\n" +
				"DatastoreName: got nothing; expected 1 to 256 letters, digits, spaces and any of _.:/=+-%@; fix: set DatastoreName\n" +
				"Key: got nothing; expected the key that encrypts the store; fix: set Key, for example to that of the lake, or by awskms.Key_FromKeyArn"},
	} {
		if got := cdktest.Panic(t, test.do); !strings.HasPrefix(got, test.want) {
			t.Errorf("without %s: got\n%s\nwant\n%s", test.what, got, test.want)
		}
	}
}

// A workflow calls HealthLake where it runs, so the store must be there.
func TestStoreElsewhereIsRefusedByWorkflows(t *testing.T) {
	h := newHospital(cdktest.Stack())
	got := cdktest.Panic(t, func() {
		fhirstore.NewExport(h.stack, jsii.String("Export"), &fhirstore.ExportProps{
			Store: h.elsewhere(func(a *fhirstore.FhirStoreAttributes) {
				a.DatastoreID, a.DatastoreARN = nil, jsii.String("arn:aws:healthlake:us-west-2:222222222222:datastore/fhir/"+elsewhereID)
			}),
			Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("exports/")},
		})
	})
	if want := "Test/Export: Store: got a store in account 222222222222; expected one in account 111111111111, where the stack is; fix: make this construct in a stack beside the store\n" +
		"Store: got a store in region us-west-2; expected one in region us-east-1, where the stack is; fix: make this construct in a stack beside the store"; got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestWrongAttributes(t *testing.T) {
	h := newHospital(cdktest.Stack())
	for name, test := range map[string]struct {
		change func(*fhirstore.FhirStoreAttributes)
		want   string
	}{
		"id":  {func(a *fhirstore.FhirStoreAttributes) { a.DatastoreID = jsii.String("datastore/x") }, `DatastoreID: got "datastore/x"`},
		"arn": {func(a *fhirstore.FhirStoreAttributes) { a.DatastoreARN = jsii.String("arn:aws:s3:::x") }, `DatastoreARN: got "arn:aws:s3:::x"`},
		"two": {func(a *fhirstore.FhirStoreAttributes) {
			a.DatastoreID, a.DatastoreARN = jsii.String("abc"), jsii.String(elsewhereARN)
		}, `beside the id "abc"`},
		"arn token": {func(a *fhirstore.FhirStoreAttributes) {
			a.DatastoreID, a.DatastoreARN = nil, awscdk.Fn_ImportValue(jsii.String("arn"))
		}, `DatastoreID: got nothing`},
	} {
		if got := cdktest.Panic(t, func() { newHospital(cdktest.Stack()).elsewhere(test.change) }); !strings.Contains(got, test.want) {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	if h.stack.Node().TryFindChild(jsii.String("Old")) != nil {
		t.Error("a half-made store is left in the tree")
	}
}
