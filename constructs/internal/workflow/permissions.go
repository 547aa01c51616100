package workflow

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// Allow is a statement that allows actions on resources.
func Allow(resources []string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: cdkx.Strings(actions), Resources: cdkx.Strings(resources)})
}

// PassRole is a statement that allows a role to be passed to one service only.
func PassRole(role awsiam.IRole, service string) awsiam.PolicyStatement {
	statement := Allow([]string{*cdkx.RoleARN(role)}, "iam:PassRole")
	statement.AddCondition(jsii.String("StringEquals"), map[string]any{"iam:PassedToService": service})
	return statement
}

// OnBehalf is a service that acts for this account only, and for one resource where its
// ARN is given.
func OnBehalf(scope constructs.Construct, service string, resource *string) awsiam.IPrincipal {
	conditions := map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(scope)}}
	if resource != nil {
		conditions["ArnEquals"] = map[string]any{"aws:SourceArn": resource}
	}
	return awsiam.NewServicePrincipal(jsii.String(service), &awsiam.ServicePrincipalOpts{Conditions: &conditions})
}
