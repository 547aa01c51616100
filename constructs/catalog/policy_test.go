package catalog_test

import (
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// TestNag lets cdk-nag read an encrypted catalog with an optimized table: every
// finding is acknowledged with its reason.
func TestNag(t *testing.T) {
	found := assembly.Synthesize(t, func(app awscdk.App) { rich(assembly.NewStack(app, "Rich", cdktest.Region)) })
	found.Check(t, "AwsSolutions-IAM5")
}

// TestLint lets cfn-lint read the template of every variant.
func TestLint(t *testing.T) {
	templates, err := filepath.Glob("testdata/*.template.json")
	if err != nil {
		t.Fatal(err)
	}
	cfnlint.Check(t, templates)
}
