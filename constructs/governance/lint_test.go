package governance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// cfn-lint finds nothing in what links, products and locations render.
func TestGrantsPassTheLinter(t *testing.T) {
	stack := cdktest.Stack()
	reader := governance.PrincipalOf(analyst)
	settings := governance.NewSettings(stack, jsii.String("Settings"), nil)
	governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{
		Tags:     []ontology.Tag{{Key: "river:product", Values: []string{"results"}}},
		Settings: settings,
	})
	governance.NewTagAssociation(stack, jsii.String("Tags"), &governance.TagAssociationProps{Association: lakeformation.TagAssociation{
		Resource: lakeformation.Table("lab_curated", "results"),
		Tags:     []lakeformation.Condition{{Key: "river:product", Values: []string{"results"}}},
	}})
	product(stack).GrantRead(reader, nil)
	link(stack, nil).GrantRead(reader, "patients")
	governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab")}).GrantAccess(reader)

	file := filepath.Join(t.TempDir(), "grants.template.json")
	if err := os.WriteFile(file, []byte(cdktest.Of(t, stack).JSON), 0o600); err != nil {
		t.Fatal(err)
	}
	linter, err := exec.LookPath("../../.venv/bin/cfn-lint")
	if err != nil {
		linter, err = exec.LookPath("cfn-lint")
	}
	if err != nil {
		t.Fatal("cfn-lint is needed: make test installs it")
	}
	if output, err := exec.Command(linter, "--regions", cdktest.Region, "--", file).CombinedOutput(); err != nil { //nolint:gosec // the repository's own linter
		t.Errorf("%v\n%s", err, output)
	}
}
