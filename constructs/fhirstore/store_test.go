package fhirstore_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const metadata = `{"authorization_endpoint": "https://id.riverside.example/authorize", "token_endpoint": "https://id.riverside.example/token",
	"grant_types_supported": ["authorization_code"], "capabilities": ["launch-standalone"], "code_challenge_methods_supported": ["S256"]}`

const idpARN = "arn:aws:lambda:us-east-1:111111111111:function:tokens"

func TestStoreIsSecureByDefault(t *testing.T) {
	h := newHospital(cdktest.Stack())
	store := h.store()
	awscdk.Tags_Of(h.stack).Add(jsii.String("team"), jsii.String("clinical"), nil)
	template := cdktest.Of(t, h.stack)
	r := template.One(t, storeType, "Records")
	r.Want(t, map[string]string{
		"DatastoreName": `"riverside-records"`, "DatastoreTypeVersion": `"R4"`, "PreloadDataConfig": `null`,
		"IdentityProviderConfiguration": `{"AuthorizationStrategy":"AWS_AUTH"}`,
		"SseConfiguration":              `{"KmsEncryptionConfig":{"CmkType":"CUSTOMER_MANAGED_KMS_KEY","KmsKeyId":` + arn(template.One(t, "AWS::KMS::Key", "Lake")) + `}}`,
		"Tags":                          `[{"Key":"team","Value":"clinical"}]`,
	})
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", r.DeletionPolicy, r.UpdateReplacePolicy)
	}
	if *store.DatastoreName() != "riverside-records" || store.Key() == nil || store.Cfn() == nil || store.Endpoint() == nil || store.DatastoreID() == nil {
		t.Error("something cannot be reached")
	}
}

func TestSyntheticPreloadIsExplicit(t *testing.T) {
	h := newHospital(cdktest.Stack())
	p := h.storeProps()
	p.AllowSyntheticPreload = jsii.Bool(true)
	fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	cdktest.Of(t, h.stack).One(t, storeType, "Records").Want(t, map[string]string{"PreloadDataConfig": `{"PreloadDataType":"SYNTHEA"}`})
}

// Nothing of NLP, analytics and profiles is written that nobody chose, so HealthLake's
// own defaults stand and a store that was changed by hand is left alone; what is chosen
// can be chosen back.
func TestConfigurationIsExplicit(t *testing.T) {
	configured := func(change func(p *fhirstore.FhirStoreProps)) cdktest.Resource {
		h := newHospital(cdktest.Stack())
		p := h.storeProps()
		change(p)
		fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
		return cdktest.Of(t, h.stack).One(t, storeType, "Records")
	}
	configured(func(*fhirstore.FhirStoreProps) {}).Want(t, map[string]string{
		"NlpConfiguration": `null`, "AnalyticsConfiguration": `null`, "ProfileConfiguration": `null`,
	})
	configured(func(p *fhirstore.FhirStoreProps) {
		p.NLP, p.Analytics, p.DefaultProfiles = jsii.Bool(true), fhirstore.AnalyticsPaused, []string{"us-core-6.1.0", "us-core-3.1.1"}
	}).Want(t,

		map[string]string{
			"NlpConfiguration": `{"Status":"ENABLED"}`, "AnalyticsConfiguration": `{"Status":"PAUSED"}`,
			"ProfileConfiguration": `{"DefaultProfiles":["us-core-6.1.0","us-core-3.1.1"]}`,
		})
	configured(func(p *fhirstore.FhirStoreProps) { p.NLP, p.Analytics = jsii.Bool(false), fhirstore.AnalyticsEnabled }).Want(t, map[string]string{
		"NlpConfiguration": `{"Status":"DISABLED"}`, "AnalyticsConfiguration": `{"Status":"ENABLED"}`,
	})
}

func TestSmartOnFhir(t *testing.T) {
	h := newHospital(cdktest.Stack())
	p := h.storeProps()
	p.SmartOnFhir = &fhirstore.SmartOnFhir{
		IdentityProvider: awslambda.Function_FromFunctionArn(h.stack, jsii.String("Tokens"), jsii.String(idpARN)), Metadata: jsii.String(metadata),
	}
	fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	if p.SmartOnFhir.Version != "" {
		t.Error("the caller's props were changed")
	}
	template := cdktest.Of(t, h.stack)
	permission := template.One(t, "AWS::Lambda::Permission", "Records")
	permission.Want(t, map[string]string{
		"Action": `"lambda:InvokeFunction"`, "Principal": `"healthlake.amazonaws.com"`, "FunctionName": `"` + idpARN + `"`,
		"SourceAccount": `"111111111111"`,
		"SourceArn":     `"arn:aws:healthlake:us-east-1:111111111111:datastore/fhir/*"`,
	})
	store := template.One(t, storeType, "Records")
	store.Want(t, map[string]string{
		"IdentityProviderConfiguration.AuthorizationStrategy":           `"SMART_ON_FHIR"`,
		"IdentityProviderConfiguration.FineGrainedAuthorizationEnabled": `true`,
		"IdentityProviderConfiguration.IdpLambdaArn":                    `"` + idpARN + `"`,
	})
	if len(store.DependsOn) != 1 || store.DependsOn[0] != permission.ID {
		t.Errorf("the store depends on %v", store.DependsOn)
	}
}

