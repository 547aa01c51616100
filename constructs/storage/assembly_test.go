package storage_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// childFolder makes this test program synthesize the variants there, with the
// CDK's validation on, and end: that is decided when a process starts.
const childFolder = "LAKEMESH_STORAGE_FOLDER"

func synthesizeAsChild(folder string) (status int) {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			status = 1
		}
	}()
	app := variantsApp(folder)
	addVariants(app)
	addDrawn(app)
	app.Synth(nil)
	return 0
}

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
	var report struct {
		PluginReports []struct {
			Violations []struct{ RuleName, Severity, Description string }
		}
	}
	readJSON(t, filepath.Join(folder, "validation-report.json"), &report) // there is none without validation
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			t.Errorf("%s: %s: %s", v.RuleName, v.Severity, v.Description)
		}
	}
}

// The HIPAA and AWS Solutions packs of cdk-nag find nothing that is not
// acknowledged, no acknowledgement is needless, and cfn-lint is silent.
func TestVariantsPassTheRulePacks(t *testing.T) {
	folder := t.TempDir()
	app := variantsApp(folder)
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	addVariants(app)
	addDrawn(app)
	props := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(props), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(props), nil)
	app.Synth(nil)

	checkNag(t, folder)
	checkLint(t, folder)
}

func checkNag(t *testing.T, folder string) {
	t.Helper()
	evaluated := 0
	suppressed := map[string]bool{}
	for _, file := range files(t, folder, "*-NagReport.json") {
		var report struct {
			Lines []struct{ RuleID, ResourceID, Compliance, RuleInfo string }
		}
		readJSON(t, file, &report)
		for _, line := range report.Lines {
			evaluated++
			switch line.Compliance {
			case "Compliant":
			case "Suppressed":
				suppressed[line.ResourceID+" "+line.RuleID] = true
			default:
				t.Errorf("%s: %s: %s: %s", line.ResourceID, line.RuleID, line.Compliance, line.RuleInfo)
			}
		}
	}
	if evaluated == 0 {
		t.Error("cdk-nag evaluated nothing")
	}
	for _, file := range files(t, folder, "*.template.json") {
		var template struct {
			Resources map[string]struct {
				Metadata struct {
					Nag struct {
						Rules []struct{ ID, Reason string } `json:"rules_to_suppress"`
					} `json:"cdk_nag"`
				}
			}
		}
		readJSON(t, file, &template)
		paths := readPaths(t, file)
		for id, r := range template.Resources {
			for _, rule := range r.Metadata.Nag.Rules {
				if !suppressed[paths[id]+" "+rule.ID] {
					t.Errorf("%s: %s: %s is acknowledged, but there is no such finding", filepath.Base(file), id, rule.ID)
				}
			}
		}
	}
}

// readPaths reads where in the tree of constructs a template's resources are.
func readPaths(t *testing.T, templateFile string) map[string]string {
	t.Helper()
	var metadata map[string][]struct {
		Type string
		Data any
	}
	readJSON(t, strings.TrimSuffix(templateFile, ".template.json")+".metadata.json", &metadata)
	out := map[string]string{}
	for path, entries := range metadata {
		for _, entry := range entries {
			if id, isText := entry.Data.(string); isText && entry.Type == "aws:cdk:logicalId" {
				out[id] = strings.TrimPrefix(path, "/")
			}
		}
	}
	return out
}

func checkLint(t *testing.T, folder string) {
	t.Helper()
	lint, err := exec.LookPath("../../.venv/bin/cfn-lint")
	if err != nil {
		lint, err = exec.LookPath("cfn-lint")
	}
	if err != nil {
		t.Fatal("cfn-lint is needed: make test installs it")
	}
	args := append([]string{"--regions", "us-east-1", "us-west-2", "--format", "json", "--non-zero-exit-code", "none", "--"}, files(t, folder, "*.template.json")...)
	command := exec.CommandContext(t.Context(), lint, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("cfn-lint: %v\n%s", err, stderr.String())
	}
	var matches []struct {
		Filename string
		Message  string
		Rule     struct{ ID string }
		Location struct{ Path []any }
	}
	if err := json.Unmarshal(output, &matches); err != nil {
		t.Fatal(errors.Join(err, errors.New(string(output))))
	}
	for _, m := range matches {
		t.Errorf("%s: %v: %s: %s", filepath.Base(m.Filename), m.Location.Path, m.Rule.ID, m.Message)
	}
}

func files(t *testing.T, folder, pattern string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(out) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return out
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
