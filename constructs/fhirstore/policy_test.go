package fhirstore_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/test/golden"
)

func principals(h hospital) []governance.Principal {
	return []governance.Principal{h.analyst(), governance.PrincipalOf("arn:aws:iam::111111111111:role/Steward")}
}

// variants are the stacks that snapshots, cfn-lint and cdk-nag see.
var variants = map[string]func(h hospital){
	"default": func(h hospital) { h.store() },
	"smart": func(h hospital) {
		p := h.storeProps()
		p.SmartOnFhir = &fhirstore.SmartOnFhir{IdentityProviderARN: jsii.String(idpARN), Metadata: jsii.String(metadata)}
		p.AllowSyntheticPreload = jsii.Bool(true)
		fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	},
	"configured": func(h hospital) {
		p := h.storeProps()
		p.NLP, p.Analytics, p.DefaultProfiles = jsii.Bool(true), fhirstore.AnalyticsPaused, []string{"us-core-3.1.1"}
		fhirstore.NewFhirStore(h.stack, jsii.String("Records"), p)
	},
	"workflows": func(h hospital) {
		store := h.store()
		fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: store, Principals: principals(h)})
		fhirstore.NewImport(h.stack, jsii.String("Import"), &fhirstore.ImportProps{Store: store, Landing: h.landing()})
		fhirstore.NewExport(h.stack, jsii.String("Export"), &fhirstore.ExportProps{
			Store: store, Output: fhirstore.Folder{Bucket: h.lake.Curated(), Prefix: jsii.String("fhir-exports/")}, Schedule: jsii.String("cron(15 2 * * ? *)"),
			WorkGroup: h.workGroup(), Statements: []fhirstore.Statement{{SQL: jsii.String("MERGE INTO a")}},
			Writes: []query.WrittenTable{{Table: catalog.TableFromName(h.stack, jsii.String("WrittenA"), jsii.String("riverside"), jsii.String("a")), Bucket: h.lake.Curated(), Prefix: jsii.String("a/")}},
		})
	},
}

// synthesize writes a variant with the reports of cdk-nag beside its template.
func synthesize(folder string, build func(h hospital)) {
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: &folder, AnalyticsReporting: jsii.Bool(false)})
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	stack := awscdk.NewStack(app, jsii.String("Test"), &awscdk.StackProps{
		Env:                   &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
		TerminationProtection: jsii.Bool(true),
	})
	build(newHospital(stack))
	reports := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(reports), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(reports), nil)
	app.Synth(nil)
}

// childFolder makes this test program synthesize the variants there, with the
// CDK's validation on, and end: that is decided when a process starts.
const childFolder = "LAKEMESH_FHIRSTORE_FOLDER"

func TestVariantsAreValidCloudFormation(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CDK_") }), childFolder+"="+folder)
	if printed, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		data, err := os.ReadFile(filepath.Join(folder, name, "validation-report.json")) //nolint:gosec // what the child has written
		if err != nil {
			t.Fatalf("there is no report without validation: %v", err)
		}
		var report struct {
			PluginReports []struct {
				Violations []struct{ RuleName, Severity, Description string }
			}
		}
		if err := json.Unmarshal(data, &report); err != nil {
			t.Fatal(err)
		}
		for _, plugin := range report.PluginReports {
			for _, v := range plugin.Violations {
				t.Errorf("%s: %s: %s: %s", name, v.RuleName, v.Severity, v.Description)
			}
		}
	}
}

// acknowledged are the rules that this package does not meet on purpose.
var acknowledged = []string{"AwsSolutions-IAM5", "AwsSolutions-SQS3"}

func TestVariantsHaveNoFindings(t *testing.T) {
	root := t.TempDir()
	var templates []string
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		folder := filepath.Join(root, name)
		synthesize(folder, variants[name])
		files, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
		if err != nil || len(files) != 2 {
			t.Fatalf("%v, %v", files, err)
		}
		seen := 0
		for _, file := range files {
			seen += nag(t, file)
		}
		if seen == 0 && name == "workflows" {
			t.Errorf("%s: cdk-nag evaluated nothing", name)
		}
		templates = append(templates, filepath.Join(folder, "Test.template.json"))
	}
	if findings := lint(t, templates...); findings != "" {
		t.Error(findings)
	}
}

// nag reports the findings of a report outside the lake and the workgroup, which
// have tests of their own, and says how many rules were evaluated.
func nag(t *testing.T, file string) int {
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
		if strings.HasPrefix(line.ResourceID, "Test/Lake/") || strings.HasPrefix(line.ResourceID, "Test/WorkGroup/") {
			continue
		}
		seen++
		if line.Compliance != "Compliant" && line.Compliance != "Suppressed" {
			t.Errorf("%s: %s: %s: %s", line.ResourceID, line.RuleID, line.Compliance, line.RuleInfo)
		}
		if line.Compliance == "Suppressed" && !slices.Contains(acknowledged, line.RuleID) {
			t.Errorf("%s: %s is acknowledged", line.ResourceID, line.RuleID)
		}
	}
	return seen
}

// lint gives what cfn-lint finds in templates, at the version that the repository
// pins: another one would judge differently.
func lint(t *testing.T, templates ...string) string {
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
		output, err := exec.Command(program, append([]string{"--regions", "us-east-1", "--"}, templates...)...).CombinedOutput() //nolint:gosec // the repository's own linter
		if err != nil && len(output) == 0 {
			t.Fatal(err)
		}
		return string(output)
	}
	t.Fatal("the pinned cfn-lint is needed: make test installs it")
	return ""
}

// The templates are what a reviewer has read; building twice gives the same bytes.
func TestSnapshots(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		build := func() string {
			h := newHospital(cdktest.Stack())
			variants[name](h)
			return cdktest.Of(t, h.stack).JSON + "\n"
		}
		first := build()
		golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(first))
		if build() != first {
			t.Errorf("%s: a second build differs", name)
		}
	}
}
