package cdkx

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
)

// Statement is one of a policy, as IAM writes it. A document of them is made in one
// call, where the CDK's own take one each.
type Statement map[string]any

// Allow is a statement; one without a Sid may be joined with its like.
func Allow(sid string, resources []string, actions ...string) Statement {
	out := Statement{"Effect": "Allow", "Action": actions, "Resource": resources}
	if sid != "" {
		out["Sid"] = sid
	}
	return out
}

// Only narrows a statement by a condition.
func (s Statement) Only(operator, key string, value any) Statement {
	conditions, _ := s["Condition"].(map[string]any)
	if conditions == nil {
		conditions = map[string]any{}
		s["Condition"] = conditions
	}
	conditions[operator] = map[string]any{key: value}
	return s
}

// Grant gives a grantee what the statement allows, without its Sid.
func (s Statement) Grant(grantee awsiam.IGrantable) awsiam.Grant {
	actions, _ := s["Action"].([]string)
	resources, _ := s["Resource"].([]string)
	options := &awsiam.GrantOnPrincipalOptions{Grantee: grantee, Actions: Strings(actions), ResourceArns: Strings(resources)}
	if conditions, narrowed := s["Condition"].(map[string]any); narrowed {
		options.Conditions = &map[string]*map[string]any{}
		for operator := range conditions {
			fields, _ := conditions[operator].(map[string]any)
			(*options.Conditions)[operator] = &fields
		}
	}
	return awsiam.Grant_AddToPrincipal(options)
}

// Document is a policy of statements.
func Document(statements []Statement) awsiam.PolicyDocument {
	return awsiam.PolicyDocument_FromJson(map[string]any{"Statement": statements})
}

// ManagedPolicyIn has a batch make a managed policy of a role that nobody adds statements to: as
// the CDK's own, below the same path, and without what the CDK does with statements.
func ManagedPolicyIn(b *batch.Batch, scope constructs.Construct, id, description string, role batch.Step, statements []Statement, then ...Then) Making[awsiam.CfnManagedPolicy] {
	m := Making[awsiam.CfnManagedPolicy]{scope: scope}
	m.Step = batch.New[awsiam.CfnManagedPolicy](b, batch.New[constructs.Construct](b, scope, id), "Resource", map[string]any{
		"description":    description,
		"path":           "/",
		"roles":          []any{b.Get(role, "roleName")},
		"policyDocument": rendered(b, statements),
	})
	for _, do := range then {
		do(b, m.Step)
	}
	return m
}

// NewPolicy makes a managed policy of the CDK, with properties beside its document, in one
// message. more, if not nil, adds to the document.
func NewPolicy(scope constructs.Construct, id string, props map[string]any, statements []Statement, more Then, then ...Then) awsiam.ManagedPolicy {
	var b batch.Batch
	document := batch.Static[awsiam.PolicyDocument](&b, "fromJson", map[string]any{"Statement": statements})
	if more != nil {
		more(&b, document)
	}
	props["document"] = document
	step := batch.New[awsiam.ManagedPolicy](&b, scope, id, props)
	for _, do := range then {
		do(&b, step)
	}
	b.Send(step)
	made := batch.Value[awsiam.ManagedPolicy](&b, step)
	Note(made, scope)
	return made
}

// rendered are statements as the CDK writes them: lists in order, and one of several is
// no list. What could be joined, for having no Sid, is left to the CDK.
func rendered(b *batch.Batch, statements []Statement) any {
	out := make([]any, len(statements))
	for i, s := range statements {
		if s["Sid"] == nil {
			return batch.Static[awsiam.PolicyDocument](b, "fromJson", map[string]any{"Statement": statements})
		}
		statement := map[string]any{}
		for key, value := range s {
			switch list, _ := value.([]string); {
			case len(list) == 1:
				value = list[0]
			case list != nil:
				value = slices.SortedStableFunc(slices.Values(list), tokensLast)
			}
			statement[key] = value
		}
		out[i] = statement
	}
	return map[string]any{"Statement": out, "Version": "2012-10-17"}
}

// tokensLast orders texts; those that only the deployment knows stay as they are.
func tokensLast(a, b string) int {
	switch first, second := HoldsToken(a), HoldsToken(b); {
	case first && second:
		return 0
	case first:
		return 1
	case second:
		return -1
	}
	return strings.Compare(a, b)
}
