package crawler

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// logGroups are the log groups of every crawler with a security configuration:
// Glue adds the names of the role and of the configuration.
const logGroups = "/aws-glue/crawlers*"

// newSecurityConfiguration has a batch make what encrypts logs, bookmarks and what is written to S3
// with the key, which CloudWatch Logs may use for the crawlers' log groups only
// (rule 6.3). Its name cannot change, so it carries the key's identity.
// Source: "Encrypting data written by AWS Glue", "Encrypt log data in CloudWatch Logs using AWS KMS".
func newSecurityConfiguration(b *batch.Batch, c constructs.Construct, encryption awskms.IKey) (cdkx.Making[awsglue.CfnSecurityConfiguration], batch.Step) {
	cdkx.AllowOnceIn(b, encryption, "logs of "+logGroupARN(c), func() *awsiam.PolicyStatementProps { return cdkx.EncryptLogs(c, logGroupARN(c)) })
	key := cdkx.KeyARN(encryption)
	identity := cdkx.Once(encryption, "addr", func() *string { return encryption.Node().Addr() })
	name := b.Call(cdkx.UniqueNameIn(b, c), "concat", "-"+(*identity)[:8])
	made := cdkx.MakeIn[awsglue.CfnSecurityConfiguration](b, c, "Security", map[string]any{
		"name": name,
		"encryptionConfiguration": &awsglue.CfnSecurityConfiguration_EncryptionConfigurationProperty{
			CloudWatchEncryption: &awsglue.CfnSecurityConfiguration_CloudWatchEncryptionProperty{
				CloudWatchEncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: key,
			},
			JobBookmarksEncryption: &awsglue.CfnSecurityConfiguration_JobBookmarksEncryptionProperty{
				JobBookmarksEncryptionMode: jsii.String("CSE-KMS"), KmsKeyArn: key,
			},
			S3Encryptions: &[]any{&awsglue.CfnSecurityConfiguration_S3EncryptionProperty{
				S3EncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: key,
			}},
		},
	})
	return made, name
}

func logGroupARN(c constructs.Construct) string { return cdkx.ARN(c, "logs", "log-group:"+logGroups) }

// newKey makes the key that everything of a crawler is encrypted with.
func newKey(c constructs.Construct) awskms.IKey {
	return cdkx.NewKey(c, "Key", &awskms.KeyProps{
		Description:       jsii.String("Encrypts logs, queues and alarms of the crawler " + cdkx.Path(c)),
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
}
