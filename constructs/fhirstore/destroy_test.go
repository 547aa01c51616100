package fhirstore_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const lastExport = "s3://riverside-curated/fhir-exports/0123456789abcdef0123456789abcdef-FHIR_EXPORT-fedcba9876543210fedcba9876543210/"

// A store goes only with both keys and a word on what is kept, and then it is said what
// is lost.
func TestDestroyingAStore(t *testing.T) {
	for name, test := range map[string]struct {
		context bool
		change  func(*fhirstore.FhirStoreProps)
		refused string
		warned  string
	}{
		"the prop without the context": {false, func(p *fhirstore.FhirStoreProps) { p.AllowDestroy, p.WithoutExport = jsii.Bool(true), jsii.Bool(true) }, "AllowDestroy: got true without the context lakemesh:allow-destroy", ""},
		"no word on what is kept":      {true, func(p *fhirstore.FhirStoreProps) { p.AllowDestroy = jsii.Bool(true) }, "LastExport: got an export: false, WithoutExport: false", ""},
		"two words on what is kept": {true, func(p *fhirstore.FhirStoreProps) {
			p.AllowDestroy, p.LastExport, p.WithoutExport = jsii.Bool(true), jsii.String(lastExport), jsii.Bool(true)
		}, "LastExport: got an export: true, WithoutExport: true", ""},
		"a folder of no export": {true, func(p *fhirstore.FhirStoreProps) {
			p.AllowDestroy, p.LastExport = jsii.Bool(true), jsii.String("s3://riverside-curated/fhir-exports/")
		}, "expected the folder of one export", ""},
		"a word without the prop": {true, func(p *fhirstore.FhirStoreProps) { p.LastExport = jsii.String(lastExport) }, "AllowDestroy: got false beside LastExport", ""},
		"an export": {true, func(p *fhirstore.FhirStoreProps) {
			p.AllowDestroy, p.LastExport = jsii.Bool(true), jsii.String(lastExport)
		}, "", "Lost are all resources.*the export at s3://riverside-curated.* keeps"},
		"nothing to keep": {true, func(p *fhirstore.FhirStoreProps) { p.AllowDestroy, p.WithoutExport = jsii.Bool(true), jsii.Bool(true) }, "", "Lost are all resources.*nothing of it is kept"},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			props := &storage.LakeStorageProps{}
			if test.context {
				stack.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
				props.AllowDestroy = jsii.Bool(true)
			}
			stack.SetTerminationProtection(jsii.Bool(true))
			h := hospital{stack, storage.NewLakeStorage(stack, jsii.String("Lake"), props)}
			p := h.storeProps()
			test.change(p)
			if test.refused != "" {
				if got := cdktest.Panic(t, func() { fhirstore.NewFhirStore(stack, jsii.String("Records"), p) }); !strings.Contains(got, test.refused) {
					t.Errorf("no %q in %s", test.refused, got)
				}
				return
			}
			fhirstore.NewFhirStore(stack, jsii.String("Records"), p)
			r := cdktest.Of(t, stack).One(t, storeType, "Records")
			if r.DeletionPolicy != "Delete" || r.UpdateReplacePolicy != "Delete" {
				t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", r.DeletionPolicy, r.UpdateReplacePolicy)
			}
			warnings := *assertions.Annotations_FromStack(stack).FindWarning(jsii.String("*"), assertions.Match_StringLikeRegexp(jsii.String(test.warned)))
			if len(warnings) != 1 {
				t.Errorf("%d warnings", len(warnings))
			}
		})
	}
}

// An aspect asks nobody what is kept, so it deletes no store, whatever the context says.
func TestNoRemovalPolicyDeletesTheStore(t *testing.T) {
	for _, context := range []bool{false, true} {
		stack := cdktest.Stack()
		props := &storage.LakeStorageProps{}
		if context {
			stack.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
			props.AllowDestroy = jsii.Bool(true)
		}
		stack.SetTerminationProtection(jsii.Bool(true))
		store := hospital{stack, storage.NewLakeStorage(stack, jsii.String("Lake"), props)}.store()
		awscdk.RemovalPolicies_Of(store).Destroy(nil)
		got := cdktest.Panic(t, func() { awscdk.App_Of(stack).Synth(nil) })
		for _, want := range []string{"Test/Records: got a removal policy with which AWS::HealthLake::FHIRDatastore is deleted", "or set AllowDestroy, which takes the context"} {
			if !strings.Contains(got, want) {
				t.Errorf("with the context %v: no %q in %s", context, want, got)
			}
		}
	}
}

// The topic of an app lets EventBridge publish; whoever deletes the store is told of.
func TestDeletionAlarm(t *testing.T) {
	h := newHospital(cdktest.Stack())
	alarm := fhirstore.NewDeletionAlarm(h.stack, jsii.String("Deletion"), &fhirstore.DeletionAlarmProps{Store: h.store()})
	if alarm.Alarms() == nil || alarm.Cfn() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, h.stack)
	topic := template.One(t, "AWS::SNS::Topic", "Deletion").ID
	template.One(t, ruleType, "Deletion").Want(t, map[string]string{
		"EventPattern.detail":      `{"datastoreId":[{"Fn::GetAtt":["` + template.One(t, storeType, "Records").ID + `","DatastoreId"]}]}`,
		"EventPattern.detail-type": `["Data Store Deleting","Data Store Deleted"]`,
		"Targets.0.Arn":            `{"Ref":"` + topic + `"}`,
	})
	if got := template.One(t, "AWS::SNS::TopicPolicy", "Deletion").JSON("PolicyDocument.Statement"); !strings.Contains(got, `"Principal":{"Service":"events.amazonaws.com"}`) {
		t.Errorf("EventBridge may not publish: %s", got)
	}
}
