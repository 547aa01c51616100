package policy

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

func TestSampleIsValidCloudFormation(t *testing.T) {
	got := assembly.Validate(t, "sample")
	got.Check(t)
	if strings.Contains(got.Printed, "is deprecated") {
		t.Errorf("every synthesis warns of what the CDK will drop:\n%s", got.Printed)
	}
}

func TestValidatorStopsAnInvalidGrant(t *testing.T) {
	got := assembly.Validate(t, "invalid")
	if got.Status == 0 {
		t.Errorf("an invalid template was synthesized:\n%s", got.Printed)
	}
	expectSome(t, got.Violations, "F3003: error: ")
}

func TestValidatorReportsWarnings(t *testing.T) {
	got := assembly.Validate(t, "warned")
	if got.Status != 0 {
		t.Errorf("exit status %d:\n%s", got.Status, got.Printed)
	}
	expectSome(t, got.Violations, "W2001: warning: ")
}
