package crawler_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// synthesize writes a variant with the reports of cdk-nag beside its template.
func synthesize(folder string, props func(lake) *crawler.CrawlerProps) {
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: &folder, AnalyticsReporting: jsii.Bool(false)})
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	stack := awscdk.NewStack(app, jsii.String("Test"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
	})
	l := newLake(stack)
	crawler.NewCrawler(stack, jsii.String("Claims"), props(l))
	reports := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(reports), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(reports), nil)
	app.Synth(nil)
}

// drawnVariants are how many crawlers with props drawn at random go through
// cfn-lint and cdk-nag beside the variants.
const drawnVariants = 6

// withDrawn adds random valid props to the variants. The seeds are fixed: a
// finding stays where it was found.
func withDrawn() map[string]func(lake) *crawler.CrawlerProps {
	out := maps.Clone(variants)
	for seed, added := 0, 0; added < drawnVariants; seed++ {
		draw := func(l lake) *crawler.CrawlerProps {
			return rapid.Custom(func(r *rapid.T) *crawler.CrawlerProps { return drawn(r, l) }).Example(seed)
		}
		trial := newLake(cdktest.Stack())
		if attempt(func() { crawler.NewCrawler(trial.stack, jsii.String("Claims"), draw(trial)) }) == "" {
			out[fmt.Sprintf("drawn-%d", seed)] = draw
			added++
		}
	}
	return out
}

// The findings of the plain bucket that stands for a lake are not the crawler's.
func TestVariantsHaveNoFindings(t *testing.T) {
	root := t.TempDir()
	var templates []string
	for name, props := range withDrawn() {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(root, name)
			synthesize(folder, props)
			files, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
			if err != nil || len(files) != 2 {
				t.Fatalf("%v, %v", files, err)
			}
			seen := 0
			for _, file := range files {
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
				for _, line := range report.Lines {
					if !strings.HasPrefix(line.ResourceID, "Test/Claims/") {
						continue
					}
					seen++
					if line.Compliance != "Compliant" && line.Compliance != "Suppressed" {
						t.Errorf("%s: %s: %s: %s", line.ResourceID, line.RuleID, line.Compliance, line.RuleInfo)
					}
					if line.Compliance == "Suppressed" && line.RuleID != "AwsSolutions-IAM5" {
						t.Errorf("%s: %s is acknowledged", line.ResourceID, line.RuleID)
					}
				}
			}
			if seen == 0 {
				t.Error("cdk-nag evaluated nothing")
			}
			templates = append(templates, filepath.Join(folder, "Test.template.json"))
		})
	}
	lint(t, templates)
}

// lint runs cfn-lint over templates, at the version that the repository pins:
// another one would judge differently.
func lint(t *testing.T, templates []string) {
	t.Helper()
	requirements, err := os.ReadFile("../../requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"../../.venv/bin/cfn-lint", "cfn-lint"} {
		version, err := exec.Command(program, "--version").Output() //nolint:gosec // one of the two names above
		if err != nil || !strings.Contains(string(requirements), "cfn-lint=="+strings.TrimSpace(strings.TrimPrefix(string(version), "cfn-lint"))+"\n") {
			continue
		}
		if output, err := exec.Command(program, append([]string{"--regions", "us-east-1", "--"}, templates...)...).CombinedOutput(); err != nil { //nolint:gosec // the repository's own linter
			t.Errorf("%v\n%s", err, output)
		}
		return
	}
	t.Fatal("the pinned cfn-lint is needed: make test installs it")
}
