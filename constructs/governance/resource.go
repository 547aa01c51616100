package governance

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// catalogOf is the account whose catalog the resource stands in: its own, else
// the stack's.
func catalogOf(r lakeformation.Resource, scope constructs.IConstruct) *string {
	if r.Catalog != "" {
		return jsii.String(r.Catalog)
	}
	return awscdk.Stack_Of(scope).Account()
}

// resourceProperty is the property Resource of a grant or a tag association, as the
// CDK takes it.
func resourceProperty(r lakeformation.Resource, catalog *string) any {
	return lowerCamel(r.In(*catalog).ToCloudFormation())
}

// lowerCamel spells the names of CloudFormation's properties as constructs of the CDK
// do: catalogId, lfTagPolicy.
func lowerCamel(in any) any {
	switch v := in.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			capitals := 1
			if strings.HasPrefix(name, "LF") {
				capitals = 2
			}
			out[strings.ToLower(name[:capitals])+name[capitals:]] = lowerCamel(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = lowerCamel(value)
		}
		return out
	}
	return in
}
