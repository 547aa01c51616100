package template_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func ExampleReadAssembly() {
	dir, _ := os.MkdirTemp("", "assembly")
	defer os.RemoveAll(dir)
	write := func(name, text string) { _ = os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600) }
	write("manifest.json", `{"artifacts": {"Lake": {"type": "aws:cloudformation:stack",
		"environment": "aws://111111111111/eu-west-1", "properties": {"templateFile": "Lake.template.json"}}}}`)
	write("Lake.template.json", `{"Resources": {
		"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "reader-${AWS::Region}"}}},
		"Other": {"Type": "AWS::IAM::Role", "Properties": {}}}}`)

	stacks, err := template.ReadAssembly(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	resolver := template.NewResolver(stacks[0])
	for _, id := range []string{"Role", "Other"} {
		fmt.Println(resolver.Value(map[string]any{"Fn::GetAtt": []any{id, "Arn"}}, "Lake"))
	}
	// Output:
	// arn:aws:iam::111111111111:role/reader-eu-west-1
	// ${Lake.Other.Arn}
}
