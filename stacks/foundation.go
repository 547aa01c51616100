package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// FoundationStack holds what exists once per account and region: the Lake
// Formation settings, the LF-Tags of the mesh's ontology, and the encryption of
// the catalog.
type FoundationStack struct {
	awscdk.Stack

	settings   *governance.Settings
	ontology   *governance.Ontology
	encryption *catalog.Encryption
}

// Settings are the Lake Formation settings of the environment.
func (s *FoundationStack) Settings() *governance.Settings { return s.settings }

// Ontology is the LF-Tags of the environment.
func (s *FoundationStack) Ontology() *governance.Ontology { return s.ontology }

// Encryption encrypts the catalog of the environment.
func (s *FoundationStack) Encryption() *catalog.Encryption { return s.encryption }

func (b *builder) foundation(plan *mesh.Foundation) *FoundationStack {
	s := &FoundationStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.props(plan.StackName, plan.Environment,
		fmt.Sprintf("Foundation of the data mesh %s: Lake Formation settings and ontology", b.plan.Mesh), true))
	settings := &governance.SettingsProps{Admins: plan.Admins}
	if plan.Deployer != "" {
		settings.DeploymentRoleARN = jsii.String(plan.Deployer)
	}
	s.settings = governance.NewSettings(s, jsii.String("Settings"), settings)
	s.addAccessRoles(plan)
	s.ontology = governance.NewOntology(s, jsii.String("Ontology"), &governance.OntologyProps{
		Tags:     plan.Tags,
		Settings: s.settings,
	})
	s.encryption = catalog.NewEncryption(s, jsii.String("CatalogEncryption"), &catalog.EncryptionProps{Key: catalogKey(s, b.plan.Mesh, plan)})
	b.foundations[plan.Environment] = s
	return s
}

// catalogKey makes the key that the catalog is encrypted with. Whoever Glue
// admits to the catalog may use the key through Glue and in no other way, so no
// role needs to know it: readers of metadata are not readers of a key.
// Source: "Setting up encryption in AWS Glue", "kms:ViaService".
//
// Accounts that read shared tables of this catalog may use it in the same way
// (rule 5.7); there an IAM policy must allow it too, see DomainStack.
func catalogKey(s *FoundationStack, meshName string, plan *mesh.Foundation) awskms.Key {
	key := awskms.NewKey(s, jsii.String("CatalogKey"), &awskms.KeyProps{
		Alias:             jsii.String(plan.KeyAlias),
		Description:       jsii.String("Encrypts the Glue catalog of the data mesh " + meshName),
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
	key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("ThroughGlueOnly"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions:    jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
		Resources:  jsii.Strings("*"),
		Conditions: &map[string]any{"StringEquals": map[string]any{
			"kms:CallerAccount": append([]string{plan.Environment.Account}, plan.Readers...),
			"kms:ViaService":    template.ViaService("glue", plan.Environment.Region),
		}},
	}), jsii.Bool(false))
	return key
}
