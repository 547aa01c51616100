package fhirstore

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awshealthlake"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SmartVersion is which versions of SMART on FHIR a store speaks.
type SmartVersion string

// Versions of SMART on FHIR.
const (
	// SmartV1 has the scopes read and write.
	SmartV1 SmartVersion = "SMART_ON_FHIR_V1"
	// SmartV1AndV2 also has create, read, update, delete and search.
	SmartV1AndV2 SmartVersion = "SMART_ON_FHIR"
)

// SmartOnFhir lets apps into a store with tokens of an identity provider.
type SmartOnFhir struct {
	// Version of SMART on FHIR.
	// Default: SmartV1AndV2.
	Version SmartVersion

	// IdentityProvider is the function that HealthLake asks what a token says. It
	// must answer within a second. Required, unless IdentityProviderARN is set.
	IdentityProvider awslambda.IFunction

	// IdentityProviderARN names the function instead; of the stack's region.
	// Default: that of IdentityProvider.
	IdentityProviderARN *string

	// Metadata is the JSON document that the store publishes as its SMART
	// configuration, with authorization_endpoint, token_endpoint,
	// grant_types_supported, capabilities and code_challenge_methods_supported.
	// Required.
	Metadata *string

	// DisableFineGrainedAuthorization lets every token reach every patient whose
	// resource types are in its scopes.
	// Default: false, tokens are held to the patient and the scopes they name.
	DisableFineGrainedAuthorization *bool
}

func (s *SmartOnFhir) check(list *problem.List) {
	if s == nil {
		return
	}
	if s.Version != SmartV1 && s.Version != SmartV1AndV2 {
		list.Addf("SmartOnFhir.Version", fmt.Sprintf("%q", s.Version), fmt.Sprintf("%s or %s", SmartV1, SmartV1AndV2), "leave it out")
	}
	switch arn := s.IdentityProviderARN; {
	case arn == nil && s.IdentityProvider == nil:
		list.Addf("SmartOnFhir.IdentityProvider", "nothing", "the function that reads tokens", "set IdentityProvider or IdentityProviderARN")
	case arn != nil && s.IdentityProvider != nil:
		list.Addf("SmartOnFhir.IdentityProviderARN", "an ARN beside IdentityProvider", "one function", "leave one of the two out")
	case arn != nil && !cdkx.HoldsToken(*arn) && !healthlake.IsFunctionARN(*arn):
		list.Addf("SmartOnFhir.IdentityProviderARN", cdkx.Quote(*arn), "the ARN of a Lambda function", "correct it")
	}
	checkMetadata(list, cdkx.Value(s.Metadata, ""))
}

// checkMetadata reports what a SMART configuration lacks.
func checkMetadata(list *problem.List, text string) {
	const path = "SmartOnFhir.Metadata"
	if text == "" {
		list.Addf(path, "nothing", "a JSON object", "paste the identity provider's SMART configuration")
		return
	}
	var m healthlake.SmartMetadata
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		list.Addf(path, err.Error(), "a JSON object", "paste the identity provider's SMART configuration")
		return
	}
	*list = append(*list, m.Problems(path)...)
}

// configuration is the store's, after the permission that lets HealthLake call
// the function: for stores of this account and region only.
func (s *SmartOnFhir) configuration(store constructs.Construct) (*awshealthlake.CfnFHIRDatastore_IdentityProviderConfigurationProperty, awscdk.CfnResource) {
	if s == nil {
		return &awshealthlake.CfnFHIRDatastore_IdentityProviderConfigurationProperty{AuthorizationStrategy: jsii.String("AWS_AUTH")}, nil
	}
	arn := s.IdentityProviderARN
	if arn == nil {
		arn = s.IdentityProvider.FunctionArn()
	}
	permission := awslambda.NewCfnPermission(store, jsii.String("AskIdentityProvider"), &awslambda.CfnPermissionProps{
		Action: jsii.String("lambda:InvokeFunction"), FunctionName: arn, Principal: jsii.String("healthlake.amazonaws.com"),
		SourceAccount: cdkx.Account(store),
		SourceArn:     jsii.String(cdkx.ARN(store, "healthlake", "datastore/fhir/*")),
	})
	return &awshealthlake.CfnFHIRDatastore_IdentityProviderConfigurationProperty{
		AuthorizationStrategy:           jsii.String(string(s.Version)),
		FineGrainedAuthorizationEnabled: jsii.Bool(!cdkx.Value(s.DisableFineGrainedAuthorization, false)),
		IdpLambdaArn:                    arn,
		Metadata:                        s.Metadata,
	}, permission
}
