package policy

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// Use judges every stack of an app, those of its stages and nested stacks too,
// when the app is synthesized. A finding fails the synthesis, with the rule, the
// construct, what was found and expected, and the fix. Acknowledge is the only way
// around one: findings are reported as fatal, which the CDK's own, app-wide
// acknowledgements do not reach.
//
// It works also with CDK_VALIDATION=false, which switches off the CDK's own
// validator only. Call it once, anywhere before app.Synth.
//
// More judges, such as guardrails of package stacks/guardrail, judge the same templates;
// what they find stops the synthesis too, and cannot be acknowledged.
//
// Source: "AWS CDK: policy validation at synthesis time".
func Use(app awscdk.App, more ...rules.Judge) {
	awscdk.Validations_Of(app).AddPlugins(&plugin{app: app, judges: more})
}

// plugin is what the CDK calls with the finished templates.
type plugin struct {
	app    awscdk.App
	judges []rules.Judge // beside the rules
}

// Name is how reports call the pack.
func (p *plugin) Name() *string { return jsii.String("lakemesh-policy") }

// Version is that of the pack.
func (p *plugin) Version() *string { return jsii.String("1.0.0") }

// RuleIds are the ids of the rules.
func (p *plugin) RuleIds() *[]*string { //nolint:revive // the CDK's spelling
	var out []*string
	for _, r := range rules.All() {
		out = append(out, jsii.String(r.ID))
	}
	for _, judge := range p.judges {
		for _, r := range judge.Rules() {
			out = append(out, jsii.String(r.ID))
		}
	}
	return &out
}

// Validate reads the assembly back and reports what breaks a rule.
func (p *plugin) Validate(awscdk.IPolicyValidationContext) *awscdk.PolicyValidationPluginReport {
	findings, err := rules.Check(*p.app.Outdir())
	for _, judge := range p.judges {
		if err == nil {
			var more []rules.Finding
			more, err = judge.Check(*p.app.Outdir())
			findings = append(findings, more...)
		}
	}
	if err != nil {
		panic(fmt.Errorf("policy: %w", err))
	}
	violations := make([]*awscdk.PolicyViolation, len(findings))
	for i, f := range findings {
		violations[i] = violation(f)
	}
	return &awscdk.PolicyValidationPluginReport{
		Success:    jsii.Bool(len(violations) == 0),
		Violations: &violations,
	}
}

func violation(f rules.Finding) *awscdk.PolicyViolation {
	locations := []*string{}
	if f.Property != "" {
		locations = append(locations, jsii.String(f.Property))
	}
	return &awscdk.PolicyViolation{
		RuleName:    jsii.String(f.Rule.ID),
		Description: jsii.String(f.Rule.Title + ": " + f.Path + ": " + detail(f)),
		Fix:         jsii.String(f.Rule.Fix),
		Severity:    jsii.String("fatal"),
		RuleMetadata: &map[string]*string{
			"why": jsii.String(f.Rule.Why), "source": jsii.String(f.Rule.Source),
		},
		ViolatingResources: &[]*awscdk.PolicyViolatingResource{{
			ResourceLogicalId: jsii.String(f.LogicalID),
			TemplatePath:      jsii.String(f.File),
			Locations:         &locations,
		}},
	}
}

func detail(f rules.Finding) string {
	if f.Property == "" {
		return f.Detail()
	}
	return f.Property + ": " + f.Detail()
}
