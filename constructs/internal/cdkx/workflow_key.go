package cdkx

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
)

// AllowWorkflows lets, in the key's policy, CloudWatch Logs encrypt the log groups of state
// machines and of our functions, and EventBridge and CloudWatch send to encrypted queues
// and topics. It stands here, not in package workflow, as lakes need it and do not compile
// the CDK's Step Functions for it. Which source these two name to KMS is not documented clearly
// enough to depend on: a condition could silence an alarm. It has no effect on an imported key, whose
// own policy must say the same. Calling it again changes nothing.
// Source: "Encrypt log data in CloudWatch Logs using AWS KMS", "Configuring AWS
// KMS permissions" of Amazon SNS.
func AllowWorkflows(scope constructs.Construct, key awskms.IKey) {
	var groups []string
	for _, prefix := range []string{MachineLogPrefix, functionLogPrefix} {
		groups = append(groups, ARN(scope, "logs", "log-group:"+prefix+"*"))
	}
	var b batch.Batch
	AllowOnceIn(&b, key, "logs of "+strings.Join(groups, " "), func() *awsiam.PolicyStatementProps { return EncryptLogs(scope, groups) })
	AllowOnceIn(&b, key, "alarms and rules", func() *awsiam.PolicyStatementProps {
		return &awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{Service(scope, "cloudwatch.amazonaws.com"), Service(scope, "events.amazonaws.com")},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey*"),
			Resources:  jsii.Strings("*"),
		}
	})
	b.Send()
}

// MachineLogPrefix keeps the machines' log groups out of the log resource policy, which
// has room for few. Source: "Logging using CloudWatch Logs" of Step Functions.
const MachineLogPrefix = "/aws/vendedlogs/states/"

// functionLogPrefix begins the log groups of the library's functions.
const functionLogPrefix = "/lakemesh/"

// GlueJobLogs begins the log groups of Glue jobs.
const GlueJobLogs = "/aws-glue/jobs"

// AllowSparkJobs lets, in the key's policy, EMR Serverless encrypt the disks of workers of
// this account, and CloudWatch Logs the log groups of Glue jobs. Which application it is cannot be said: it may
// stand in another stack than the key. It has no effect on an imported key. Calling it
// again changes nothing.
// Source: "Disk encryption with KMS CMK" of EMR Serverless.
func AllowSparkJobs(scope constructs.Construct, key awskms.IKey) {
	var b batch.Batch
	AllowOnceIn(&b, key, "disks of Spark", func() *awsiam.PolicyStatementProps {
		return &awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{Service(scope, "emr-serverless.amazonaws.com")},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"),
			Resources:  jsii.Strings("*"),
			Conditions: &map[string]any{
				"ArnLike":      map[string]any{"aws:SourceArn": ARN(scope, "emr-serverless", "/applications/*")},
				"StringEquals": map[string]any{"aws:SourceAccount": Account(scope)},
			},
		}
	})
	groups := ARN(scope, "logs", "log-group:"+GlueJobLogs+"*")
	AllowOnceIn(&b, key, "logs of "+groups, func() *awsiam.PolicyStatementProps { return EncryptLogs(scope, groups) })
	b.Send()
}
