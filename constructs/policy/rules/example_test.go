package rules_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// A job checks what cdk synth wrote.
func ExampleCheck() {
	dir, _ := os.MkdirTemp("", "cdk.out")
	defer os.RemoveAll(dir)
	write := func(name, text string) { _ = os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600) }
	write("manifest.json", `{"artifacts": {"Lake": {"type": "aws:cloudformation:stack",
		"environment": "aws://111111111111/eu-west-1", "properties": {"templateFile": "Lake.template.json"}}}}`)
	write("Lake.template.json", `{"Resources": {"Raw": {"Type": "AWS::LakeFormation::Resource", "Properties": {
		"ResourceArn": "arn:aws:s3:::riverside-raw", "RoleArn": "arn:aws:iam::111111111111:role/Location",
		"UseServiceLinkedRole": false, "HybridAccessEnabled": true}}}}`)

	findings, err := rules.Check(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	// Output:
	// LakeMesh.LF43: Lake/Raw: HybridAccessEnabled: Locations are not in hybrid access mode without a reason: found true; expected false; fix: set HybridAccessEnabled: false, or the reason: HybridAccessReason, or hybridAccess of a domain
}
