package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/stacks"
)

func newSynthCommand(src *source) *cobra.Command {
	return &cobra.Command{
		Use:   "synth",
		Short: "Synthesize the mesh into CloudFormation templates (what cdk runs)",
		Long: "Synth writes the mesh's templates into the folder that the CDK's command line\n" +
			"names, cdk.out when run by hand. The context values mesh (a mesh file) and stage\n" +
			"(needed when the mesh has several) choose what is built: cdk synth -c stage=prod.\n\n" +
			"Subscriptions that have ended give no grants: the context value today (a day,\n" +
			"YYYY-MM-DD) says as of when, the current day when it is not set.\n\n" +
			"The context value deployed (a folder of templates as they are deployed, the output\n" +
			"folder when it is not set) is what synth compares with, to say which changes of\n" +
			"access between accounts need two deployments.\n\n" +
			"The guardrails of the mesh judge the templates: a violation fails the synthesis.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return synth(src, command.ErrOrStderr()) },
	}
}

// outdirVariable is how the CDK's command line names the output folder.
const outdirVariable = "CDK_OUTDIR"

func synth(src *source, errs io.Writer) (err error) {
	flags.UseMoreMemory()
	defer closeRuntime()
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("the mesh cannot be synthesized:\n%v", problem)
		}
	}()
	context := flags.Recommended()
	records := flags.NoRecords()
	props := &awscdk.AppProps{Context: &context, PostCliContext: &records, AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false)}
	if os.Getenv(outdirVariable) == "" {
		props.Outdir = jsii.String("cdk.out")
	}
	app := awscdk.NewApp(props)
	if cache, err := os.UserCacheDir(); err == nil {
		policy.RememberValid(app, filepath.Join(cache, "lakemesh", "validated"))
	}
	if file := contextValue(app, "mesh"); file != "" && src.file == "" {
		src = &source{file: file}
	}
	definition, err := src.load()
	if err != nil {
		return err
	}
	day, err := parseDay("context value today", contextValue(app, "today"))
	if err != nil {
		return err
	}
	plan, err := definition.PlanAt(contextValue(app, "stage"), day)
	if err != nil {
		return err
	}
	for _, s := range plan.Expired {
		fmt.Fprintf(errs, "warning: %s no longer reads %s.%s: the subscription ended on %s\n", s.Consumer, s.Producer, s.Product, s.Expires)
	}
	if first := plan.EndingStacks(); len(first) > 0 {
		fmt.Fprintf(errs, "warning: deploy first what consumers in other accounts take back, while they still see it: cdk deploy --exclusively %s\n", strings.Join(first, " "))
	}
	if err := warnOfRevoked(app, plan, errs); err != nil {
		return err
	}
	judge, err := definition.Judge(plan)
	if err != nil {
		return err
	}
	policy.Use(app, judge.At(day))
	stacks.Build(app, plan)
	app.Synth(nil)
	return nil
}

// closeRuntime stops the CDK's Node.js process. The jsii runtime waits for it
// twice at once and, when the wrong wait wins, reports an abnormal exit that was
// none; what it writes while it closes is dropped, the mesh is written by then.
func closeRuntime() {
	errs := os.Stderr
	defer func() { os.Stderr = errs }()
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		defer null.Close()
		os.Stderr = null
	}
	jsii.Close()
}
