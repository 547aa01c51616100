package policy

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// assembly is a synthesized app with what cdk-nag found in it.
type assembly struct {
	folder    string
	templates []template // sorted by file
	findings  []finding
}

type template struct {
	File      string
	Size      int
	Metadata  map[string]any
	Resources map[string]resource // by logical id
	paths     map[string]string   // of the constructs, by logical id
}

type resource struct {
	Type     string
	Metadata struct {
		Nag struct {
			Rules []acknowledgement `json:"rules_to_suppress"`
		} `json:"cdk_nag"`
	}
}

// ids are the logical ids of a template's resources, sorted.
func (t template) ids() []string { return slices.Sorted(maps.Keys(t.Resources)) }

// The apps that the tests synthesize: the sample mesh must have no findings, the
// fixtures must have some.
var apps = map[string]func(awscdk.App) error{
	"sample":  addSample,
	"invalid": addInvalidGrant,
	"warned":  addUnusedParameter,
	"open":    addOpenBuckets,
}

// addSample adds every stage of the sample mesh: one account, and three.
func addSample(app awscdk.App) error {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		return err
	}
	for _, stage := range definition.StageNames() {
		plan, err := definition.Plan(stage)
		if err != nil {
			return err
		}
		stacks.Build(app, plan)
	}
	return nil
}

func fixtureStack(app awscdk.App) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String("Fixture"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-east-1")},
	})
}

// addInvalidGrant leaves out what the resource type requires.
func addInvalidGrant(app awscdk.App) error {
	awscdk.NewCfnResource(fixtureStack(app), jsii.String("Grant"), &awscdk.CfnResourceProps{
		Type:       awslakeformation.CfnPrincipalPermissions_CFN_RESOURCE_TYPE_NAME(),
		Properties: &map[string]any{"Permissions": []any{"SELECT"}},
	})
	return nil
}

// addUnusedParameter has what deploys, but should not be there.
func addUnusedParameter(app awscdk.App) error {
	stack := fixtureStack(app)
	awscdk.NewCfnParameter(stack, jsii.String("Unused"), nil)
	awss3.NewCfnBucket(stack, jsii.String("Bucket"), nil)
	return nil
}

// addOpenBuckets has a bucket that is open, one that is acknowledged without a
// proper reason, and one acknowledgement that nothing needs.
func addOpenBuckets(app awscdk.App) error {
	stack := fixtureStack(app)
	awss3.NewCfnBucket(stack, jsii.String("Open"), nil)
	acknowledge := func(id, rule, reason string) {
		awss3.NewCfnBucket(stack, jsii.String(id), nil).AddMetadata(jsii.String("cdk_nag"), map[string]any{
			"rules_to_suppress": []any{map[string]any{"id": rule, "reason": reason}},
		})
	}
	acknowledge("Excused", "HIPAA.Security-S3BucketReplicationEnabled", "we need it so")
	acknowledge("Needless", "AwsSolutions-IAM5", "No policy stands here, so that nothing can be acknowledged.")
	return nil
}

var shared struct {
	folder   string
	assembly *assembly
}

// sampleMesh is the sample mesh, synthesized the first time it is asked for.
func sampleMesh(t *testing.T) *assembly {
	t.Helper()
	if shared.assembly == nil {
		shared.assembly = synthesize(t, "sample", shared.folder)
	}
	return shared.assembly
}

func synthesize(t *testing.T, name, folder string) *assembly {
	t.Helper()
	// Findings of cdk-nag become annotations and those, by one of the recommended
	// flags, errors of the CDK's validation. Here they are read from the reports.
	app := newApp(folder)
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	if err := apps[name](app); err != nil {
		t.Fatal(err)
	}
	addPacks(app)
	app.Synth(nil)
	return &assembly{folder: folder, templates: readTemplates(t, folder), findings: readFindings(t, folder)}
}

func newApp(folder string) awscdk.App {
	context := flags.Recommended()
	return awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: jsii.String(folder), AnalyticsReporting: jsii.Bool(false)})
}

// addPacks lets cdk-nag visit the app. Its packs are Aspects: they run while the
// app is synthesized and leave a report per pack and stack beside the templates.
func addPacks(app awscdk.App) {
	props := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(props), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(props), nil)
}

func templateFiles(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no template in %s", folder)
	}
	return files
}

func readTemplates(t *testing.T, folder string) []template {
	t.Helper()
	var out []template
	for _, file := range templateFiles(t, folder) {
		one := template{File: filepath.Base(file), paths: readPaths(t, file)}
		one.Size = readJSON(t, file, &one)
		out = append(out, one)
	}
	return out
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

// readJSON returns the size of the file beside its content.
func readJSON(t *testing.T, file string, into any) int {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return len(data)
}

// expect fails the test for each problem.
func expect(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

// expectSome fails the test when one of the texts is in no problem.
func expectSome(t *testing.T, problems []string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, text) }) {
			t.Errorf("nothing found about %q in:\n%s", text, strings.Join(problems, "\n"))
		}
	}
}
