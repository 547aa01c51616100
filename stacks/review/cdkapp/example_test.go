package cdkapp_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lakemesh/lakemesh/stacks/review/cdkapp"
)

// An app is any command that writes templates into the folder CDK_OUTDIR.
func ExampleSynth() {
	folder, err := os.MkdirTemp("", "app")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	text := `{"app": "mkdir -p $CDK_OUTDIR && echo '{}' > $CDK_OUTDIR/manifest.json"}`
	if err := os.WriteFile(filepath.Join(folder, "cdk.json"), []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	output := filepath.Join(folder, "out")
	if err := cdkapp.Synth(context.Background(), cdkapp.App{Folder: folder}, output); err != nil {
		fmt.Println(err)
		return
	}
	manifest, err := os.ReadFile(filepath.Join(output, "manifest.json")) //nolint:gosec // what was just made
	fmt.Print(string(manifest), err)
	// Output:
	// {}
	// <nil>
}
