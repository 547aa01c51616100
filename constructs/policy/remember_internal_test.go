package policy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// stubValidator finds something in templates that contain "bad", and notes what it saw.
type stubValidator struct {
	awscdk.CloudFormationValidatePlugin

	saw      []string
	nameless bool // findings name no template
}

func (s *stubValidator) Validate(context awscdk.IPolicyValidationContext) *awscdk.PolicyValidationPluginReport {
	violations := []*awscdk.PolicyViolation{}
	for _, stack := range *context.StackTemplates() {
		s.saw = append(s.saw, filepath.Base(*stack.TemplatePath))
		template, err := os.ReadFile(*stack.TemplatePath)
		if err != nil {
			panic(err)
		}
		if !strings.Contains(string(template), "bad") {
			continue
		}
		resource := &awscdk.PolicyViolatingResource{Locations: &[]*string{}, TemplatePath: stack.TemplatePath}
		if s.nameless {
			resource.TemplatePath = nil
		}
		violations = append(violations, &awscdk.PolicyViolation{
			RuleName: jsii.String("E1"), Description: jsii.String("it is bad"), Severity: jsii.String("warning"),
			ViolatingResources: &[]*awscdk.PolicyViolatingResource{resource},
		})
	}
	return &awscdk.PolicyValidationPluginReport{Success: jsii.Bool(true), Violations: &violations}
}

// remembered is a folder of templates, what is remembered of them and the validator.
type remembered struct {
	t       *testing.T
	folder  string
	valid   validTemplates
	account string
	region  string
	stub    stubValidator
}

func newRemembered(t *testing.T) *remembered {
	t.Helper()
	r := &remembered{t: t, folder: t.TempDir(), account: "111111111111", region: "eu-central-1"}
	r.valid = validTemplates{folder: filepath.Join(t.TempDir(), "valid"), day: "2026-03-01", release: "h1:one"}
	r.write("a", "good")
	r.write("b", "good too")
	return r
}

func (r *remembered) write(name, content string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.folder, name), []byte(content), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// run validates a and b, and fails the test unless the CDK's validator saw want and
// found that many things.
func (r *remembered) run(step string, findings int, want ...string) {
	r.t.Helper()
	r.stub.saw = nil
	context := &validationContext{}
	for _, name := range []string{"a", "b"} {
		context.stacks = append(context.stacks, &awscdk.PolicyValidationStack{
			StackConstructPath: jsii.String(name), TemplatePath: jsii.String(filepath.Join(r.folder, name)),
			AccountId: jsii.String(r.account), Region: jsii.String(r.region),
		})
	}
	v := &rememberingValidator{CloudFormationValidatePlugin: &r.stub, valid: r.valid}
	report := v.Validate(context)
	if !slices.Equal(r.stub.saw, want) {
		r.t.Errorf("%s: validated %v, want %v", step, r.stub.saw, want)
	}
	if got := len(*report.Violations); got != findings {
		r.t.Errorf("%s: %d findings, want %d", step, got, findings)
	}
}

func TestWhatIsUnchangedIsNotValidatedAgain(t *testing.T) {
	r := newRemembered(t)
	r.run("first", 0, "a", "b")
	r.run("nothing changed", 0)
	r.write("a", "goot")
	r.run("a byte of a changed", 0, "a")
	r.write("a", "good")
	r.run("as before", 0)

	for what, change := range map[string]func(r *remembered){
		"account":        func(r *remembered) { r.account = "222222222222" },
		"region":         func(r *remembered) { r.region = "eu-west-1" },
		"day":            func(r *remembered) { r.valid.day = "2026-03-02" },
		"day before":     func(r *remembered) { r.valid.day = "2026-02-28" },
		"release of CDK": func(r *remembered) { r.valid.release = "h1:two" },
	} {
		r := newRemembered(t)
		r.run("first", 0, "a", "b")
		change(r)
		r.run("another "+what, 0, "a", "b")
		r.run("the same "+what, 0)
	}
}

func TestWhatIsRefusedIsValidatedAgain(t *testing.T) {
	r := newRemembered(t)
	r.write("b", "bad")
	r.run("first", 1, "a", "b")
	r.run("second", 1, "b")
	r.write("b", "good again")
	r.run("mended", 0, "b")
	r.run("mended and unchanged", 0)
}

func TestNothingIsRememberedWhenAFindingNamesNoTemplate(t *testing.T) {
	r := newRemembered(t)
	r.stub.nameless = true
	r.write("b", "bad")
	r.run("first", 1, "a", "b")
	r.run("second", 1, "a", "b")
}

func TestWhatCannotBeReadIsValidatedAgain(t *testing.T) {
	r := newRemembered(t)
	r.run("first", 0, "a", "b")
	files, err := filepath.Glob(filepath.Join(r.valid.folder, r.valid.day, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v: %v", files, err)
	}
	for _, content := range []string{"", "0", filepath.Base(files[0])} {
		for _, file := range files {
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if r.valid.has(filepath.Base(files[1])) {
			t.Errorf("a file that holds %q is believed", content)
		}
	}
	if err := os.RemoveAll(r.valid.folder); err != nil {
		t.Fatal(err)
	}
	r.valid.folder = filepath.Join(r.folder, "a") // a file: nothing can be kept
	r.run("no folder", 0, "a", "b")
	r.run("no folder again", 0, "a", "b")
}

func TestDaysBeforeAreForgotten(t *testing.T) {
	r := newRemembered(t)
	r.run("first", 0, "a", "b")
	if err := os.Mkdir(filepath.Join(r.valid.folder, "other"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.valid.day = "2026-03-02"
	r.run("the day after", 0, "a", "b")
	names := []string{}
	entries, err := os.ReadDir(r.valid.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if want := []string{"2026-03-02", "other"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}
