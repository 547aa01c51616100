package catalog_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// TestNag lets cdk-nag judge an encrypted catalog with an optimized table:
// every finding is acknowledged with its reason.
func TestNag(t *testing.T) {
	folder := t.TempDir()
	context := flags.Recommended()
	context["@aws-cdk/core:failSynthOnValidationErrors"] = false
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: jsii.String(folder), AnalyticsReporting: jsii.Bool(false)})
	stack := awscdk.NewStack(app, jsii.String("Rich"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
	})
	rich(stack)
	packs := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(packs), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(packs), nil)
	app.Synth(nil)

	reports, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
	if err != nil || len(reports) == 0 {
		t.Fatal(reports, err)
	}
	suppressed := 0
	for _, file := range reports {
		data, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		var report struct {
			Lines []struct{ RuleID, ResourceID, Compliance string }
		}
		if err := json.Unmarshal(data, &report); err != nil {
			t.Fatal(err)
		}
		for _, line := range report.Lines {
			switch line.Compliance {
			case "Compliant":
			case "Suppressed":
				suppressed++
			default:
				t.Errorf("%s: %s: %s", line.ResourceID, line.RuleID, line.Compliance)
			}
		}
	}
	if suppressed == 0 {
		t.Error("cdk-nag found nothing to acknowledge: does it run?")
	}
}

// TestLint lets cfn-lint judge the template of every variant.
func TestLint(t *testing.T) {
	templates, err := filepath.Glob("testdata/*.template.json")
	if err != nil || len(templates) == 0 {
		t.Fatal(templates, err)
	}
	lint(t, templates)
}

func lint(t *testing.T, templates []string) {
	t.Helper()
	path, err := exec.LookPath("../../.venv/bin/cfn-lint")
	if err != nil {
		path, err = exec.LookPath("cfn-lint")
	}
	if err != nil {
		t.Fatal("cfn-lint is needed: make test installs it")
	}
	arguments := append([]string{"--regions", cdktest.Region, "--"}, templates...)
	if output, err := exec.Command(path, arguments...).CombinedOutput(); err != nil { //nolint:gosec // the repository's own linter
		t.Errorf("%v\n%s", err, output)
	}
}
