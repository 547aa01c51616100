package healthlake

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SmartMetadata is a SMART configuration, with the keys of SMART App Launch.
type SmartMetadata struct {
	Issuer                   string   `json:"issuer,omitempty"                                yaml:"issuer"`                                // who issues tokens
	KeySet                   string   `json:"jwks_uri,omitempty"                              yaml:"jwks_uri"`                              // URL of the keys that sign tokens
	AuthorizationEndpoint    string   `json:"authorization_endpoint"                          yaml:"authorization_endpoint"`                // URL where apps ask for authorization
	TokenEndpoint            string   `json:"token_endpoint"                                  yaml:"token_endpoint"`                        // URL where apps get tokens
	TokenEndpointAuthMethods []string `json:"token_endpoint_auth_methods_supported,omitempty" yaml:"token_endpoint_auth_methods_supported"` // how apps authenticate there
	RegistrationEndpoint     string   `json:"registration_endpoint,omitempty"                 yaml:"registration_endpoint"`                 // URL where apps register
	ManagementEndpoint       string   `json:"management_endpoint,omitempty"                   yaml:"management_endpoint"`                   // URL where users manage what apps may do
	IntrospectionEndpoint    string   `json:"introspection_endpoint,omitempty"                yaml:"introspection_endpoint"`                // URL that says what a token is good for
	RevocationEndpoint       string   `json:"revocation_endpoint,omitempty"                   yaml:"revocation_endpoint"`                   // URL that revokes tokens
	GrantTypes               []string `json:"grant_types_supported"                           yaml:"grant_types_supported"`                 // authorization_code, client_credentials
	Scopes                   []string `json:"scopes_supported,omitempty"                      yaml:"scopes_supported"`                      // that apps may ask for
	ResponseTypes            []string `json:"response_types_supported,omitempty"              yaml:"response_types_supported"`              // of the authorization endpoint
	Capabilities             []string `json:"capabilities"                                    yaml:"capabilities"`                          // of SMART, such as launch-ehr
	CodeChallengeMethods     []string `json:"code_challenge_methods_supported"                yaml:"code_challenge_methods_supported"`      // S256
}

// grantTypes are those that HealthLake takes.
func grantTypes() []string { return []string{"authorization_code", "client_credentials"} }

// Problems are what the configuration lacks and what is wrong with it, at the
// property path of the configuration. Endpoints are https URLs, those of
// authorization and tokens required; at least one grant type, of authorization_code
// and client_credentials; at least one capability; S256 among the code challenge
// methods.
//
// Source: "CreateFHIRDatastore", IdentityProviderConfiguration.
func (m SmartMetadata) Problems(path string) problem.List {
	list := m.endpointProblems(path)
	known := "one of " + strings.Join(grantTypes(), ", ")
	if len(m.GrantTypes) == 0 {
		list.Addf(path+".grant_types_supported", "none", known, "name at least one")
	}
	for i, grant := range m.GrantTypes {
		if !slices.Contains(grantTypes(), grant) {
			list.Addf(fmt.Sprintf("%s.grant_types_supported[%d]", path, i), found(grant), known, "take it out: HealthLake takes no other")
		}
	}
	if len(m.Capabilities) == 0 {
		list.Addf(path+".capabilities", "none", "the SMART capabilities of the server", "name at least one")
	}
	if !slices.Contains(m.CodeChallengeMethods, "S256") {
		list.Addf(path+".code_challenge_methods_supported", fmt.Sprintf("%q", m.CodeChallengeMethods), "a list with S256", "add S256")
	}
	return list
}

func (m SmartMetadata) endpointProblems(path string) problem.List {
	var list problem.List
	for _, endpoint := range []struct {
		key, value string
		optional   bool
	}{
		{"authorization_endpoint", m.AuthorizationEndpoint, false},
		{"token_endpoint", m.TokenEndpoint, false},
		{"issuer", m.Issuer, true},
		{"jwks_uri", m.KeySet, true},
		{"registration_endpoint", m.RegistrationEndpoint, true},
		{"management_endpoint", m.ManagementEndpoint, true},
		{"introspection_endpoint", m.IntrospectionEndpoint, true},
		{"revocation_endpoint", m.RevocationEndpoint, true},
	} {
		if endpoint.value == "" && endpoint.optional {
			continue
		}
		if parsed, err := url.Parse(endpoint.value); err != nil || parsed.Scheme != "https" || parsed.Host == "" {
			list.Addf(path+"."+endpoint.key, found(endpoint.value), "an https URL", "copy it from the identity provider")
		}
	}
	return list
}

// found shows a value that was found; nothing is said to be missing.
func found(text string) string {
	if text == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", text)
}

var functionARN = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]+)?$`)

// IsFunctionARN reports whether the text is the ARN of a Lambda function, with or
// without a version or alias, as HealthLake takes it for an identity provider.
func IsFunctionARN(text string) bool { return functionARN.MatchString(text) }
