package cdkx

import "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

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
