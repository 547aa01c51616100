package cdktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

// The environment that stacks made by Stack stand in.
const (
	Account = "111111111111"
	Region  = "us-east-1"
)

// Run runs a package's tests and stops the jsii kernel after them, once. Call it
// from TestMain: os.Exit(cdktest.Run(m)). The state machines of every template that a
// test synthesized by Of have to pass a validator of the Amazon States Language.
func Run(m *testing.M) int {
	defer jsii.Close()
	status := m.Run()
	if len(machines) == 0 {
		return status
	}
	wrong, err := asl.Validate(machines)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, definition := range slices.Sorted(maps.Keys(wrong)) {
		fmt.Fprintf(os.Stderr, "FAIL: a state machine that Step Functions refuses: %s\n%s\n", wrong[definition], definition)
		status = 1
	}
	return status
}

// machines are the definitions of all templates, under themselves.
var machines = map[string]string{}

// Stack makes a stack named Test in an app of its own with the recommended
// feature flags.
func Stack() awscdk.Stack {
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, AnalyticsReporting: jsii.Bool(false)})
	return awscdk.NewStack(app, jsii.String("Test"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(Account), Region: jsii.String(Region)},
	})
}

// Resource is one resource of a template.
type Resource struct {
	ID                  string         // logical id
	Type                string         // such as AWS::S3::Bucket
	Properties          map[string]any // as rendered
	DependsOn           []string       // logical ids that come first
	Metadata            map[string]any // of the resource
	DeletionPolicy      string         // as rendered
	UpdateReplacePolicy string         // as rendered
}

// Get returns the value at a path such as "BucketEncryption.Rules.0.Algorithm",
// nil where there is none.
func (r Resource) Get(path string) any {
	var at any = r.Properties
	for step := range strings.SplitSeq(path, ".") {
		switch node := at.(type) {
		case map[string]any:
			at = node[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(node) {
				return nil
			}
			at = node[i]
		default:
			return nil
		}
	}
	return at
}

// JSON is the value at a path as compact JSON with sorted keys.
func (r Resource) JSON(path string) string { return Compact(r.Get(path)) }

// Want compares values at paths, given as compact JSON with sorted keys.
func (r Resource) Want(t testing.TB, values map[string]string) {
	t.Helper()
	for path, json := range values {
		if got := r.JSON(path); got != json {
			t.Errorf("%s: %s is\n%s\nwant\n%s", r.ID, path, got, json)
		}
	}
}

// Same compares texts, such as that of a panic.
func Same(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Compact is a value as compact JSON with sorted keys.
func Compact(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// Template is a synthesized template.
type Template struct {
	Resources []Resource // sorted by logical id
	JSON      string     // the whole template, indented
}

// Of synthesizes the template of a stack.
func Of(t testing.TB, stack awscdk.Stack) Template {
	t.Helper()
	content := *assertions.Template_FromStack(stack, nil).ToJSON()
	data, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	found, err := asl.Machines(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, definition := range found {
		machines[definition] = definition
	}
	var parsed struct{ Resources map[string]Resource }
	if err := json.Unmarshal(data, &parsed); err != nil {
		t.Fatal(err)
	}
	out := Template{JSON: string(data)}
	for _, id := range slices.Sorted(maps.Keys(parsed.Resources)) {
		r := parsed.Resources[id]
		r.ID = id
		out.Resources = append(out.Resources, r)
	}
	return out
}

// Type returns the resources of a type, sorted by logical id.
func (t Template) Type(name string) []Resource {
	return slices.DeleteFunc(slices.Clone(t.Resources), func(r Resource) bool { return r.Type != name })
}

// One returns the only resource of a type whose logical id starts with prefix.
func (t Template) One(tb testing.TB, name, prefix string) Resource {
	tb.Helper()
	found := slices.DeleteFunc(t.Type(name), func(r Resource) bool { return !strings.HasPrefix(r.ID, prefix) })
	if len(found) != 1 {
		tb.Fatalf("%s with id %s…: found %d, expected one", name, prefix, len(found))
	}
	return found[0]
}

// Stack is the template as the package template has it.
func (t Template) Stack() *template.Stack {
	s := &template.Stack{Resources: map[string]template.Resource{}}
	for _, r := range t.Resources {
		s.Resources[r.ID] = template.Resource{Type: r.Type, Properties: r.Properties, DependsOn: r.DependsOn}
	}
	return s
}

// After reports whether a resource is made after another, by what it waits for, what
// that waits for, and so on.
func (t Template) After(id, other string) bool {
	s, seen := t.Stack(), map[string]bool{}
	var after func(string) bool
	after = func(id string) bool {
		seen[id] = true
		return slices.ContainsFunc(s.Needs(id), func(next string) bool { return next == other || !seen[next] && after(next) })
	}
	return after(id)
}

// Panic returns the text of the panic that f ends with; a test fails when f
// does not panic.
func Panic(t testing.TB, f func()) (text string) {
	t.Helper()
	defer func() {
		if got := recover(); got != nil {
			text = fmt.Sprint(got)
			return
		}
		t.Error("expected a panic")
	}()
	f()
	return ""
}
