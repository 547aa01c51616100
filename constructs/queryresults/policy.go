package queryresults

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// policy is what one policy allows, and to whom the templates attach it.
type policy struct {
	stack      *template.Stack
	place      string
	attached   []string // ARNs
	statements []statement
}

// statement is what one statement of a policy allows.
type statement struct {
	actions, resources []string
	only               []string // ARNs that aws:PrincipalArn is held to; none is anybody
}

type reader struct {
	*template.Resolver

	stack     *template.Stack
	attaching map[string][]string // roles and users of the stack that name a managed policy, by the policy
}

func newReader(s *template.Stack) reader {
	r := reader{template.NewResolver(s), s, map[string][]string{}}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		for _, entry := range list(s.Resources[id].Properties["ManagedPolicyArns"]) {
			if reference, ok := entry.(map[string]any); ok {
				policy := text(reference["Ref"])
				r.attaching[policy] = append(r.attaching[policy], id)
			}
		}
	}
	return r
}

func (r reader) properties(id string) map[string]any {
	properties, _ := r.Value(r.stack.Resources[id].Properties, r.stack.Name+" "+id).(map[string]any)
	return properties
}

// policies are those that a resource is or holds.
func (r reader) policies(id string) []policy {
	place := r.stack.Name + "/" + id
	switch r.stack.Resources[id].Type {
	case "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy":
		attached := r.attachedTo(id)
		for _, other := range r.attaching[id] {
			attached = append(attached, r.arn(other))
		}
		return []policy{{r.stack, place, attached, statementsOf(r.properties(id)["PolicyDocument"])}}
	case "AWS::IAM::Role", "AWS::IAM::User":
		var out []policy
		policies, _ := r.properties(id)["Policies"].([]any)
		for _, p := range policies {
			inline, _ := p.(map[string]any)
			out = append(out, policy{r.stack, place, []string{r.arn(id)}, statementsOf(inline["PolicyDocument"])})
		}
		return out
	}
	return nil
}

// attachedTo are the ARNs of the roles and users that a policy names.
func (r reader) attachedTo(id string) []string {
	raw := r.stack.Resources[id].Properties
	var out []string
	for _, kind := range []struct{ one, many, path string }{{"RoleName", "Roles", "role/"}, {"UserName", "Users", "user/"}} {
		named := list(raw[kind.many])
		if raw[kind.one] != nil {
			named = append(named, raw[kind.one])
		}
		for _, entry := range named {
			if reference, ok := entry.(map[string]any); ok {
				if target := text(reference["Ref"]); target != "" {
					out = append(out, r.arn(target))
					continue
				}
			}
			out = append(out, fmt.Sprintf("arn:%s:iam::%s:%s%s", template.PartitionOf(r.stack.Region).Name, r.stack.Account, kind.path, text(r.Value(entry, ""))))
		}
	}
	return out
}

func (r reader) arn(id string) string {
	return text(r.Value(map[string]any{"Fn::GetAtt": []any{id, "Arn"}}, ""))
}

// statementsOf are the statements of a policy that allow something.
func statementsOf(document any) []statement {
	in, _ := document.(map[string]any)
	var out []statement
	for _, entry := range list(in["Statement"]) {
		s, _ := entry.(map[string]any)
		allowed := statement{actions: texts(s["Action"]), resources: texts(s["Resource"])}
		if s["Effect"] != "Allow" || !slices.ContainsFunc(allowed.actions, ofResults) {
			continue
		}
		conditions, _ := s["Condition"].(map[string]any)
		for _, operator := range []string{"ArnEquals", "ArnLike", "StringEquals", "StringLike"} {
			keys, _ := conditions[operator].(map[string]any)
			allowed.only = append(allowed.only, texts(keys["aws:PrincipalArn"])...)
		}
		out = append(out, allowed)
	}
	return out
}

// ofResults reports whether an action may be about results: most policies have none.
func ofResults(action string) bool {
	service, _, _ := strings.Cut(strings.ToLower(action), ":")
	return service == "athena" || service == "s3"
}

func text(in any) string {
	s, _ := in.(string)
	return s
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
