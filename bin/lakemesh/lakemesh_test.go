package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/test/golden"
)

// run runs the command line and returns what it prints, and its error.
func run(args ...string) (out, errs string, err error) {
	var o, e bytes.Buffer
	command := newRootCommand(&o, &e)
	command.SetArgs(args)
	err = command.Execute()
	return o.String(), e.String(), err
}

func TestValidateSample(t *testing.T) {
	out, errs, err := run("validate", "--today", "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	if want := "ok: mesh riverside: 2 stages, 6 domains, 14 products, 25 tables,"; !strings.HasPrefix(out, want) {
		t.Errorf("got %q; expected %q …", out, want)
	}
	if want := "\nnote: fhirStore of clinical costs about 0.27 USD an hour"; !strings.Contains(out, want) {
		t.Errorf("got %q; expected what the FHIR store costs", out)
	}
	for line := range strings.Lines(errs) {
		if strings.HasPrefix(line, "warning: ") && !strings.Contains(line, "what something runs or keeps") {
			t.Errorf("a warning about the sample: %s", line)
		}
	}
}

// Warnings go to the error stream and do not fail.
func TestValidateWarnings(t *testing.T) {
	out, errs, err := run("validate", "--mesh", "testdata/warned/mesh.yaml", "--today", "2030-06-01")
	if err != nil || !strings.HasPrefix(out, "ok: mesh river:") {
		t.Fatalf("got %q, %v; expected success", out, err)
	}
	golden.Check(t, filepath.Join("testdata", "warned.golden"), []byte(errs))
}

func TestValidateExpired(t *testing.T) {
	_, _, err := run("validate", "--today", "2027-07-01")
	if err == nil || !strings.Contains(err.Error(), "expires") {
		t.Errorf("got %v; expected the subscriptions that ended on 2027-06-30", err)
	}
	if _, _, err := run("validate", "--today", "tomorrow"); err == nil || !strings.Contains(err.Error(), `"tomorrow"`) {
		t.Errorf("got %v; expected a message about the day", err)
	}
}

func TestValidateTenMistakes(t *testing.T) {
	bad := golden.Cases(t, "../../stacks/mesh/testdata/bad")
	ten := slices.IndexFunc(bad, func(c golden.Case) bool { return c.Name == "ten-mistakes" })
	_, _, err := run("validate", "--mesh", filepath.Join(bad[ten].Folder(t), "mesh.yaml"))
	if err == nil {
		t.Fatal("expected problems")
	}
	places := regexp.MustCompile(`(?m)^\S+\.yaml:\d+:\d+: \S+: got .*; expected .*; fix: `).FindAllString(err.Error(), -1)
	if len(places) != 10 || !strings.HasSuffix(err.Error(), "mesh.yaml: 10 problems") {
		t.Errorf("got %d problems with places; expected 10 and their count:\n%v", len(places), err)
	}
}

const templates = "../../stacks/access/assembly/testdata/riverside"

func TestAccessWhy(t *testing.T) {
	out, _, err := run("access", "--assembly", templates, "--why", "CardiologyAnalyst", "patients.birth_year")
	if err != nil || !strings.Contains(out, "\nYes, in the rows where study_id = 'NCT0456'.\n") {
		t.Errorf("got %q, %v; expected yes", out, err)
	}
	out, _, err = run("access", "--assembly", templates, "--why", "CardiologyAnalyst", "patients.mrn", "--format", "json")
	if err != nil || !json.Valid([]byte(out)) || !strings.Contains(out, `"sees": false`) {
		t.Errorf("got %q, %v; expected no, as JSON", out, err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"CardiologyAnalyst"}, "expected two, PRINCIPAL and TABLE or TABLE.COLUMN"},
		{[]string{"Cardiology", "patients"}, "expected one of"},
		{[]string{"CardiologyAnalyst", "patients", "--format", "csv"}, "json, table"},
		{[]string{"CardiologyAnalyst", "patients", "--bypasses"}, "none of the others can be"},
		{[]string{"CardiologyAnalyst", "patients", "--product", "patients"}, "none of the others can be"},
	} {
		if _, _, err := run(append([]string{"access", "--assembly", templates, "--why"}, c.args...)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v; expected %q", c.args, err, c.want)
		}
	}
}

func TestAccessFormats(t *testing.T) {
	table, _, err := run("access", "--assembly", templates)
	if err != nil || !strings.Contains(table, "Principal") {
		t.Errorf("table: %v\n%s", err, table)
	}
	text, _, err := run("access", "--assembly", templates, "--format", "json")
	if err != nil || !json.Valid([]byte(text)) {
		t.Errorf("json: %v\n%s", err, text)
	}
	text, _, err = run("access", "--assembly", templates, "--format", "csv")
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(rows) < 2 {
		t.Errorf("csv: %v\n%s", err, text)
	}
	text, _, err = run("access", "--assembly", templates, "--format", "markdown")
	if err != nil || !strings.Contains(text, "| --- |") && !strings.Contains(text, "|---|") {
		t.Errorf("markdown: %v\n%s", err, text)
	}
}

