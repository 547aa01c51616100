package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
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
	if plan.FullTableAccess {
		settings.AllowFullTableAccess = jsii.Bool(true)
	}
	s.settings = governance.NewSettings(s, jsii.String("Settings"), settings)
	s.addAccessRoles(plan)
	s.addEndingRole(plan)
	s.ontology = governance.NewOntology(s, jsii.String("Ontology"), &governance.OntologyProps{
		Tags:     plan.Tags,
		Settings: s.settings,
	})
	s.encryption = catalog.NewEncryption(s, jsii.String("CatalogEncryption"), &catalog.EncryptionProps{
		Key: catalog.NewEncryptionKey(s, jsii.String("CatalogKey"), &catalog.EncryptionKeyProps{
			Alias:          jsii.String(plan.KeyAlias),
			Description:    jsii.String("Encrypts the Glue catalog of the data mesh " + b.plan.Mesh),
			ReaderAccounts: plan.Readers,
		}),
	})
	s.addDashboard(b.plan, plan)
	b.foundations[plan.Environment] = s
	return s
}

// addAccessRoles makes the roles of the workflows that open FHIR stores, before the
// settings that name them as administrators. The stack of a store says what its role
// may call; without it the role may do nothing in IAM.
func (s *FoundationStack) addAccessRoles(plan *mesh.Foundation) {
	for _, name := range plan.AccessRoles {
		role := fhirstore.NewQueryAccessRole(s, jsii.String("AccessRole-"+name), jsii.String(name))
		s.settings.Cfn().AddResourceDependency(resourceOf(role), nil)
	}
}

// addEndingRole makes the role of the workflows that end access, before the settings too.
func (s *FoundationStack) addEndingRole(plan *mesh.Foundation) {
	if plan.EndingRole != "" {
		role := ending.NewRole(s, jsii.String("EndingRole"), jsii.String(plan.EndingRole))
		s.settings.Cfn().AddResourceDependency(resourceOf(role), nil)
	}
}
