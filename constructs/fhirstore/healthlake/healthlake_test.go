package healthlake_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
)

func complete() healthlake.SmartMetadata {
	return healthlake.SmartMetadata{
		AuthorizationEndpoint: "https://id.riverside.example/authorize", TokenEndpoint: "https://id.riverside.example/token",
		GrantTypes: []string{"authorization_code", "client_credentials"}, Capabilities: []string{"launch-ehr"}, CodeChallengeMethods: []string{"S256"},
	}
}

func TestSmartMetadata(t *testing.T) {
	const (
		url    = "; expected an https URL; fix: copy it from the identity provider"
		grants = "; expected one of authorization_code, client_credentials; fix: "
	)
	for name, test := range map[string]struct {
		change func(m *healthlake.SmartMetadata)
		want   []string
	}{
		"complete": {func(*healthlake.SmartMetadata) {}, nil},
		"nothing": {func(m *healthlake.SmartMetadata) { *m = healthlake.SmartMetadata{} }, []string{
			"at.authorization_endpoint: got nothing" + url,
			"at.capabilities: got none; expected the SMART capabilities of the server; fix: name at least one",
			"at.code_challenge_methods_supported: got []; expected a list with S256; fix: add S256",
			"at.grant_types_supported: got none" + grants + "name at least one",
			"at.token_endpoint: got nothing" + url,
		}},
		"endpoints that are no https URLs": {func(m *healthlake.SmartMetadata) {
			m.AuthorizationEndpoint, m.TokenEndpoint = "id.riverside.example", "https://"
			m.Issuer, m.KeySet, m.RegistrationEndpoint, m.ManagementEndpoint = "http://a", "b", "https:c", ":"
			m.IntrospectionEndpoint, m.RevocationEndpoint = "ftp://d", "https:///e"
		}, []string{
			`at.authorization_endpoint: got "id.riverside.example"` + url,
			`at.introspection_endpoint: got "ftp://d"` + url,
			`at.issuer: got "http://a"` + url,
			`at.jwks_uri: got "b"` + url,
			`at.management_endpoint: got ":"` + url,
			`at.registration_endpoint: got "https:c"` + url,
			`at.revocation_endpoint: got "https:///e"` + url,
			`at.token_endpoint: got "https://"` + url,
		}},
		"other grants and challenges": {func(m *healthlake.SmartMetadata) {
			m.GrantTypes, m.CodeChallengeMethods = []string{"authorization_code", "password", ""}, []string{"plain"}
		}, []string{
			`at.code_challenge_methods_supported: got ["plain"]; expected a list with S256; fix: add S256`,
			`at.grant_types_supported[1]: got "password"` + grants + "take it out: HealthLake takes no other",
			`at.grant_types_supported[2]: got nothing` + grants + "take it out: HealthLake takes no other",
		}},
	} {
		m := complete()
		test.change(&m)
		var got []string
		for _, p := range m.Problems("at").Sorted() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got\n%q\nwant\n%q", name, got, test.want)
		}
	}
}

// What is optional and empty is not published.
func TestSmartMetadataAsJSON(t *testing.T) {
	text, err := json.Marshal(complete())
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"authorization_endpoint":"https://id.riverside.example/authorize","token_endpoint":"https://id.riverside.example/token",` +
		`"grant_types_supported":["authorization_code","client_credentials"],"capabilities":["launch-ehr"],"code_challenge_methods_supported":["S256"]}`
	if string(text) != want {
		t.Errorf("got %s", text)
	}
}

func TestRegionsAreSortedAndOnesOwn(t *testing.T) {
	if !slices.IsSorted(healthlake.Regions()) || !slices.Contains(healthlake.Regions(), "us-east-1") {
		t.Errorf("got %q", healthlake.Regions())
	}
	healthlake.Regions()[0] = "changed"
	if slices.Contains(healthlake.Regions(), "changed") {
		t.Error("a caller can change the list")
	}
}

func TestIsFunctionARN(t *testing.T) {
	for arn, want := range map[string]bool{
		"arn:aws:lambda:us-east-1:111111111111:function:tokens":              true,
		"arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:tokens:1": true,
		"arn:aws:lambda:us-east-1:111111111111:function:tokens:$LATEST":      true,
		"arn:aws:lambda:us-east-1:1111:function:tokens":                      false,
		"arn:aws:iam::111111111111:role/tokens":                              false,
		"tokens":                                                             false,
		"":                                                                   false,
	} {
		if got := healthlake.IsFunctionARN(arn); got != want {
			t.Errorf("%q: got %t", arn, got)
		}
	}
}

func TestResourceTypes(t *testing.T) {
	if all := healthlake.ResourceTypes(); len(all) != 146 || !slices.IsSorted(all) || len(slices.Compact(all)) != 146 || !slices.Contains(all, "ResearchSubject") {
		t.Errorf("%d types: %q", len(all), all)
	}
	if tables := healthlake.Tables(); !slices.IsSorted(tables) || !slices.Contains(tables, "researchsubject") {
		t.Errorf("got %q", tables)
	}
}
