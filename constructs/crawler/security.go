package crawler

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// logGroups are the log groups of every crawler with a security configuration:
// Glue adds the names of the role and of the configuration.
const logGroups = "/aws-glue/crawlers*"

// newSecurityConfiguration encrypts logs, bookmarks and what is written to S3
// with the key, which CloudWatch Logs may use for the crawlers' log groups only
// (rule 6.3). Its name cannot change, so it carries the key's identity.
// Source: "Encrypting data written by AWS Glue", "Encrypt log data in CloudWatch Logs using AWS KMS".
func newSecurityConfiguration(c *Crawler) awsglue.CfnSecurityConfiguration {
	stack := awscdk.Stack_Of(c)
	c.key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(cdkx.LogsService(stack)), nil)},
		Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{"ArnLike": map[string]any{"kms:EncryptionContext:aws:logs:arn": logGroupARN(stack, logGroups)}},
	}), nil)
	name := *awscdk.Names_UniqueResourceName(c, &awscdk.UniqueResourceNameOptions{MaxLength: jsii.Number(200), Separator: jsii.String("-")})
	return awsglue.NewCfnSecurityConfiguration(c, jsii.String("Security"), &awsglue.CfnSecurityConfigurationProps{
		Name: jsii.String(name + "-" + (*c.key.Node().Addr())[:8]),
		EncryptionConfiguration: &awsglue.CfnSecurityConfiguration_EncryptionConfigurationProperty{
			CloudWatchEncryption: &awsglue.CfnSecurityConfiguration_CloudWatchEncryptionProperty{
				CloudWatchEncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: c.key.KeyArn(),
			},
			JobBookmarksEncryption: &awsglue.CfnSecurityConfiguration_JobBookmarksEncryptionProperty{
				JobBookmarksEncryptionMode: jsii.String("CSE-KMS"), KmsKeyArn: c.key.KeyArn(),
			},
			S3Encryptions: &[]any{&awsglue.CfnSecurityConfiguration_S3EncryptionProperty{
				S3EncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: c.key.KeyArn(),
			}},
		},
	})
}

func logGroupARN(stack awscdk.Stack, name string) *string {
	return stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: jsii.String(name),
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
