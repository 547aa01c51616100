package fhirstore_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/golden"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

func principals(h hospital) []governance.Principal {
	return []governance.Principal{h.analyst(), governance.PrincipalOf("arn:aws:iam::111111111111:role/Steward")}
}

// variants are the stacks that snapshots, cfn-lint and cdk-nag see.
var variants = map[string]func(h hospital){
	"default": func(h hospital) { h.store() },
	"smart": func(h hospital) {
		p := h.storeProps()
		p.SmartOnFhir = &fhirstore.SmartOnFhir{IdentityProviderARN: jsii.String(idpARN), Metadata: jsii.String(metadata)}
		p.AllowSyntheticPreload = jsii.Bool(true)
		fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	},
	"configured": func(h hospital) {
		p := h.storeProps()
		p.NLP, p.Analytics, p.DefaultProfiles = jsii.Bool(true), fhirstore.AnalyticsPaused, []string{"us-core-3.1.1"}
		fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	},
	"documents": func(h hospital) {
		store := h.store()
		for _, format := range []fhirstore.SourceFormat{fhirstore.CCDA, fhirstore.CSV} {
			profile := h.profile(string(format), func(p *fhirstore.TransformationProfileProps) {
				p.SourceFormat, p.Mapping = format, map[string]string{"Resources/Patient.vm": "#set($patient = $input)", "mapping.yaml": "tables: []"}
			})
			fhirstore.NewImport(h.stack, jsii.String("Import"+string(format)), &fhirstore.ImportProps{
				Store: store, Profile: profile, Landing: storage.S3Location{Bucket: h.lake.Raw(), Prefix: jsii.String(strings.ToLower(string(format)) + "/")},
			})
		}
		letters := h.profile("Letters", func(p *fhirstore.TransformationProfileProps) {
			p.StarterProfile, p.Description = jsii.String(fhirstore.CcdaStarterKit), jsii.String("Discharge letters of partners")
		})
		h.profile("Copy", func(p *fhirstore.TransformationProfileProps) {
			p.Clone = &fhirstore.ProfileVersion{ProfileID: letters.ProfileID(), Version: jsii.Number(1)}
		})
		topic := awssns.NewTopic(h.stack, jsii.String("Alarms"), &awssns.TopicProps{MasterKey: h.lake.Key(), EnforceSSL: jsii.Bool(true)})
		fhirstore.NewDeletionAlarm(h.stack, jsii.String("Deletion"), &fhirstore.DeletionAlarmProps{Store: store, AlarmTopic: topic})
	},
	"workflows": func(h hospital) {
		store := h.store()
		fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: store, Principals: principals(h)})
		fhirstore.NewImport(h.stack, jsii.String("Import"), &fhirstore.ImportProps{Store: store, Landing: h.landing()})
		fhirstore.NewDeletionAlarm(h.stack, jsii.String("Deletion"), &fhirstore.DeletionAlarmProps{Store: store})
		fhirstore.NewExport(h.stack, jsii.String("Export"), &fhirstore.ExportProps{
			Store: store, Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("fhir-exports/")}, Schedule: jsii.String("cron(15 2 * * ? *)"),
			WorkGroup: h.workGroup(), Statements: []fhirstore.Statement{{SQL: jsii.String("MERGE INTO a")}},
			Writes: []query.WrittenTable{{Table: catalog.TableFromName(h.stack, jsii.String("WrittenA"), jsii.String("riverside"), jsii.String("a")), Bucket: h.lake.Curated(), Prefix: jsii.String("a/")}},
		})
	},
}

// addVariants puts every variant into the app, in a stack of its name.
func addVariants(app awscdk.App) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		variants[name](newHospital(assembly.NewStack(app, name, cdktest.Region)))
	}
}

func TestVariantsAreValidCloudFormation(t *testing.T) { assembly.Validate(t, "variants").Check(t) }

// The lake and the workgroup have tests of their own.
func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, addVariants)
	for name := range variants {
		if own := found.Only(name).Without(name+"/Lake", name+"/WorkGroup"); name == "workflows" || name == "documents" || len(own.Findings) > 0 { // no rule of the packs knows HealthLake
			own.Check(t, "AwsSolutions-IAM5", "AwsSolutions-SQS3")
		}
	}
	cfnlint.Check(t, found.TemplateFiles())
}

// The templates are what a reviewer has read; building twice gives the same bytes.
func TestSnapshots(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		build := func() string {
			h := newHospital(cdktest.Stack())
			variants[name](h)
			return cdktest.Of(t, h.stack).JSON + "\n"
		}
		first := build()
		golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(first))
		if build() != first {
			t.Errorf("%s: a second build differs", name)
		}
	}
}
