package module

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// remembering is a program that has the CDK's validator remember a template, in the
// folder that its first argument names.
const remembering = `package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/policy"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("cdk.out"), AnalyticsReporting: jsii.Bool(false)})
	policy.RememberValid(app, os.Args[1])
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)
	awscdk.NewCfnResource(stack, jsii.String("Topic"), &awscdk.CfnResourceProps{Type: jsii.String("AWS::SNS::Topic")})
	app.Synth(nil)
}
`

// A program as go build makes it knows which release of the CDK it has: its second run
// does not validate a template again, and the same program with another release does.
func TestBuiltProgramsRememberWhatIsValid(t *testing.T) {
	oldest, newest := supported(t)
	remembered := t.TempDir()
	templates := map[string]string{}
	files := map[string]bool{} // what is remembered
	for _, version := range []string{newest, oldest} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "main.go"), remembering)
		useCheckout(t, dir)
		if version == oldest {
			appendTo(t, filepath.Join(dir, "go.mod"), named(t, "go.mod"))
		}
		run(t, dir, "go", "build", "-mod=mod", "-o", "lab", ".")
		synthesize := func() {
			t.Helper()
			command := exec.Command("./lab", remembered)
			command.Dir = dir
			command.Env = append(os.Environ(), "CDK_VALIDATION=", "CDK_OUTDIR=")
			if out, err := command.CombinedOutput(); err != nil {
				t.Fatalf("with %s: %v\n%s", version, err, out)
			}
		}
		synthesize()
		var added []string
		for _, file := range glob(t, filepath.Join(remembered, "*", "*")) {
			if !files[file] {
				added = append(added, file)
				files[file] = true
			}
		}
		if len(added) != 1 {
			t.Fatalf("with %s the first run remembers %q, expected one template", version, added)
		}
		before := time.Now().Add(-time.Hour).Truncate(time.Second)
		if err := os.Chtimes(added[0], before, before); err != nil {
			t.Fatal(err)
		}
		synthesize()
		after, err := os.Stat(added[0])
		if err != nil {
			t.Fatal(err)
		}
		if !after.ModTime().Equal(before) {
			t.Errorf("with %s the second run validated the template again", version)
		}
		templates[version] = read(t, filepath.Join(dir, "cdk.out", "Lab.template.json"))
	}
	if templates[oldest] != templates[newest] {
		t.Errorf("the releases make other templates, so this says nothing about them:\n%s\n%s", templates[oldest], templates[newest])
	}
}

// glob are the files that a pattern names.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
