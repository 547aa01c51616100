package governance_test

import (
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// cfn-lint finds nothing in what links, products and locations render.
func TestGrantsPassTheLinter(t *testing.T) {
	stack := cdktest.Stack()
	reader := governance.PrincipalOf(analyst)
	settings := governance.NewSettings(stack, jsii.String("Settings"), nil)
	governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{
		Tags:     []ontology.Tag{{Key: "river:lab.product", Values: []string{"results"}}},
		Settings: settings,
	})
	governance.NewTagAssociation(stack, jsii.String("Tags"), &governance.TagAssociationProps{Association: lakeformation.TagAssociation{
		Resource: lakeformation.Table("lab_curated", "results"),
		Tags:     []lakeformation.Condition{{Key: "river:lab.product", Values: []string{"results"}}},
	}})
	product(stack).GrantRead(reader, nil)
	link(stack, nil).GrantRead(reader, "patients")
	governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab")}).GrantAccess(reader)

	cfnlint.CheckText(t, cdktest.Of(t, stack).JSON)
}
