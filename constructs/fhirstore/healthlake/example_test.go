package healthlake_test

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
)

func Example() {
	smart := healthlake.SmartMetadata{
		AuthorizationEndpoint: "https://id.riverside.example/authorize", TokenEndpoint: "http://id.riverside.example/token",
		GrantTypes: []string{"authorization_code"}, Capabilities: []string{"launch-ehr"},
	}
	fmt.Println(smart.Problems("metadata").Err())
	fmt.Println(slices.Contains(healthlake.Regions(), "eu-central-1"))
	// Output:
	// metadata.code_challenge_methods_supported: got []; expected a list with S256; fix: add S256
	// metadata.token_endpoint: got "http://id.riverside.example/token"; expected an https URL; fix: copy it from the identity provider
	// false
}
