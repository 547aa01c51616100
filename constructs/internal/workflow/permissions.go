package workflow

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
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

// AllowServices lets, in the key's policy, CloudWatch Logs encrypt the log
// groups of state machines and of our functions, and EventBridge and CloudWatch send to encrypted
// queues and topics. Which source these two name to KMS is not documented clearly
// enough to depend on: a condition could silence an alarm. It has no effect on an imported key, whose
// own policy must say the same. Calling it again changes nothing.
// Source: "Encrypt log data in CloudWatch Logs using AWS KMS", "Configuring AWS
// KMS permissions" of Amazon SNS.
func AllowServices(scope constructs.Construct, key awskms.IKey) {
	var groups []string
	for _, prefix := range []string{logPrefix, functionLogPrefix} {
		groups = append(groups, cdkx.ARN(scope, "logs", "log-group:"+prefix+"*"))
	}
	cdkx.AllowOnce(key, "logs of "+strings.Join(groups, " "), func() awsiam.PolicyStatement { return cdkx.EncryptLogs(scope, groups) })
	cdkx.AllowOnce(key, "alarms and rules", func() awsiam.PolicyStatement {
		return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{cdkx.Service(scope, "cloudwatch.amazonaws.com"), cdkx.Service(scope, "events.amazonaws.com")},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
			Resources:  jsii.Strings("*"),
		})
	})
}

// logPrefix keeps the machines' log groups out of the log resource policy, which
// has room for few. Source: "Logging using CloudWatch Logs" of Step Functions.
const logPrefix = "/aws/vendedlogs/states/"

// functionLogPrefix begins the log groups of the library's functions.
const functionLogPrefix = "/lakemesh/"
