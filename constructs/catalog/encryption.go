package catalog

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// EncryptionProps configures an Encryption.
type EncryptionProps struct {
	// Key encrypts the names, schemas and parameters in the catalog. Whoever reads
	// or writes the catalog needs kms:Decrypt, kms:Encrypt and kms:GenerateDataKey
	// with it. A symmetric key of the same region. Required.
	Key awskms.IKey

	// PasswordKey encrypts the passwords of Glue connections.
	// Default: Key.
	PasswordKey awskms.IKey

	// DisablePasswordEncryption returns the passwords of connections in the clear
	// to everyone who may read a connection.
	// Default: false, passwords are encrypted.
	DisablePasswordEncryption *bool
}

// Encryption is the encryption of the Glue Data Catalog of one account and region.
type Encryption struct {
	constructs.Construct

	resource awsglue.CfnDataCatalogEncryptionSettings
}

// encryption is that of an account and region.
type encryption struct{ made *Encryption }

// NewEncryption encrypts the stack's own catalog with SSE-KMS, and the passwords
// of its connections. What was in the catalog before is encrypted when it is next
// written. There is one per account and region: a second one in the same app is
// an error, because the two would overwrite each other (rule 6.4). The resource is
// retained: deleting it would turn encryption off. It panics with every problem
// of the props at once.
//
// Source: "Encrypting your Data Catalog" in the Glue developer guide.
func NewEncryption(scope constructs.Construct, id *string, props *EncryptionProps) *Encryption {
	p := cdkx.Value(props, EncryptionProps{})
	problems := p.problems()
	home := order.Of(scope)
	if home != nil {
		if other := order.Shared[encryption](home).made; other != nil {
			problems.Addf("Encryption", "a second one for "+home.Environment(), "one per account and region", "use the one at "+*other.Node().Path())
		}
	}
	cdkx.Check(scope, id, problems)

	e := &Encryption{}
	cdkx.Add(e, scope, id)
	settings := &awsglue.CfnDataCatalogEncryptionSettings_DataCatalogEncryptionSettingsProperty{
		EncryptionAtRest: &awsglue.CfnDataCatalogEncryptionSettings_EncryptionAtRestProperty{
			CatalogEncryptionMode: jsii.String("SSE-KMS"),
			SseAwsKmsKeyId:        cdkx.KeyARN(p.Key),
		},
		ConnectionPasswordEncryption: p.passwords(),
	}
	e.resource = cdkx.Make[awsglue.CfnDataCatalogEncryptionSettings](e, "Resource", &awsglue.CfnDataCatalogEncryptionSettingsProps{
		CatalogId:                     cdkx.Account(e),
		DataCatalogEncryptionSettings: settings,
	}, cdkx.Retained)
	cdkx.RegistryOf(scope).Guard(e, e.resource)
	order.Shared[encryption](home).made = e
	return e
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (e *Encryption) Cfn() awsglue.CfnDataCatalogEncryptionSettings { return e.resource }

func (p *EncryptionProps) passwords() *awsglue.CfnDataCatalogEncryptionSettings_ConnectionPasswordEncryptionProperty {
	out := &awsglue.CfnDataCatalogEncryptionSettings_ConnectionPasswordEncryptionProperty{ReturnConnectionPasswordEncrypted: jsii.Bool(false)}
	if !cdkx.Value(p.DisablePasswordEncryption, false) {
		out.ReturnConnectionPasswordEncrypted, out.KmsKeyId = jsii.Bool(true), cdkx.KeyARN(cmp.Or(p.PasswordKey, p.Key))
	}
	return out
}

func (p *EncryptionProps) problems() problem.List {
	var list problem.List
	if p.Key == nil {
		list.Addf("Key", "nothing", "a KMS key", "set Key: encryption without one uses the key of AWS, which no policy can narrow")
	}
	if cdkx.Value(p.DisablePasswordEncryption, false) && p.PasswordKey != nil {
		list.Addf("PasswordKey", "a key, with DisablePasswordEncryption", "one of them", "remove DisablePasswordEncryption")
	}
	return list
}
