package template_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const role = `"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/exec-${AWS::Region}"`

// app has two stacks, one in a stage, and a nested stack.
func app(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "manifest.json", `{"artifacts": {
		"Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
		"Base": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
			"properties": {"templateFile": "Base.template.json", "cloudFormationExecutionRoleArn": `+role+`}},
		"Lake.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Lake.assets.json"}},
		"Lake": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/cn-north-1", "dependencies": ["Base", "Lake.assets"], "displayName": "Lake",
			"additionalMetadataFile": "Lake.metadata.json",
			"properties": {"templateFile": "Lake.template.json", "stackName": "lake", "tags": {"owner": "lab"}, "cloudFormationExecutionRoleArn": `+role+`}}}}`)
	write(t, dir, "Base.template.json", `{}`)
	write(t, dir, "Lake.assets.json", `{"files": {"0a1b": {"source": {"path": "hashed.json"}}, "2c3d": {"source": {"path": "code.zip"}}}}`)
	write(t, dir, "hashed.json", `{}`)
	write(t, dir, "Lake.metadata.json", `{"/Lake/Data/Resource": [{"type": "aws:cdk:logicalId", "data": "Data"}, {"type": "other", "data": {}}],
		"/Lake/Inner.NestedStack/Inner.NestedStackResource": [{"type": "aws:cdk:logicalId", "data": "Child"}],
		"/Lake/Inner/Data/Resource": [{"type": "aws:cdk:logicalId", "data": "Data"}],
		"/Lake/Inner/More/Data": [{"type": "aws:cdk:logicalId", "data": "Other"}]}`)
	write(t, dir, "Lake.template.json", `{"Metadata": {"who": "lab"}, "Resources": {
		"Data": {"Type": "AWS::S3::Bucket", "DependsOn": "Child", "DeletionPolicy": "Retain"},
		"Gone": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.org/t.json"}},
		"Hashed": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.example.org/${AWS::Region}/0a1b.json"}}},
		"Child": {"Type": "AWS::CloudFormation::Stack", "DependsOn": ["Gone"], "Metadata": {"aws:asset:path": "child.json"},
			"Properties": {"Parameters": {"Name": {"Fn::Sub": "db-${AWS::AccountId}"}}}}}}`)
	write(t, dir, "child.json", `{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}}}}`)
	write(t, dir, "assembly-Stage/manifest.json", `{"artifacts": {"One": {"type": "aws:cloudformation:stack",
		"environment": "aws://222222222222/us-east-1", "properties": {"templateFile": "One.json"}}}}`)
	write(t, dir, "assembly-Stage/One.json", `{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "Stage/One/Data"}}}}`)
	return dir
}

func TestReadAssembly(t *testing.T) {
	t.Parallel()
	stacks, err := template.ReadAssembly(app(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range stacks {
		got = append(got, fmt.Sprint(s.Name, " ", s.Account, " ", s.Region, " fixed=", s.Fixed(), " root=", s.Root().Artifact,
			" after=", s.DependsOn, " as=", s.ExecutionRole, " tags=", s.Tags, " data=", s.Path("Data"), " construct=", s.Construct))
	}
	want := []string{
		"Base ${AWS::AccountId} ${AWS::Region} fixed=false root=Base after=[] as=arn:${AWS::Partition}:iam::${AWS::AccountId}:role/exec-${AWS::Region} tags=map[] data=Base/Data construct=",
		"lake 111111111111 cn-north-1 fixed=true root=Lake after=[Base] as=arn:aws-cn:iam::111111111111:role/exec-cn-north-1 tags=map[owner:lab] data=Lake/Data/Resource construct=Lake",
		"lake/Child 111111111111 cn-north-1 fixed=true root=Lake after=[Base] as=arn:aws-cn:iam::111111111111:role/exec-cn-north-1 tags=map[owner:lab] data=Lake/Inner/Data/Resource construct=Lake/Inner",
		"lake/Hashed 111111111111 cn-north-1 fixed=true root=Lake after=[Base] as=arn:aws-cn:iam::111111111111:role/exec-cn-north-1 tags=map[owner:lab] data=lake/Hashed/Data construct=",
		"One 222222222222 us-east-1 fixed=true root=One after=[] as= tags=map[] data=Stage/One/Data construct=",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	lake, child := stacks[1], stacks[2]
	if lake.Metadata["who"] != "lab" || child.Metadata != nil || child.Path("Other") != "Lake/Inner/More/Data" || lake.Path("Other") != "lake/Other" {
		t.Errorf("metadata %v and %v, paths %s and %s", lake.Metadata, child.Metadata, child.Path("Other"), lake.Path("Other"))
	}
	if d := lake.Resources["Data"]; len(d.DependsOn) != 1 || d.DependsOn[0] != "Child" || d.DeletionPolicy != "Retain" {
		t.Errorf("got %+v", d)
	}
	if lake.Nested("Gone") != nil || lake.Nested("Data") != nil || child.Parent != lake || child.LogicalID != "Child" {
		t.Error("nested stacks are mixed up")
	}
	if got := template.NewResolver(child).Value(child.Resources["Data"].Properties, ""); fmt.Sprint(got) != "map[BucketName:db-111111111111]" {
		t.Errorf("got %v", got)
	}
	if stacks[4].Assembly == lake.Assembly {
		t.Error("a stage has no assembly of its own")
	}
}

func TestReadAssemblyFails(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(dir string){
		"not a cloud assembly": func(dir string) { _ = os.Remove(filepath.Join(dir, "manifest.json")) },
		"stack lake":           func(dir string) { _ = os.Remove(filepath.Join(dir, "Lake.template.json")) },
		"stack lake/Child":     func(dir string) { _ = os.Remove(filepath.Join(dir, "child.json")) },
		"Lake.assets.json":     func(dir string) { _ = os.Remove(filepath.Join(dir, "Lake.assets.json")) },
		"Lake.metadata.json":   func(dir string) { _ = os.Remove(filepath.Join(dir, "Lake.metadata.json")) },
	} {
		dir := app(t)
		spoil(dir)
		if _, err := template.ReadAssembly(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

// What a resolver is not told to report is dropped, and NoValue leaves out.
func TestResolverIsQuiet(t *testing.T) {
	t.Parallel()
	r := template.NewResolver(&template.Stack{Name: "S", Account: "111111111111", Region: "us-east-1"})
	if got := r.Value(map[string]any{"Ref": "AWS::NoValue"}, "p"); got != nil {
		t.Errorf("got %v", got)
	}
	got, _ := r.Value(map[string]any{"Fn::If": []any{"C", "a", "b"}}, "p").(string)
	if !template.IsUnresolved(got) {
		t.Errorf("got %v", got)
	}
}
