package fhirstore_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const profileType = "AWS::HealthLake::DataTransformationProfile"

func (h hospital) profile(id string, change func(*fhirstore.TransformationProfileProps)) *fhirstore.TransformationProfile {
	p := &fhirstore.TransformationProfileProps{ProfileName: jsii.String("riverside-" + id), SourceFormat: fhirstore.CCDA, Key: h.lake.Key()}
	change(p)
	return fhirstore.NewTransformationProfile(h.stack, jsii.String(id), p)
}

// Each of the three ways to say what a profile is made of.
func TestTransformationProfiles(t *testing.T) {
	h := newHospital(cdktest.Stack())
	documents := h.profile("Documents", func(p *fhirstore.TransformationProfileProps) {
		p.StarterProfile, p.Description = jsii.String(fhirstore.CcdaStarterKit), jsii.String("Discharge letters of partners")
	})
	h.profile("Registry", func(p *fhirstore.TransformationProfileProps) {
		p.SourceFormat, p.Mapping = fhirstore.CSV, map[string]string{"mapping.yaml": "tables: []"}
	})
	h.profile("Copy", func(p *fhirstore.TransformationProfileProps) {
		p.Clone = &fhirstore.ProfileVersion{ProfileID: documents.ProfileID(), Version: jsii.Number(1)}
	})
	if documents.Cfn() == nil || documents.SourceFormat() != fhirstore.CCDA || documents.ProfileARN() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, h.stack)
	key := arn(template.One(t, "AWS::KMS::Key", "Lake"))
	template.One(t, profileType, "Documents").Want(t, map[string]string{
		"ProfileName": `"riverside-Documents"`, "SourceFormat": `"CCDA"`, "KmsKeyId": key, "ProfileDescription": `"Discharge letters of partners"`,
		"Source": `{"StarterProfile":{"StarterProfileName":"ccda-starter-kit-v1"}}`,
	})
	template.One(t, profileType, "Registry").Want(t, map[string]string{
		"SourceFormat": `"CSV"`, "ProfileDescription": `null`, "Source": `{"ProfileMapping":{"ProfileMapping":{"mapping.yaml":"tables: []"}}}`,
	})
	template.One(t, profileType, "Copy").Want(t, map[string]string{
		"Source": `{"ExistingVersionedProfileId":{"ProfileId":{"Fn::GetAtt":["` + template.One(t, profileType, "Documents").ID + `","ProfileId"]},"Version":1}}`,
	})
}

// An import with a profile asks HealthLake to convert, may use that profile and no other,
// and is otherwise the import of resources.
func TestImportOfDocuments(t *testing.T) {
	h := newHospital(cdktest.Stack())
	const id = "00112233445566778899aabbccddeeff"
	profile := fhirstore.TransformationProfileFromAttributes(h.stack, jsii.String("Profile"), &fhirstore.TransformationProfileAttributes{
		ProfileID: jsii.String(id), SourceFormat: fhirstore.CSV,
	})
	i := fhirstore.NewImport(h.stack, jsii.String("Import"), &fhirstore.ImportProps{
		Store: h.store(), Landing: storage.S3Location{Bucket: h.lake.Raw(), Prefix: jsii.String("csv/")}, Profile: profile,
	})
	i.GrantStart(awsiam.NewRole(h.stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	template := cdktest.Of(t, h.stack)
	d := definitionOf(t, template, "ImportMachine")
	start := d.States["StartImport"].Parameters
	if start["ProfileId"] != id || start["InputFormat"] != "CSV" || start["DriftDetectionEnabled"] != true {
		t.Errorf("the import starts with %v", start)
	}
	covered(t, template, "ImportMachine", d)
	want := `"Action":["healthlake:GetDataTransformationProfile","healthlake:StartDataTransformationJob"],"Effect":"Allow","Resource":"arn:aws:healthlake:us-east-1:111111111111:dataTransformationProfile/` + id + `"`
	if got := template.One(t, policyType, "ImportMachinePolicy").JSON("PolicyDocument.Statement"); !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
}
