package partition

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		defer jsii.Close()
		return m.Run()
	}())
}

// servicePrincipals are named alike in every partition.
// Source: region-info of the CDK.
var servicePrincipals = map[string]bool{}

func init() {
	for _, service := range []string{
		"cloudwatch", "emr-serverless", "encryption.athena", "entityresolution", "events", "glue", "healthlake", "lakeformation", "lambda", "logging.s3", "malware-protection-plan.guardduty",
		"medical-imaging", "omics", "s3", "states",
	} {
		servicePrincipals[service+".amazonaws.com"] = true
	}
}

var (
	arnOf  = regexp.MustCompile(`arn:(aws[a-z-]*):`)
	hostOf = regexp.MustCompile(`[A-Za-z0-9.-]*amazonaws\.[a-z.]+`)
)

// faults are the texts of a template that are not of the partition: ARNs of another
// one, and host names that are neither of the region nor a known service principal.
func faults(value any, p place, at string) []string {
	var out []string
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, faults(key, p, at)...)
			out = append(out, faults(v[key], p, at+"."+key)...)
		}
	case []any:
		for i, item := range v {
			out = append(out, faults(item, p, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case string:
		for _, m := range arnOf.FindAllStringSubmatch(v, -1) {
			if m[1] != p.partition {
				out = append(out, at+": "+v)
			}
		}
		for _, host := range hostOf.FindAllString(v, -1) {
			if !servicePrincipals[host] && !p.hosts(at, host) {
				out = append(out, at+": "+host)
			}
		}
	}
	return out
}

// hosts reports whether a host name, or its end in an Fn::Join, is one of the region.
// kms:ViaService has the common suffix beside the partition's own.
func (p place) hosts(at, host string) bool {
	via := strings.Contains(at, ".kms:ViaService")
	switch p.region {
	case "":
		return via && host == ".amazonaws.com"
	case "cn-north-1":
		return host == "logs.cn-north-1.amazonaws.com.cn" || via && regexp.MustCompile(`^(s3|glue)\.cn-north(west)?-1\.amazonaws\.com(\.cn)?$`).MatchString(host)
	default:
		return regexp.MustCompile(`^(logs|s3|glue)\.us-gov-(west|east)-1\.amazonaws\.com$`).MatchString(host)
	}
}

// check synthesizes an app and reads its templates; it returns all of them as text.
func check(t *testing.T, app awscdk.App, p place) string {
	t.Helper()
	app.Synth(nil)
	files, err := filepath.Glob(filepath.Join(*app.Outdir(), "*.template.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	var all strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
		var content struct{ Resources, Outputs map[string]any }
		if err := json.Unmarshal(data, &content); err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults(map[string]any{"Resources": content.Resources, "Outputs": content.Outputs}, p, strings.TrimSuffix(filepath.Base(file), ".template.json")) {
			t.Error(fault)
		}
	}
	return all.String()
}

func newApp(t *testing.T, context map[string]any) awscdk.App {
	t.Helper()
	return awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: jsii.String(t.TempDir()), AnalyticsReporting: jsii.Bool(false)})
}

// Every construct is of the partition that it stands in, in apps with the feature
// flags that we recommend and in apps without any.
func TestConstructsAreOfTheirPartition(t *testing.T) {
	for _, p := range places {
		for name, context := range map[string]map[string]any{"flags": flags.Recommended(), "no flags": {}} {
			t.Run(p.partition+" "+name, func(t *testing.T) {
				app := newApp(t, context)
				addConstructs(app, p)
				text := check(t, app, p)
				// What is looked for is there, so that nothing is found because all is right.
				for _, want := range []string{":states:::", "kms:ViaService", "logs."} {
					if !strings.Contains(text, want) {
						t.Errorf("no %s in the templates", want)
					}
				}
			})
		}
	}
}

// The sample mesh moves to another partition with its mesh file, without the stores
// of services that are not there.
func TestSampleMovesToOtherPartitions(t *testing.T) {
	for _, p := range places[:2] {
		t.Run(p.partition, func(t *testing.T) {
			definition := moved(t, p)
			if warned := fmt.Sprint(definition.Warnings().Err()); !strings.Contains(warned, p.region+", where Glue does not optimize Iceberg tables") {
				t.Errorf("warnings: %s", warned)
			}
			for _, stage := range definition.Stages.Names() {
				plan, err := definition.Plan(stage)
				if err != nil {
					t.Fatal(err)
				}
				app := newApp(t, flags.Recommended())
				stacks.Build(app, plan)
				if text := check(t, app, p); strings.Contains(text, "AWS::Glue::TableOptimizer") {
					t.Error("there are table optimizers, which the region does not have")
				}
			}
		})
	}
}

func moved(t *testing.T, p place) *mesh.Definition {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(sample.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(sample.FS(), path)
		text := strings.NewReplacer("arn:aws:", "arn:"+p.partition+":", "us-east-1", p.region).Replace(string(data))
		files[path] = &fstest.MapFile{Data: []byte(text)}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	definition, err := mesh.LoadFS(files, sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	for i := range definition.Domains {
		d := &definition.Domains[i]
		if d.FhirStore == nil {
			continue
		}
		d.FhirStore, d.ImageStore = nil, nil
		for _, product := range d.Contracts {
			for j := range product.Tables {
				product.Tables[j].TransformLogic = "" // of the tables of the FHIR store
			}
		}
	}
	return definition
}

// The apps above make every construct that the library has.
func TestEveryConstructIsThere(t *testing.T) {
	made, err := os.ReadFile("constructs_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir("../../constructs", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "internal") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			f, isFunction := declared.(*ast.FuncDecl)
			if !isFunction || f.Recv != nil || !f.Name.IsExported() || !takesScope(f) {
				continue
			}
			found++
			if call := file.Name.Name + "." + f.Name.Name + "("; !strings.Contains(string(made), call) {
				t.Errorf("%s…) is not called in constructs_test.go", call)
			}
		}
		return nil
	})
	if err != nil || found < 20 {
		t.Errorf("%d constructs, %v", found, err)
	}
}

// takesScope reports whether a function makes a construct: scope and id come first.
func takesScope(f *ast.FuncDecl) bool {
	names := []string{}
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return len(names) >= 2 && names[0] == "scope" && names[1] == "id"
}

func TestFaultsAreFound(t *testing.T) {
	gov, china, unknown := places[0], places[1], places[2]
	for _, c := range []struct {
		p     place
		value any
		found bool
	}{
		{gov, "arn:aws:s3:::lab", true},
		{gov, "arn:aws-us-gov:s3:::lab", false},
		{gov, `{"Resource":"arn:aws:states:::aws-sdk:s3:getObject"}`, true},
		{china, "logs.cn-north-1.amazonaws.com", true},
		{china, "logs.cn-north-1.amazonaws.com.cn", false},
		{china, "events.amazonaws.com", false},
		{china, "events.amazonaws.com.cn", true},
		{china, map[string]any{"kms:ViaService": []any{"s3.cn-north-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"}}, false},
		{china, "https://s3.cn-north-1.amazonaws.com", true},
		{unknown, map[string]any{"Fn::Join": []any{"", []any{"logs.", ".amazonaws.com"}}}, true},
		{unknown, "arn:aws:iam::aws:policy/ReadOnlyAccess", true},
	} {
		if got := faults(c.value, c.p, "X"); (len(got) > 0) != c.found {
			t.Errorf("%v in %s: %v", c.value, c.p.partition, got)
		}
	}
}
