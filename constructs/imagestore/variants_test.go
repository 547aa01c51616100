package imagestore_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/golden"
)

// variants are the apps that snapshots, cfn-lint and cdk-nag see; what is made
// under Subject is judged.
var variants = map[string]func(lab){
	"store": func(l lab) {
		imagestore.NewImageStore(l.stack, jsii.String("Subject"), &imagestore.ImageStoreProps{
			DatastoreName: jsii.String("riverside-imaging"), Key: l.key, Tags: map[string]string{"domain": "imaging", "cost-centre": "radiology"},
		})
	},
	"import":   func(l lab) { imagestore.NewImport(l.stack, jsii.String("Subject"), l.imports()) },
	"metadata": func(l lab) { imagestore.NewMetadata(l.stack, jsii.String("Subject"), l.metadata()) },
}

func TestSnapshots(t *testing.T) {
	for name, add := range variants {
		t.Run(name, func(t *testing.T) {
			l := newLab(cdktest.Stack())
			add(l)
			golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(cdktest.Of(t, l.stack).JSON+"\n"))
		})
	}
}

// acknowledged are the only rules that may have a reason beside them.
var acknowledged = map[string]bool{
	"AwsSolutions-IAM5": true, "AwsSolutions-SQS3": true, "HIPAA.Security-LambdaConcurrency": true, "HIPAA.Security-LambdaDLQ": true, "HIPAA.Security-LambdaInsideVPC": true,
}

func TestVariantsHaveNoFindings(t *testing.T) {
	root := t.TempDir()
	var templates []string
	for name, add := range variants {
		folder := filepath.Join(root, name)
		synthesize(folder, add)
		files, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
		if err != nil || len(files) != 2 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, file := range files {
			judge(t, name, file)
		}
		templates = append(templates, filepath.Join(folder, "Test.template.json"))
	}
	lint(t, templates)
}

func synthesize(folder string, add func(lab)) {
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: &folder, AnalyticsReporting: jsii.Bool(false)})
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	add(newLab(awscdk.NewStack(app, jsii.String("Test"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
	})))
	reports := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(reports), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(reports), nil)
	app.Synth(nil)
}

func judge(t *testing.T, variant, file string) {
	t.Helper()
	data, err := os.ReadFile(file) //nolint:gosec // a file this test has just written
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Lines []struct{ RuleID, ResourceID, Compliance, RuleInfo string }
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range report.Lines {
		if !strings.HasPrefix(line.ResourceID, "Test/Subject/") {
			continue
		}
		seen++
		if line.Compliance != "Compliant" && (line.Compliance != "Suppressed" || !acknowledged[line.RuleID]) {
			t.Errorf("%s: %s: %s: %s", line.ResourceID, line.RuleID, line.Compliance, line.RuleInfo)
		}
	}
	if seen == 0 && variant != "store" { // no rule of the packs knows HealthImaging
		t.Errorf("%s: cdk-nag evaluated nothing", variant)
	}
}

func lint(t *testing.T, templates []string) {
	t.Helper()
	for _, program := range []string{"../../.venv/bin/cfn-lint", "cfn-lint"} {
		if path, err := exec.LookPath(program); err == nil {
			if output, err := exec.CommandContext(t.Context(), path, append([]string{"--regions", "us-east-1", "--"}, templates...)...).CombinedOutput(); err != nil { //nolint:gosec // the repository's own linter
				t.Errorf("%v\n%s", err, output)
			}
			return
		}
	}
	t.Fatal("cfn-lint is needed: make test installs it")
}
