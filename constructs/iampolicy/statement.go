package iampolicy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Statement is one statement of a policy.
type Statement struct {
	Name          string      // its Sid, or its number from 1
	Deny          bool        // otherwise it allows
	Actions       []string    // patterns in lower case
	NotActions    []string    // every action but these
	Resources     []string    // patterns of ARNs
	NotResources  []string    // every resource but these
	Principals    []string    // of a bucket or key policy: ARNs, accounts, services, "*"
	NotPrincipals []string    // everybody but these
	Conditions    []Condition // all of which have to hold
}

// Condition is one comparison of a statement. All of a statement's have to hold.
type Condition struct {
	Operator string   // such as StringEquals
	Key      string   // such as aws:PrincipalArn
	Values   []string // one of which has to fit
}

// statements reads a policy document whose intrinsic functions are worked out. It reports
// false when some of it is only known at the deployment.
func statements(document any) (out []Statement, whole bool) {
	in, ok := document.(map[string]any)
	if !ok {
		return nil, document == nil
	}
	whole = true
	for i, entry := range list(in["Statement"]) {
		s, ok := entry.(map[string]any)
		if !ok {
			whole = false
			continue
		}
		for _, action := range slices.Concat(texts(s["Action"]), texts(s["NotAction"])) {
			whole = whole && !template.IsUnresolved(action)
		}
		out = append(out, Statement{
			Name: cmp.Or(text(s["Sid"]), fmt.Sprint(i+1)), Deny: text(s["Effect"]) == "Deny",
			Actions: lower(texts(s["Action"])), NotActions: lower(texts(s["NotAction"])),
			Resources: texts(s["Resource"]), NotResources: texts(s["NotResource"]),
			Principals: principals(s["Principal"]), NotPrincipals: principals(s["NotPrincipal"]),
			Conditions: conditions(s["Condition"]),
		})
	}
	return out, whole
}

// unknownYet is the key of a condition that nobody can read.
const unknownYet = "something only known when it is deployed"

func conditions(in any) []Condition {
	operators, ok := in.(map[string]any)
	var out []Condition
	if !ok && in != nil {
		out = append(out, Condition{Key: unknownYet})
	}
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		keys, ok := operators[operator].(map[string]any)
		if !ok {
			out = append(out, Condition{Operator: operator, Key: unknownYet})
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			out = append(out, Condition{Operator: operator, Key: key, Values: texts(keys[key])})
		}
	}
	return out
}

// principals are whom a policy names, of every kind, an account by its number.
func principals(in any) []string {
	if named := texts(in); len(named) > 0 {
		return named
	}
	kinds, _ := in.(map[string]any)
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		for _, p := range texts(kinds[kind]) {
			if prefix, isRoot := strings.CutSuffix(p, ":root"); isRoot {
				p = accountOf(prefix + ":root")
			}
			out = append(out, p)
		}
	}
	return out
}

// accountOf is the account in an ARN, "" when it has none.
func accountOf(arn string) string {
	parts := template.SplitOutsideMarkers(arn, ":")
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return parts[4]
}

func text(in any) string {
	switch v := in.(type) {
	case string:
		return v
	case bool:
		return fmt.Sprint(v)
	case fmt.Stringer: // a number as the template writes it
		return v.String()
	}
	return ""
}

// list is a list, or the one element that stands for it.
func list(in any) []any {
	switch v := in.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{in}
}

func texts(in any) []string {
	var out []string
	for _, entry := range list(in) {
		if s := text(entry); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func lower(in []string) []string {
	for i, s := range in {
		in[i] = strings.ToLower(s)
	}
	return in
}
