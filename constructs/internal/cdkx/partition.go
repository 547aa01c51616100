package cdkx

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// LogsService is the service principal of CloudWatch Logs in the region of a stack,
// the only one of those we name that ends with the partition's own suffix:
// logs.cn-north-1.amazonaws.com.cn. The others are <service>.amazonaws.com wherever
// they exist.
// Source: region-info of the CDK.
func LogsService(stack awscdk.Stack) string {
	region := *Region(stack)
	return "logs." + region + "." + urlSuffix(stack, region)
}

// EncryptLogs is a statement for the policy of a key: CloudWatch Logs may use it for the
// log groups that an ARN or a list of them names.
// Source: "Encrypt log data in CloudWatch Logs using AWS KMS".
func EncryptLogs(scope constructs.IConstruct, groups any) *awsiam.PolicyStatementProps {
	return &awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{Service(scope, LogsService(StackOf(scope)))},
		Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{"ArnLike": map[string]any{"kms:EncryptionContext:aws:logs:arn": groups}},
	}
}

// ViaService is what kms:ViaService is compared with when a service calls KMS in a
// region of the stack's partition; see template.ViaService.
func ViaService(stack awscdk.Stack, service, region string) any {
	if !HoldsToken(region) {
		return template.ViaService(service, region)
	}
	host := service + "." + region + "."
	return []string{host + template.CommonSuffix, host + *stack.UrlSuffix()}
}

// urlSuffix is what host names end with in a region of the stack's partition.
func urlSuffix(stack awscdk.Stack, region string) string {
	if HoldsToken(region) {
		return *stack.UrlSuffix()
	}
	return template.PartitionOf(region).Suffix
}

// CheckPartition reports an ARN of another partition than the one that the scope's
// stack stands in, where both are known.
func CheckPartition(list *problem.List, scope constructs.Construct, path, arn string) {
	if !Missing(scope) && template.PartitionOfARN(arn) != "" {
		CheckPartitionIn(list, *Region(scope), path, arn)
	}
}

// CheckPartitionIn reports an ARN of another partition than that of the region of a
// stack, where both are known.
func CheckPartitionIn(list *problem.List, region, path, arn string) {
	got, want := template.PartitionOfARN(arn), template.PartitionOf(region).Name
	if got == "" || got == want || region == "" || HoldsToken(region) || strings.Contains(got, "${") {
		return
	}
	list.Addf(path, fmt.Sprintf("%q", arn), "an ARN that begins with arn:"+want+", as the stack is in "+region,
		"name what stands in this partition: nothing is shared between partitions")
}
