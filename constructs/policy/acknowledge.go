package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// Acknowledgement names a rule that is broken on purpose, with the reason an auditor
// reads.
type Acknowledgement struct {
	Rule   string // such as LakeMesh.LF42
	Reason string // why the rule is broken on purpose
}

// Acknowledge records that a scope breaks rules on purpose: a CloudFormation resource,
// or any other construct of a stack, or the stack, with everything below, nested
// stacks too. For a resource it stands in the resource's metadata, else in that of the
// template, by a path that begins at the stack.
//
// Later calls add to earlier ones. An acknowledgement that matches no finding is
// itself a finding. It panics on an unknown rule, on an empty reason, and on an app or
// stage: an exception says which stack it is for.
func Acknowledge(scope constructs.IConstruct, acknowledgements ...Acknowledgement) {
	var problems problem.List
	if cdkx.Missing(scope) {
		problems.Addf("scope", "nothing", "a resource, a construct of a stack, or a stack", "pass what breaks the rules")
		panic(fmt.Errorf("policy.Acknowledge: %w", problems.Err()))
	}
	var entries []any
	for i, a := range acknowledgements {
		path := fmt.Sprintf("acknowledgements[%d]", i)
		if !slices.ContainsFunc(rules.All(), func(r rules.Rule) bool { return r.ID == a.Rule }) {
			problems.Addf(path+".Rule", fmt.Sprintf("%q", a.Rule), "the id of a rule", "see rules.All")
		}
		if strings.TrimSpace(a.Reason) == "" {
			problems.Addf(path+".Reason", "nothing", "a reason that an auditor would accept", "write why the rule does not fit here")
		}
		entries = append(entries, map[string]any{"id": a.Rule, "reason": a.Reason})
	}
	stack := stackOf(scope)
	if stack == nil {
		problems.Addf("scope", "an app, a stage or a construct that holds stacks", "a resource, a construct of a stack, or a stack", "acknowledge in each stack that breaks the rule")
	}
	if err := problems.Err(); err != nil {
		panic(fmt.Errorf("%s: %w", *scope.Node().Path(), err))
	}
	if resource, isResource := scope.(awscdk.CfnResource); isResource {
		recorded, _ := resource.GetMetadata(jsii.String(template.AcknowledgementsMetadata)).([]any)
		resource.AddMetadata(jsii.String(template.AcknowledgementsMetadata), append(recorded, entries...))
		return
	}
	within := strings.TrimPrefix(strings.TrimPrefix(*scope.Node().Path(), *stack.Node().Path()), "/")
	for _, entry := range entries {
		if fields, ok := entry.(map[string]any); ok {
			fields["scope"] = within
		}
	}
	var recorded []any
	if metadata := stack.TemplateOptions().Metadata(); metadata != nil {
		recorded, _ = (*metadata)[template.AcknowledgementsMetadata].([]any)
	}
	stack.AddMetadata(jsii.String(template.AcknowledgementsMetadata), append(recorded, entries...))
}

// stackOf is the stack that a construct is, or stands in; nil above all stacks.
func stackOf(scope constructs.IConstruct) awscdk.Stack {
	for _, above := range *scope.Node().Scopes() {
		if *awscdk.Stack_IsStack(above) {
			return awscdk.Stack_Of(scope)
		}
	}
	return nil
}
