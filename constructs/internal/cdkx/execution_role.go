package cdkx

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
)

// ExecutionRole is the role that CloudFormation works with in a stack, by what its
// synthesizer says; "" where that is the role of whoever deploys.
func ExecutionRole(stack awscdk.Stack) string {
	if role, known := boundRole(stack); known {
		return role
	}
	return probedRole(stack)
}

// boundRole asks a synthesizer that the stack made for itself. One that a program
// passes is bound as a copy, and the stack has the original, which throws; others know
// of no such role.
func boundRole(stack awscdk.Stack) (role string, known bool) {
	defer func() { known = recover() == nil && known }()
	var b batch.Batch
	arn := b.Get(b.Get(stack, "synthesizer"), "cloudFormationExecutionRoleArn")
	b.Send(arn)
	role, known = batch.Value[any](&b, arn).(string)
	return role, known
}

// probedRole synthesizes an empty stack of an app of its own with the same
// synthesizer, environment and qualifier, and reads the role from what the command
// line would be told.
func probedRole(stack awscdk.Stack) string {
	dir, err := os.MkdirTemp("", "lakemesh-role-")
	if err != nil {
		return ""
	}
	defer os.RemoveAll(dir)
	const qualifier = "@aws-cdk/core:bootstrapQualifier"
	context := map[string]any{"@aws-cdk/core:validateAgainstDefaultRules": false}
	if chosen := stack.Node().TryGetContext(jsii.String(qualifier)); chosen != nil {
		context[qualifier] = chosen
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: jsii.String(dir), PostCliContext: &context,
		AutoSynth: jsii.Bool(false), AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false),
	})
	probe := awscdk.NewStack(app, jsii.String("Probe"), &awscdk.StackProps{
		Synthesizer: stack.Synthesizer(),
		Env:         &awscdk.Environment{Account: literal(stack.Account()), Region: literal(stack.Region())},
	})
	role := app.Synth(&awscdk.StageSynthesisOptions{SkipValidation: jsii.Bool(true)}).GetStackArtifact(probe.ArtifactId()).CloudFormationExecutionRoleArn()
	if role == nil {
		return ""
	}
	return *role
}

// literal is a text that is known before deployment, else nil.
func literal(text *string) *string {
	if HoldsToken(*text) {
		return nil
	}
	return text
}