func TestSmartOnFhirVersion1WithoutFineGrainedAuthorization(t *testing.T) {
	h := newHospital(cdktest.Stack())
	p := h.storeProps()
	p.SmartOnFhir = &fhirstore.SmartOnFhir{
		Version: fhirstore.SmartV1, IdentityProviderARN: jsii.String(idpARN), Metadata: jsii.String(metadata), DisableFineGrainedAuthorization: jsii.Bool(true),
	}
	fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	cdktest.Of(t, h.stack).One(t, storeType, "Records").Want(t, map[string]string{
		"IdentityProviderConfiguration.AuthorizationStrategy":           `"SMART_ON_FHIR_V1"`,
		"IdentityProviderConfiguration.FineGrainedAuthorizationEnabled": `false`,
	})
}

// Who forgets termination protection hears of it, who sets it does not.
func TestTerminationProtectionIsAdvised(t *testing.T) {
	h := newHospital(cdktest.Stack())
	h.stack.SetTerminationProtection(jsii.Bool(false))
	h.store()
	warned := func() int {
		return len(*assertions.Annotations_FromStack(h.stack).FindWarning(jsii.String("*"), assertions.Match_StringLikeRegexp(jsii.String("termination protection"))))
	}
	if n := warned(); n != 1 {
		t.Errorf("%d warnings", n)
	}
	h = newHospital(cdktest.Stack())
	h.store()
	if n := warned(); n != 0 {
		t.Errorf("%d warnings", n)
	}
}

func TestGrants(t *testing.T) {
	h := newHospital(cdktest.Stack())
	store := h.store()
	role := fhirstore.NewDataAccessRole(h.stack, jsii.String("DataAccess"), &fhirstore.DataAccessRoleProps{Store: store, Output: h.landing()})
	newRole := func(id string) awsiam.Role {
		return awsiam.NewRole(h.stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	}
	store.GrantRead(newRole("Reader"))
	store.GrantReadWrite(newRole("Writer"))
	store.GrantImport(newRole("Importer"), role.Role())
	store.GrantExport(newRole("Exporter"), role.Role())
	template := cdktest.Of(t, h.stack)
	storeARN := `{"Fn::GetAtt":["` + template.One(t, storeType, "Records").ID + `","DatastoreArn"]}`
	pass := `"Action":"iam:PassRole","Condition":{"StringEquals":{"iam:PassedToService":"healthlake.amazonaws.com"}},"Effect":"Allow","Resource":` + arn(template.One(t, roleType, "DataAccess"))
	for id, parts := range map[string][]string{
		"Reader":   {`"healthlake:ReadResource"`, `"healthlake:SearchWithGet"`, `"kms:Decrypt"`, storeARN},
		"Writer":   {`"healthlake:CreateResource"`, `"healthlake:DeleteResource"`, `"healthlake:ReadResource"`, `"kms:GenerateDataKey*"`, storeARN},
		"Importer": {`"healthlake:StartFHIRImportJob"`, pass, storeARN},
		"Exporter": {`"healthlake:StartFHIRExportJob"`, pass, storeARN},
	} {
		got := template.One(t, "AWS::IAM::Policy", id).JSON("PolicyDocument.Statement")
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Errorf("%s: no %s in %s", id, part, got)
			}
		}
		if id != "Writer" && strings.Contains(got, "CreateResource") || strings.Contains(got, "healthlake:*") {
			t.Errorf("%s may do too much: %s", id, got)
		}
	}
}

// Only HealthLake, only on behalf of the store, only in the job's folders.
func TestDataAccessRole(t *testing.T) {
	h := newHospital(cdktest.Stack())
	input := h.landing()
	role := fhirstore.NewDataAccessRole(h.stack, jsii.String("DataAccess"), &fhirstore.DataAccessRoleProps{
		Store: h.store(), Input: &input, Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("exports/")}, RoleName: jsii.String("records-jobs"),
	})
	if role.Role() == nil || role.Policy() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, h.stack)
	template.One(t, roleType, "DataAccess").Want(t, map[string]string{
		"RoleName": `"records-jobs"`,
		"AssumeRolePolicyDocument.Statement": `[{"Action":"sts:AssumeRole","Condition":{"ArnEquals":{"aws:SourceArn":{"Fn::GetAtt":["` + template.One(t, storeType, "Records").ID +
			`","DatastoreArn"]}},"StringEquals":{"aws:SourceAccount":"111111111111"}},"Effect":"Allow","Principal":{"Service":"healthlake.amazonaws.com"}}]`,
	})
	policy := template.One(t, policyType, "DataAccess").JSON("PolicyDocument.Statement")
	raw, curated := template.One(t, "AWS::S3::Bucket", "LakeRaw").ID, template.One(t, "AWS::S3::Bucket", "LakeCurated").ID
	for _, part := range []string{
		`{"Action":"s3:GetObject","Effect":"Allow","Resource":{"Fn::Join":["",[{"Fn::GetAtt":["` + raw + `","Arn"]},"/fhir/*"]]}}`,
		`{"Action":["s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":{"Fn::Join":["",[{"Fn::GetAtt":["` + curated + `","Arn"]},"/exports/*"]]}}`,
		`"s3:prefix":["fhir","fhir/*"]`, `"s3:GetBucketPublicAccessBlock"`, `"s3:GetEncryptionConfiguration"`,
	} {
		if !strings.Contains(policy, part) {
			t.Errorf("no %s in %s", part, policy)
		}
	}
}
