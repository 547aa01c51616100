package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// FoundationStack holds what exists once per account and region: the Lake
// Formation settings and the LF-Tags of the mesh's ontology.
type FoundationStack struct {
	awscdk.Stack

	settings *governance.Settings
	ontology *governance.Ontology
}

// Settings are the Lake Formation settings of the environment.
func (s *FoundationStack) Settings() *governance.Settings { return s.settings }

// Ontology is the LF-Tags of the environment.
func (s *FoundationStack) Ontology() *governance.Ontology { return s.ontology }

func (b *builder) foundation(plan *mesh.Foundation) *FoundationStack {
	s := &FoundationStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.props(plan.StackName, plan.Environment,
		fmt.Sprintf("Foundation of the data mesh %s: Lake Formation settings and ontology", b.plan.Mesh), true))
	s.settings = governance.NewSettings(s, jsii.String("Settings"), &governance.SettingsProps{Admins: plan.Admins})
	s.ontology = governance.NewOntology(s, jsii.String("Ontology"), &governance.OntologyProps{
		Tags:     plan.Tags,
		Settings: s.settings,
	})
	b.foundations[plan.Environment] = s
	return s
}
