package governance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// catalogOf is the account whose catalog the resource stands in: its own, else
// the stack's.
func catalogOf(r lakeformation.Resource, scope constructs.IConstruct) *string {
	if r.Catalog != "" {
		return jsii.String(r.Catalog)
	}
	return cdkx.Account(scope)
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

// names are what a resource is called, and what it consists of.
func names(r lakeformation.Resource) []order.Name {
	switch r.Kind {
	case lakeformation.KindDatabase:
		return []order.Name{order.Database(r.Database)}
	case lakeformation.KindTable, lakeformation.KindColumns:
		return []order.Name{order.Table(r.Database, r.Table)}
	case lakeformation.KindDataCells:
		return []order.Name{order.Filter(r.Database, r.Table, r.Filter)}
	case lakeformation.KindTag:
		return []order.Name{order.Tag(r.TagKey)}
	case lakeformation.KindTagPolicy:
		out := make([]order.Name, len(r.Expression))
		for i, c := range r.Expression {
			out[i] = order.Tag(c.Key)
		}
		return out
	case lakeformation.KindCatalog, lakeformation.KindLocation: // a location is found by its place
	}
	return nil
}

// texts are those of a resource that may be tokens.
func texts(r lakeformation.Resource) []string {
	return slices.Concat([]string{r.Catalog, r.Database, r.Table, r.Filter, r.Location}, r.Columns, r.Excluded)
}

// tagTexts are the keys and values of LF-Tags in a resource.
func tagTexts(r lakeformation.Resource) []string {
	out := append([]string{r.TagKey}, r.TagValues...)
	for _, c := range r.Expression {
		out = append(append(out, c.Key), c.Values...)
	}
	return out
}

// mapTexts returns a resource with each of its names changed.
func mapTexts(r lakeformation.Resource, change func(string) string) lakeformation.Resource {
	all := func(in []string) []string {
		out := make([]string, len(in))
		for i, text := range in {
			out[i] = change(text)
		}
		return out
	}
	optional := func(text string) string {
		if text == "" {
			return ""
		}
		return change(text)
	}
	r.Catalog, r.Database, r.Table = optional(r.Catalog), optional(r.Database), optional(r.Table)
	r.Filter, r.Location = optional(r.Filter), optional(r.Location)
	r.Columns, r.Excluded = all(r.Columns), all(r.Excluded)
	return r
}

// foreign is the error of values that only the deployment of another account,
// region or stage knows. The CDK would turn them into Fn::GetStackOutput without a
// word, or fail without naming the grant (rule 5.6).
func foreign(home *order.Stack, path string, owners []order.Owner) problem.List {
	var list problem.List
	for _, owner := range owners {
		switch {
		case owner.Stack.Environment() != home.Environment():
			list.Addf(path, fmt.Sprintf("a value of %s, which only its deployment in %s knows", owner.Path, owner.Stack.Environment()),
				"a plain string in "+home.Environment(), "give the resource a fixed name and write its ARN out")
		case owner.Stack.Stage != home.Stage:
			list.Addf(path, fmt.Sprintf("a value of %s, which stands in another CDK stage", owner.Path),
				"a plain string, as stages are deployed on their own", "give the resource a fixed name and write its ARN out")
		}
	}
	return list
}
