package catalog

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// EncryptionKeyProps configures NewEncryptionKey. The zero value is complete.
type EncryptionKeyProps struct {
	// Alias of the key, without "alias/".
	// Default: no alias.
	Alias *string

	// Description of the key.
	// Default: none.
	Description *string

	// ReaderAccounts are other accounts that read shared tables of the catalog. There an
	// IAM policy must allow the use of the key too (rule 5.7).
	// Default: none.
	ReaderAccounts []string
}

// NewEncryptionKey makes a key for Encryption, rotated every year and retained. Whoever
// Glue admits to the catalog may use it through Glue and in no other way, so no role
// needs to know it: readers of metadata are not readers of a key.
// Source: "Setting up encryption in AWS Glue", "kms:ViaService".
func NewEncryptionKey(scope constructs.Construct, id *string, props *EncryptionKeyProps) awskms.Key {
	p := cdkx.Value(props, EncryptionKeyProps{})
	cdkx.Check(scope, id, nil)
	key := awskms.NewKey(scope, id, &awskms.KeyProps{
		Alias:             p.Alias,
		Description:       p.Description,
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
	stack := cdkx.StackOf(key)
	key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("ThroughGlueOnly"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{"StringEquals": map[string]any{
			"kms:CallerAccount": append([]string{*cdkx.Account(stack)}, p.ReaderAccounts...),
			"kms:ViaService":    cdkx.ViaService(stack, "glue", *cdkx.Region(stack)),
		}},
	}), jsii.Bool(false))
	return key
}
