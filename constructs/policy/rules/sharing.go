package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sharingRules() []Rule {
	return []Rule{{
		ID:     "XA01",
		Title:  "Names travel between stacks as plain text",
		Why:    "A token of another stack becomes an import that locks both stacks, and of another account a Fn::GetStackOutput; the templates no longer say who has access.",
		Fix:    "give resources names and write the name or ARN in both stacks",
		Source: `"AWS CDK: resources from a different stack", "Fn::ImportValue" (rules 5.6 and 9.7)`,
		check:  checkTokens,
	}, {
		ID:     "XA02",
		Title:  "Lake Formation makes the shares of the catalog",
		Why:    "It keeps RAM shares of its own; one that is declared for Glue objects conflicts with them or gives more than the grants say.",
		Fix:    "remove the share and grant to the account, the organization or the principal",
		Source: `"Cross-account data sharing in Lake Formation" (rule 5.2)`,
		check:  each(checkShares, "AWS::RAM::ResourceShare"),
	}}
}

// isGovernance reports whether a type decides who may see data.
func isGovernance(kind string) bool {
	return strings.HasPrefix(kind, "AWS::LakeFormation::") || slices.Contains([]string{typeDatabase, typeTable, typeEncryption}, kind)
}

func checkTokens(a *app, report reporter) {
	for _, o := range a.objects {
		if !isGovernance(o.resource.Type) {
			continue
		}
		for _, property := range slices.Sorted(maps.Keys(o.resource.Properties)) {
			for _, function := range []string{"Fn::GetStackOutput", "Fn::ImportValue"} {
				if calls(o.resource.Properties[property], function) {
					report(o, property, function, "plain text")
				}
			}
		}
	}
}

// calls reports whether a value holds a call of an intrinsic function.
func calls(in any, function string) bool {
	switch v := in.(type) {
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return calls(item, function) })
	case map[string]any:
		for key, item := range v {
			if key == function || calls(item, function) {
				return true
			}
		}
	}
	return false
}

func checkShares(o *object, report reporter) {
	for i, arn := range texts(o.props, "ResourceArns") {
		if parts := strings.Split(arn, ":"); len(parts) > 2 && parts[2] == "glue" {
			report(o, fmt.Sprintf("ResourceArns[%d]", i), arn, "no Glue object")
		}
	}
}
