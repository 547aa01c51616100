package fhirstore_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/golden"
)

// Every construct reports all that is wrong with its props at once; the golden
// file is what a user reads.
func TestProblems(t *testing.T) {
	open := func(h hospital) awss3.IBucket {
		return awss3.Bucket_FromBucketName(h.stack, jsii.String("Open"), jsii.String("open"))
	}
	wrong := map[string]func(h hospital){
		"a store without anything": func(h hospital) { fhirstore.NewFhirStore(h.stack, jsii.String("X"), nil) },
		"a store with a bad name and bad metadata": func(h hospital) {
			fhirstore.NewFhirStore(h.stack, jsii.String("X"), &fhirstore.FhirStoreProps{
				DatastoreName: jsii.String("a*b"), Key: h.lake.Key(), Regions: []string{"eu-west-1"},
				Analytics: "DISABLED", DefaultProfiles: []string{"us-core-3.1.1", "", "us-core-3.1.1"},
				SmartOnFhir: &fhirstore.SmartOnFhir{
					Version: "SMART", IdentityProviderARN: jsii.String("tokens"),
					Metadata: jsii.String(`{"authorization_endpoint": "http://id", "grant_types_supported": ["password"], "code_challenge_methods_supported": ["plain"]}`),
				},
			})
		},
		"a store with a token for its name": func(h hospital) {
			fhirstore.NewFhirStore(h.stack, jsii.String("X"), &fhirstore.FhirStoreProps{
				DatastoreName: awscdk.Aws_STACK_NAME(), Key: h.lake.Key(), SmartOnFhir: &fhirstore.SmartOnFhir{Metadata: jsii.String("{")},
			})
		},
		"a data access role without anything": func(h hospital) { fhirstore.NewDataAccessRole(h.stack, jsii.String("X"), nil) },
		"query access without anything":       func(h hospital) { fhirstore.NewQueryAccess(h.stack, jsii.String("X"), nil) },
		"query access with bad values": func(h hospital) {
			fhirstore.NewQueryAccess(h.stack, jsii.String("X"), &fhirstore.QueryAccessProps{
				Store: h.store(), Principals: []governance.Principal{governance.PrincipalOf("IAM_ALLOWED_PRINCIPALS")}, TableCatalog: "both",
				ParameterPrefix: jsii.String("fhir"), DatabaseName: jsii.String("Riverside-FHIR"),
			})
		},
		"query access to a store whose name is none for a database": func(h hospital) {
			p := h.storeProps()
			p.DatastoreName = jsii.String("records: riverside")
			fhirstore.NewQueryAccess(h.stack, jsii.String("X"), &fhirstore.QueryAccessProps{Store: fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)})
		},
		"query access under the name of another": func(h hospital) {
			store := h.store()
			fhirstore.NewQueryAccess(h.stack, jsii.String("Other"), &fhirstore.QueryAccessProps{Store: store})
			fhirstore.NewQueryAccess(h.stack, jsii.String("X"), &fhirstore.QueryAccessProps{Store: store})
		},
		"a profile without anything": func(h hospital) { fhirstore.NewTransformationProfile(h.stack, jsii.String("X"), nil) },
		"a profile of too much": func(h hospital) {
			fhirstore.NewTransformationProfile(h.stack, jsii.String("X"), &fhirstore.TransformationProfileProps{
				ProfileName: jsii.String(strings.Repeat("a", 257)), Description: jsii.String(strings.Repeat("a", 1001)), SourceFormat: fhirstore.CSV,
				StarterProfile: jsii.String(fhirstore.CcdaStarterKit), Mapping: map[string]string{"": "a", "b.vm": ""},
				Clone: &fhirstore.ProfileVersion{ProfileID: jsii.String("mine"), Version: jsii.Number(1.5)}, Key: h.lake.Key(),
			})
		},
		"a profile of an empty mapping": func(h hospital) {
			h.profile("X", func(p *fhirstore.TransformationProfileProps) { p.Mapping = map[string]string{} })
		},
		"a profile elsewhere without anything": func(h hospital) { fhirstore.TransformationProfileFromAttributes(h.stack, jsii.String("X"), nil) },
		"a store nowhere":                      func(h hospital) { fhirstore.NewFhirStore(nil, nil, nil) },
		"an import without anything":           func(h hospital) { fhirstore.NewImport(h.stack, jsii.String("X"), nil) },
		"an import with bad values": func(h hospital) {
			fhirstore.NewImport(h.stack, jsii.String("X"), &fhirstore.ImportProps{
				Store: h.store(), Landing: storage.S3Location{Bucket: open(h), Prefix: jsii.String("/fhir")}, ValidationLevel: "none",
				PollInterval: awscdk.Duration_Seconds(jsii.Number(1)),
			})
		},
		"an import that would read its own results": func(h hospital) {
			fhirstore.NewImport(h.stack, jsii.String("X"), &fhirstore.ImportProps{
				Store: h.store(), Landing: h.landing(), Results: &storage.S3Location{Bucket: h.lake.Raw(), Prefix: jsii.String("fhir/results/")},
				Quarantine: &storage.S3Location{Bucket: h.lake.Raw(), Prefix: jsii.String("fhir/")},
			})
		},
		"an export that writes without statements": func(h hospital) {
			fhirstore.NewExport(h.stack, jsii.String("X"), &fhirstore.ExportProps{
				Store: h.store(), Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("exports/")},
				Writes: []query.WrittenTable{{Table: catalog.TableFromName(h.stack, jsii.String("T"), jsii.String("d"), jsii.String("t")), Bucket: h.lake.Curated(), Prefix: jsii.String("t/")}},
			})
		},
		"a deletion alarm without anything": func(h hospital) { fhirstore.NewDeletionAlarm(h.stack, jsii.String("X"), nil) },
		"an export without anything":        func(h hospital) { fhirstore.NewExport(h.stack, jsii.String("X"), nil) },
		"an export with bad values": func(h hospital) {
			fhirstore.NewExport(h.stack, jsii.String("X"), &fhirstore.ExportProps{
				Store: h.store(), Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("exports/")}, Schedule: jsii.String("daily"),
				Statements: make([]fhirstore.Statement, 11), Writes: []query.WrittenTable{{Table: catalog.TableFromName(h.stack, jsii.String("T"), jsii.String("d"), jsii.String("t"))}}, PollInterval: awscdk.Duration_Hours(jsii.Number(2)),
			})
		},
	}
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		h := newHospital(cdktest.Stack())
		fmt.Fprintf(&out, "# %s\n%s\n\n", name, cdktest.Panic(t, func() { wrong[name](h) }))
	}
	golden.Check(t, "testdata/problems.txt", []byte(out.String()))
}

// A region that is not known yet is no mistake.
func TestRegionMayBeUnknown(t *testing.T) {
	context := flags.Recommended()
	stack := awscdk.NewStack(awscdk.NewApp(&awscdk.AppProps{Context: &context}), jsii.String("Test"), nil)
	fhirstore.NewFhirStore(stack, jsii.String("Records"), &fhirstore.FhirStoreProps{
		DatastoreName: jsii.String("records"), Key: awskms.NewKey(stack, jsii.String("Key"), nil),
	})
}

// A store stands where HealthLake is, unless the props know better.
func TestRegionsOfHealthLake(t *testing.T) {
	app := awscdk.NewApp(nil)
	for _, region := range append(healthlake.Regions(), "eu-central-1") {
		stack := awscdk.NewStack(app, jsii.String("In-"+region), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(region)}})
		refused := cdktest.Panic(t, func() {
			fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{DatastoreName: jsii.String("records")})
		})
		// There is no key, so all are refused; what counts is whether the region is a reason.
		if said := strings.Contains(refused, "Regions: got a stack in "+region); said != (region == "eu-central-1") {
			t.Errorf("%s: %s", region, refused)
		}
	}
}
