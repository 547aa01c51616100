package snapshot_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/snapshot"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

// failures is a test that only remembers what it was told.
type failures struct {
	testing.TB
	messages []string
}

func (f *failures) Helper() {}

func (f *failures) Errorf(format string, args ...any) {
	f.messages = append(f.messages, fmt.Sprintf(format, args...))
}

func (f *failures) Error(args ...any) { f.messages = append(f.messages, fmt.Sprint(args...)) }

func (f *failures) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

// told runs a check on a goroutine of its own, which Fatalf may end, and returns
// what the check said.
func told(check func(t testing.TB)) []string {
	f := &failures{TB: &testing.T{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		check(f)
	}()
	<-done
	return f.messages
}

// updating runs a check as go test -update does.
func updating(t *testing.T, check func()) {
	t.Helper()
	if err := flag.Set("update", "true"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := flag.Set("update", "false"); err != nil {
			t.Error(err)
		}
	}()
	check()
}

func TestUpdateThenMatch(t *testing.T) {
	t.Setenv("CI", "")
	folder := t.TempDir()
	match := func(t testing.TB) { snapshot.MatchApp(t, lab(), folder) }
	if got := told(match); len(got) != 1 || !strings.Contains(got[0], "there is no such file; run the test with -update to write the template of the stack Lab into it") {
		t.Fatalf("a missing file: %q", got)
	}
	stale := filepath.Join(folder, "Gone.template.json")
	if err := os.WriteFile(stale, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := told(match); len(got) != 2 || !strings.Contains(got[1], "Gone.template.json: no stack has this template any more") {
		t.Fatalf("a file that is left over: %q", got)
	}
	updating(t, func() { match(t) })
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("the file that is left over is still there: %v", err)
	}
	if got := told(match); len(got) != 0 {
		t.Errorf("the same app twice: %q", got)
	}
}

func TestUpdateIsRefusedInCI(t *testing.T) {
	t.Setenv("CI", "true")
	file := filepath.Join(t.TempDir(), "Lab.template.json")
	var got []string
	updating(t, func() {
		got = told(func(t testing.TB) { snapshot.MatchStack(t, cdktest.Stack(), file) })
	})
	if len(got) != 1 || !strings.Contains(got[0], "-update is refused where CI is set") {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the file was written: %v", err)
	}
}

// What a build changes without a change of the program is not in a snapshot.
func TestNoiseIsLeftOut(t *testing.T) {
	t.Setenv("CI", "")
	file := filepath.Join(t.TempDir(), "Test.json")
	stack := func(code string, context map[string]any) awscdk.Stack {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "index.py"), []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
		app := awscdk.NewApp(&awscdk.AppProps{Context: &context})
		stack := awscdk.NewStack(app, jsii.String("Test"), nil)
		awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
			Runtime: awslambda.Runtime_PYTHON_3_13(), Handler: jsii.String("index.handler"), Code: awslambda.Code_FromAsset(&folder, nil),
		})
		return stack
	}
	updating(t, func() { snapshot.MatchStack(t, stack("pass", map[string]any{}), file) })
	if got := told(func(t testing.TB) {
		snapshot.MatchStack(t, stack("print(1)", map[string]any{"aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true}), file)
	}); len(got) != 0 {
		t.Errorf("another asset and paths of constructs show: %s", got)
	}
	data, err := os.ReadFile(file) //nolint:gosec // a file this test has just written
	if err != nil {
		t.Fatal(err)
	}
	for _, noise := range []string{"BootstrapVersion", "aws:cdk:path", "CDKMetadata"} {
		if strings.Contains(string(data), noise) {
			t.Errorf("%s is in the snapshot", noise)
		}
	}
	if !strings.Contains(string(data), `"[asset].zip"`) {
		t.Errorf("the asset has no placeholder:\n%s", data)
	}
}

func TestStagesAndNestedStacks(t *testing.T) {
	t.Setenv("CI", "")
	folder := t.TempDir()
	app := awscdk.NewApp(nil)
	stage := awscdk.NewStage(app, jsii.String("Prod"), nil)
	nested := awscdk.NewNestedStack(awscdk.NewStack(stage, jsii.String("Lab"), nil), jsii.String("Inner"), nil)
	awss3.NewBucket(nested, jsii.String("Bucket"), nil)
	updating(t, func() { snapshot.MatchApp(t, app, folder) })
	for _, pattern := range []string{"assembly-Prod/ProdLab*.template.json", "assembly-Prod/ProdLabInner*.nested.template.json"} {
		if found, err := filepath.Glob(filepath.Join(folder, pattern)); err != nil || len(found) == 0 {
			t.Errorf("no file %s: %v", pattern, err)
		}
	}
	if got := told(func(t testing.TB) { snapshot.MatchApp(t, app, folder) }); len(got) != 0 {
		t.Error(got)
	}
}

// difference is what is said of a template beside its snapshot.
func difference(t *testing.T, before, after map[string]any) string {
	t.Helper()
	assembly, folder := t.TempDir(), t.TempDir()
	write := func(dir, name string, value any) {
		data, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), append(data, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(assembly, "manifest.json", map[string]any{"version": "1", "artifacts": map[string]any{
		"Lab": map[string]any{"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": map[string]any{"templateFile": "Lab.template.json"}},
	}})
	write(assembly, "Lab.template.json", map[string]any{"Resources": after})
	write(folder, "Lab.template.json", map[string]any{"Resources": before})
	got := told(func(t testing.TB) { snapshot.MatchAssembly(t, assembly, folder) })
	if len(got) != 1 {
		t.Fatalf("got %d messages: %q", len(got), got)
	}
	return got[0]
}

func TestDifferencesInWords(t *testing.T) {
	database := func(name, deletion, replacement string) map[string]any {
		return map[string]any{
			"Type": "AWS::Glue::Database", "DeletionPolicy": deletion, "UpdateReplacePolicy": replacement,
			"Properties": map[string]any{"CatalogId": "1", "DatabaseInput": map[string]any{"Name": name}},
		}
	}
	role := func(statements ...any) map[string]any {
		return map[string]any{"Type": "AWS::IAM::Role", "Properties": map[string]any{"Statements": statements}}
	}
	grant := func(permissions ...any) map[string]any {
		return map[string]any{"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": map[string]any{
			"Principal": "reader", "Resource": map[string]any{"Database": "a"}, "Permissions": permissions,
		}}
	}
	type resources = map[string]any
	for name, test := range map[string]struct {
		before, after resources
		want          []string
	}{
		"added":   {resources{}, resources{"Db": database("a", "Retain", "Retain")}, []string{"  added Db (AWS::Glue::Database)\n"}},
		"removed": {resources{"Db": database("a", "Retain", "Retain")}, resources{}, []string{"  removed Db (AWS::Glue::Database)\n", "What happens to data:\n  Db (AWS::Glue::Database) stays in the account with its tables, and no stack manages it any more\n"}},
		"removed and deleted": {resources{"Db": database("a", "Delete", "Delete")}, resources{},
			[]string{"  Db (AWS::Glue::Database) is deleted with its tables: its DeletionPolicy is Delete\n"}},
		"another logical id": {resources{"Db": database("a", "Retain", "Retain")}, resources{"Db2": database("a", "Retain", "Retain")},
			[]string{"  removed Db (AWS::Glue::Database), the same as the added Db2: only the logical id changed, and CloudFormation makes a new one\n"}},
		"replaced": {resources{"Db": database("a", "Retain", "Retain")}, resources{"Db": database("b", "Retain", "Retain")}, []string{
			"  changed Db (AWS::Glue::Database)\n    Properties.DatabaseInput.Name: got \"b\"; the snapshot has \"a\"\n",
			"  Db (AWS::Glue::Database) is replaced by a new, empty one, as DatabaseInput.Name cannot be changed; the old one stays in the account beside it\n",
		}},
		"replaced and deleted": {resources{"Db": database("a", "Retain", "Delete")}, resources{"Db": database("b", "Retain", "Delete")},
			[]string{"cannot be changed; the old one is deleted with its tables, as the UpdateReplacePolicy is Delete\n"}},
		"no longer protected": {resources{"Db": database("a", "Retain", "Retain")}, resources{"Db": database("a", "Delete", "Retain")},
			[]string{"  Db (AWS::Glue::Database) loses its protection: when the stack or the resource goes, so does what it holds: its tables\n"}},
		"perhaps replaced": {resources{"T": map[string]any{"Type": "AWS::DynamoDB::Table", "Properties": resources{"KeySchema": []any{"a"}}}},
			resources{"T": map[string]any{"Type": "AWS::DynamoDB::Table", "Properties": resources{"KeySchema": []any{"b"}}}},
			[]string{"  T (AWS::DynamoDB::Table) may be replaced by a new, empty one, as some changes of KeySchema cannot be made in place; if so, the old one is deleted with its items, as the UpdateReplacePolicy is not set\n"}},
		"another type": {resources{"Db": database("a", "Retain", "Retain")}, resources{"Db": role()},
			[]string{"  Db is a AWS::IAM::Role now: CloudFormation refuses another type under one logical id, give it another id\n"}},
		"another permission": {resources{"G": grant("DESCRIBE")}, resources{"G": grant("DESCRIBE", "CREATE_TABLE")},
			[]string{"What one deployment cannot do:\n  G (AWS::LakeFormation::PrincipalPermissions) has other permissions for the same principal and resource: deploy once without the grant, then with it\n"}},
		"a grant under another id": {resources{"G": grant("DESCRIBE")}, resources{"H": grant("DESCRIBE")},
			[]string{"  H (AWS::LakeFormation::PrincipalPermissions) is G under another logical id for the same principal and resource: deploy once without the grant, then with it\n"}},
		"longer list": {resources{"R": role("a", "b")}, resources{"R": role("b", "c", "a")}, []string{"    Properties.Statements: added \"c\"\n"}},
		"one item":    {resources{"R": role("a", "b")}, resources{"R": role("a", "c")}, []string{"    Properties.Statements[1]: got \"c\"; the snapshot has \"b\"\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := difference(t, test.before, test.after)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("got:\n%s\nwhich does not contain:\n%s", got, want)
				}
			}
			if !strings.HasSuffix(got, "Run the test with -update if this is intended.") {
				t.Errorf("the message does not say how to accept:\n%s", got)
			}
		})
	}
}

// Grants on resources that differ only after many characters are different grants.
func TestLongGrantsAreToldApart(t *testing.T) {
	grants := func(id, last string) map[string]any {
		return map[string]any{id: map[string]any{"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": map[string]any{
			"Principal": "reader", "Resource": map[string]any{"LFTagPolicy": strings.Repeat("sensitivity ", 20) + last},
		}}}
	}
	if got := difference(t, grants("G", "phi"), grants("H", "public")); strings.Contains(got, "What one deployment cannot do") {
		t.Errorf("got:\n%s", got)
	}
}
