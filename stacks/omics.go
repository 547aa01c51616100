package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/omics"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// OmicsStack is a domain's stores of sequences in HealthOmics. Nobody is granted them by
// the mesh: an app grants what its imports, runs and readers need.
type OmicsStack struct {
	awscdk.Stack

	references *omics.ReferenceStore
	sequences  *omics.SequenceStore
}

// ReferenceStore has the reference genomes; nil without one.
func (s *OmicsStack) ReferenceStore() *omics.ReferenceStore { return s.references }

// SequenceStore has the reads; nil without one.
func (s *OmicsStack) SequenceStore() *omics.SequenceStore { return s.sequences }

// omics makes the stack of a domain's stores. CloudFormation puts the stack's tags on
// them and a reference store can change none, so they are the ones that never change: the
// address of the domain's owner is left out (rule 7.6).
func (b *builder) omics(domain *mesh.DomainPlan) *OmicsStack {
	plan := domain.Omics
	if plan == nil {
		return nil
	}
	s := &OmicsStack{}
	b.storeStack(s, b.storeProps(plan.StackName, domain, fmt.Sprintf("Sequences of the domain %s of the data mesh %s", domain.Name, b.plan.Mesh)), domain)
	key := newLake(s, domain).Key()
	if plan.ReferenceStore != "" {
		s.references = omics.NewReferenceStore(s, jsii.String("References"), &omics.ReferenceStoreProps{Name: jsii.String(plan.ReferenceStore), Key: key})
	}
	if plan.SequenceStore != "" {
		s.sequences = omics.NewSequenceStore(s, jsii.String("Reads"), &omics.SequenceStoreProps{Name: jsii.String(plan.SequenceStore), Key: key})
	}
	return s
}
