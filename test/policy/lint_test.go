package policy

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

func TestSampleLints(t *testing.T) {
	cfnlint.Check(t, sampleMesh(t).TemplateFiles())
}

func TestLintFindsErrorsAndWarnings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "Fixture.template.json")
	content := `{
  "Parameters": {"Unused": {"Type": "String"}},
  "Resources": {"Grant": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {"Permissions": ["SELECT"]}}}
}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	expectSome(t, cfnlint.Findings(t, []string{file}), "E3003: 'Principal' is a required property", "W2001: Parameter Unused not used")
}
