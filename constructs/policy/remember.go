package policy

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// RememberValid lets the CDK's own validator leave out the templates in which it found
// nothing before on the same day: same bytes, account, region and release of the CDK.
// What it found something in, a warning too, it validates every time. Call it once per
// app, before app.Synth, and not beside another awscdk.CloudFormationValidatePlugin. It
// changes nothing with CDK_VALIDATION=false.
//
// The folder is for the caller's use only, as whoever writes there can say that a template
// is valid. What cannot be read or written there is validated again.
func RememberValid(app awscdk.App, folder string) {
	rememberValid(app, validTemplates{
		folder: folder, day: time.Now().UTC().Format(time.DateOnly), release: cdkRelease(),
	})
}

func rememberValid(app awscdk.App, valid validTemplates) {
	if os.Getenv("CDK_VALIDATION") == "false" || valid.release == "" {
		return
	}
	v := &rememberingValidator{valid: valid}
	awscdk.NewCloudFormationValidatePlugin_Override(v, nil)
	awscdk.Validations_Of(app).AddPlugins(v)
}

// cdkRelease names the bytes of the CDK in this program, and so of its validator and the
// validator's rules. It is "" when the program does not know them, as with a local
// copy of the module and in tests.
func cdkRelease() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, module := range info.Deps {
		if module.Path != "github.com/aws/aws-cdk-go/awscdk/v2" {
			continue
		}
		if module.Replace != nil {
			module = module.Replace
		}
		return module.Sum
	}
	return ""
}

// rememberingValidator is the CDK's validator, which the CDK uses instead of its own.
type rememberingValidator struct {
	awscdk.CloudFormationValidatePlugin

	valid validTemplates
}

// Validate has the CDK validate the templates that are not known to be valid.
func (v *rememberingValidator) Validate(context awscdk.IPolicyValidationContext) *awscdk.PolicyValidationPluginReport {
	unknown := validationContext{whole: context}
	keys := map[string]string{} // of the templates by path
	for _, stack := range *context.StackTemplates() {
		key := v.valid.key(stack)
		if !v.valid.has(key) {
			keys[*stack.TemplatePath] = key
			unknown.stacks = append(unknown.stacks, stack)
		}
	}
	if len(unknown.stacks) == 0 {
		return &awscdk.PolicyValidationPluginReport{Success: jsii.Bool(true), Violations: &[]*awscdk.PolicyViolation{}}
	}
	report := v.CloudFormationValidatePlugin.Validate(&unknown)
	for _, path := range pathsWithFindings(report) {
		if _, asked := keys[path]; !asked { // nobody knows which template this is about
			return report
		}
		keys[path] = ""
	}
	for _, key := range keys {
		v.valid.add(key)
	}
	return report
}

// pathsWithFindings are the files of the templates in which something was found, "" for
// a finding that names no file.
func pathsWithFindings(report *awscdk.PolicyValidationPluginReport) []string {
	var out []string
	for _, violation := range *report.Violations {
		if len(*violation.ViolatingResources) == 0 {
			out = append(out, "")
		}
		for _, resource := range *violation.ViolatingResources {
			out = append(out, cdkx.Value(resource.TemplatePath, ""))
		}
	}
	if !*report.Success && len(out) == 0 {
		out = append(out, "")
	}
	return out
}

// validationContext is what the CDK asked to validate, with fewer stacks.
type validationContext struct {
	whole  awscdk.IPolicyValidationContext
	stacks []*awscdk.PolicyValidationStack
}

// AccountId is the account of all stacks of the app.
func (c *validationContext) AccountId() *string { return c.whole.AccountId() } //nolint:revive // the CDK's spelling

// Region is the region of all stacks of the app.
func (c *validationContext) Region() *string { return c.whole.Region() }

// AppConstruct is the app.
func (c *validationContext) AppConstruct() constructs.IConstruct { return c.whole.AppConstruct() }

// StackTemplates are the stacks to validate.
func (c *validationContext) StackTemplates() *[]*awscdk.PolicyValidationStack { return &c.stacks }

// TemplatePaths are the files of their templates.
func (c *validationContext) TemplatePaths() *[]*string {
	var out []*string
	for _, stack := range c.stacks {
		out = append(out, stack.TemplatePath)
	}
	return &out
}

// validTemplates are the templates in which the validator found nothing: a file for
// each, in a folder for each day, as rules can depend on the day (runtimes end).
type validTemplates struct{ folder, day, release string }

// key names a template by all that its validation depends on. It is "" when the template
// cannot be read.
func (v validTemplates) key(stack *awscdk.PolicyValidationStack) string {
	template, err := os.ReadFile(*stack.TemplatePath)
	if err != nil {
		return ""
	}
	text, err := json.Marshal([]any{v.release, stack.AccountId, stack.Region, template})
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(text))
}

// has says whether the template of a key is known. Its file holds the key, so that a file
// which was cut short or overwritten says nothing.
func (v validTemplates) has(key string) bool {
	content, err := os.ReadFile(filepath.Join(v.folder, v.day, key))
	return err == nil && key != "" && string(content) == key
}

// add remembers the template of a key, and forgets the days before.
func (v validTemplates) add(key string) {
	days, _ := os.ReadDir(v.folder)
	for _, day := range days {
		if _, err := time.Parse(time.DateOnly, day.Name()); err == nil && day.Name() < v.day {
			_ = os.RemoveAll(filepath.Join(v.folder, day.Name()))
		}
	}
	folder := filepath.Join(v.folder, v.day)
	if key == "" || os.MkdirAll(folder, 0o700) != nil {
		return
	}
	_ = os.WriteFile(filepath.Join(folder, key), []byte(key), 0o600)
}