func TestAccessWaysAround(t *testing.T) {
	for flag, want := range map[string]string{"--bypasses": "principal,account,region,location,", "--can-grant": "principal,account,region,domain,"} {
		text, _, err := run("access", "--assembly", templates, flag, "--format", "csv")
		if err != nil || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %v\n%s", flag, err, text)
		}
		if _, _, err := run("access", flag, "--format", "xml"); err == nil || !strings.Contains(err.Error(), "csv, json, markdown, table") {
			t.Errorf("%s: got %v; expected the formats", flag, err)
		}
	}
	if _, _, err := run("access", "--bypasses", "--can-grant"); err == nil {
		t.Error("two lists at once have no one CSV")
	}
}

// Any template is read, with what it leaves open on the command line.
func TestAccessOfATemplate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lake.yaml")
	if err := os.WriteFile(file, []byte(`
Parameters: {Who: {Type: String}}
Resources:
  Db: {Type: AWS::Glue::Database, Properties: {CatalogId: !Ref AWS::AccountId, DatabaseInput: {Name: lab}}}
  Grant:
    Type: AWS::LakeFormation::PrincipalPermissions
    Properties:
      Principal: {DataLakePrincipalIdentifier: !Sub "arn:aws:iam::${AWS::AccountId}:role/${Who}"}
      Resource: {Database: {CatalogId: !Ref AWS::AccountId, Name: !Ref Db}}
      Permissions: [DESCRIBE]
`), 0o600); err != nil {
		t.Fatal(err)
	}
	text, _, err := run("access", "-a", file, "--account", "111111111111", "--region", "eu-west-1", "--parameter", "Who=a,b=c", "--format", "csv")
	if want := "arn:aws:iam::111111111111:role/a,b=c"; err != nil || !strings.Contains(text, want) || !strings.Contains(text, "eu-west-1") {
		t.Errorf("%v\n%s\nexpected %s", err, text, want)
	}
	for parameter, want := range map[string]string{"Who": "expected Name=Value", "Whom=x": "no template has the parameters [Whom]; they have [Who]"} {
		if _, _, err := run("access", "-a", file, "--parameter", parameter); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; expected %s", err, want)
		}
	}
}

func TestAccessErrors(t *testing.T) {
	if _, _, err := run("access", "--format", "xml"); err == nil || !strings.Contains(err.Error(), "csv, json, markdown, table") {
		t.Errorf("got %v; expected the formats", err)
	}
	if _, _, err := run("access", "--assembly", filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "run cdk synth first") {
		t.Errorf("got %v; expected what to do first", err)
	}
	_, _, err := run("access", "--assembly", templates, "--table", "patient", "--sensitivity", "PHI")
	if err == nil || !strings.Contains(err.Error(), "did you mean patients?") || !strings.Contains(err.Error(), "did you mean phi?") {
		t.Errorf("got %v; expected both flags to be refused", err)
	}
}

func TestLineage(t *testing.T) {
	for _, c := range []struct {
		want string
		args []string
	}{
		{"\n └ clinical.fhir.patient (2 columns): made every day at 01:15 UTC by riverside-clinical-fhir-refresh-us-east-1\n    └ clinical.fhirStore.patient", nil},
		{"\nColumns of clinical.patient_deid.patient_deid:\n", []string{"clinical.patient_deid"}},
		{"flowchart LR\n", []string{"patient_deid", "--format", "mermaid", "--stage", "prod"}},
		{`"table": "patient_deid"`, []string{"clinical.patient_deid.patient_deid", "-f", "json"}},
	} {
		out, _, err := run(append([]string{"lineage"}, c.args...)...)
		if err != nil || !strings.Contains(out, c.want) {
			t.Errorf("lineage %v: %v\n%s", c.args, err, out)
		}
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"fix: did you mean clinical.patient_deid?", []string{"clinical.patient_did"}},
		{"expected one of json, mermaid, text", []string{"--format", "dot"}},
		{`did you mean "prod"?`, []string{"--stage", "prd"}},
	} {
		if _, _, err := run(append([]string{"lineage"}, c.args...)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("lineage %v: %v", c.args, err)
		}
	}
}

