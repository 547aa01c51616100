package policy

import (
	"testing"

	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// The jobs of a person index read what identifies people.
func TestPersonIndexHasNoFindings(t *testing.T) {
	assembly.Validate(t, "persons").Check(t)
	found := synthesize(t, "persons", t.TempDir())
	if len(found.Findings) == 0 {
		t.Fatal("cdk-nag evaluated nothing")
	}
	expect(t, found.Unacknowledged())
	expect(t, found.BadAcknowledgements())
	cfnlint.Check(t, found.TemplateFiles())
}
