package storage_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

func addAll(app awscdk.App) {
	addVariants(app)
	addDrawn(app)
}

func TestVariantsAreValidCloudFormation(t *testing.T) { assembly.Validate(t, "variants").Check(t) }

// The HIPAA and AWS Solutions packs of cdk-nag find nothing that is not
// acknowledged, no acknowledgement is needless, and cfn-lint is silent.
func TestVariantsPassTheRulePacks(t *testing.T) {
	found := assembly.Synthesize(t, addAll)
	if len(found.Findings) == 0 {
		t.Error("cdk-nag evaluated nothing")
	}
	for _, problem := range append(found.Unacknowledged(), found.BadAcknowledgements()...) {
		t.Error(problem)
	}
	cfnlint.Check(t, found.TemplateFiles(), cdktest.Region, replicaRegion)
}
