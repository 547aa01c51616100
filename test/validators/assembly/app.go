package assembly

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
)

// NewApp is an app with the recommended feature flags that is synthesized into a folder.
func NewApp(folder string) awscdk.App {
	context := flags.Recommended()
	return awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: jsii.String(folder), AnalyticsReporting: jsii.Bool(false)})
}

// NewStack is a stack of an app in an account of examples.
func NewStack(app awscdk.App, name, region string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(name), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String(region)},
	})
}

// Assembly is a synthesized app with what cdk-nag found in it.
type Assembly struct {
	Folder    string
	Templates []Template // sorted by file
	Findings  []Finding
}

// Template is a template of an assembly.
type Template struct {
	File      string // its name in the folder
	Size      int
	Metadata  map[string]any
	Resources map[string]Resource // by logical id
	Paths     map[string]string   // of the constructs, by logical id
}

// Resource is what a template says of a resource, as far as it is asked for here.
type Resource struct {
	Type     string
	Metadata struct {
		Nag struct {
			Rules []Acknowledgement `json:"rules_to_suppress"`
		} `json:"cdk_nag"`
	}
}

// IDs are the logical ids of a template's resources, sorted.
func (t Template) IDs() []string { return slices.Sorted(maps.Keys(t.Resources)) }

// TemplateFiles are the files of the templates.
func (a *Assembly) TemplateFiles() []string {
	var out []string
	for _, t := range a.Templates {
		out = append(out, filepath.Join(a.Folder, t.File))
	}
	return out
}

func readTemplates(t testing.TB, folder string) []Template {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.template.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no template in %s: %v", folder, err)
	}
	var out []Template
	for _, file := range files {
		template := Template{File: filepath.Base(file), Paths: readPaths(t, file)}
		template.Size = readJSON(t, file, &template)
		out = append(out, template)
	}
	return out
}

// readPaths reads where in the tree of constructs a template's resources are.
func readPaths(t testing.TB, templateFile string) map[string]string {
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
func readJSON(t testing.TB, file string, into any) int {
	t.Helper()
	data, err := os.ReadFile(file) //nolint:gosec // a file that the CDK has just written
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return len(data)
}