func TestSynthReportsProblemsWithoutAStackTrace(t *testing.T) {
	t.Setenv(outdirVariable, t.TempDir())
	file := filepath.Join(t.TempDir(), "mesh.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: lakemesh/v1\nname: X\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := run("synth", "--mesh", file)
	if err == nil || strings.Contains(err.Error(), "goroutine") || !strings.Contains(err.Error(), "mesh.yaml:2:7: name: got") {
		t.Errorf("got %v; expected the problems of the file", err)
	}
}

func TestInit(t *testing.T) {
	out, _, err := run("init")
	if err != nil || !strings.Contains(out, "\nmember360   Clinical, claims and pharmacy") {
		t.Errorf("got %q, %v; expected the ready meshes", out, err)
	}
	dir := filepath.Join(t.TempDir(), "own")
	if _, _, err := run("init", dir); err == nil || !strings.Contains(err.Error(), "--from: got nothing") {
		t.Errorf("got %v; expected to be asked for a mesh", err)
	}
	if out, _, err := run("init", "--from", "clinical", dir); err != nil || out != "ok: clinical is in "+dir+"; its README.md says what to do next\n" {
		t.Fatalf("got %q, %v", out, err)
	}
	if out, _, err := run("validate", "--mesh", filepath.Join(dir, "mesh.yaml"), "--today", "2026-11-28"); err != nil || !strings.HasPrefix(out, "ok: mesh hospital: 2 stages") {
		t.Errorf("got %q, %v", out, err)
	}
	t.Chdir(t.TempDir())
	if _, _, err := run("init", "--from", "clinical"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("mesh.yaml"); err != nil {
		t.Error(err)
	}
}

func TestOpenData(t *testing.T) {
	out, _, err := run("opendata")
	if err != nil || !strings.Contains(out, "\nclinvar                 withdrawn  1       us-east-1  ClinVar variant summary\n") {
		t.Errorf("got %q, %v; expected the data sets", out, err)
	}
	out, _, err = run("opendata", "clinvar")
	if err != nil || !strings.Contains(out, "dataProduct: clinvar\n") {
		t.Errorf("got %q, %v; expected the contract", out, err)
	}
	if _, _, err := run("opendata", "clinvr"); err == nil || !strings.HasSuffix(err.Error(), "fix: did you mean clinvar?") {
		t.Errorf("got %v", err)
	}
	if _, _, err := run("opendata", "tcga"); err == nil || !strings.HasPrefix(err.Error(), "tcga has no contract; ") {
		t.Errorf("got %v", err)
	}
}

// The policy is printed alone, so that it can be piped, and how to use it beside it.
func TestPrintPolicy(t *testing.T) {
	t.Setenv("AWS_REGION", "cn-north-1")
	for _, args := range [][]string{
		{"drift", "--assembly", templates, "--role", "team/Auditor", "--print-policy"},
		{"access", "--account", "222222222222", "--account", "333333333333", "--role", "team/Auditor", "--print-policy"},
	} {
		out, errs, err := run(args...)
		if err != nil {
			t.Fatal(err)
		}
		var policy live.Policy
		if err := json.Unmarshal([]byte(out), &policy); err != nil || len(policy.Statement) != 2 {
			t.Errorf("%v: %s", err, out)
		}
		partition := map[string]string{"drift": "aws", "access": "aws-cn"}[args[0]]
		for _, want := range []string{"read-only administrator", `"arn:` + partition + `:iam::222222222222:role/team/Auditor"`, `"arn:` + partition + `:iam::333333333333:role/team/Auditor"`} {
			if !strings.Contains(errs, want) {
				t.Errorf("%s does not say %s: %s", args[0], want, errs)
			}
		}
	}
}

func TestAccountsAreChecked(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	for name, variable := range map[string]string{"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_EC2_METADATA_DISABLED": "true"} {
		t.Setenv(name, variable)
	}
	for want, args := range map[string][]string{
		`--account: got "999999999999"; expected one that the templates are deployed to: `: {"drift", "-a", templates, "--account", "999999999999"},
		`--region: got "eu-west-1"; expected one that the templates are deployed to: `:     {"access", "--live", "-a", templates, "--region", "eu-west-1"},
		"got no region; expected one; fix: --region":                                       {"access", "--live"},
		"--role: the templates are read without a role; expected --live":                   {"access", "-a", templates, "--role", "Auditor"},
		"--account and --region: got several; expected one of each for templates":          {"access", "-a", templates, "--account", "1", "--account", "2"},
		`--account: got "12"; expected the 12 digits`:                                      {"access", "-a", templates, "--account", "12"},
		`--account: got "13"; expected the 12 digits`:                                      {"diff", templates, templates, "--account", "13"},
		`--account: got "14"; expected the 12 digits`:                                      {"report", "-a", templates, "--account", "14"},
		`--format: got "xml"`: {"drift", "-a", templates, "-f", "xml"},
		`"tomorrow"`:          {"drift", "-a", templates, "--today", "tomorrow"},
		"run cdk synth first": {"drift", "-a", "nowhere"},
		`--others: got "[x"`:  {"drift", "-a", templates, "--others", "[x"},
	} {
		if _, _, err := run(args...); err == nil || !strings.Contains(err.Error(), want) || exitCode(err) != 1 {
			t.Errorf("%v: got %v", args, err)
		}
	}
	if exitCode(failOn("drift")) != 2 || exitCode(errors.Join(failOn("drift"))) != 2 {
		t.Error("exit codes")
	}
}
