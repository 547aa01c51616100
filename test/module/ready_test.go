package module

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/starter"
)

// What lakemesh init writes is built in a module of its own, and synthesizes as the CDK's
// command line asks for it.
func TestReadyMeshIsAnApp(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "clinical")
	if err := starter.Write("clinical", dir); err != nil {
		t.Fatal(err)
	}
	requireCheckout(t, dir)
	run(t, dir, "go", "build", "-mod=mod", "-o", "build/app", ".")
	command := exec.Command(filepath.Join(dir, "build", "app"))
	command.Dir = dir
	command.Env = append(os.Environ(), "CDK_OUTDIR="+filepath.Join(dir, "cdk.out"), `CDK_CONTEXT_JSON={"stage":"dev"}`)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, stack := range []string{"foundation", "clinical-fhir", "clinical-images", "research-subscriptions"} {
		if _, err := os.Stat(filepath.Join(dir, "cdk.out", "hospital-dev-"+stack+".template.json")); err != nil {
			t.Error(err)
		}
	}
}
