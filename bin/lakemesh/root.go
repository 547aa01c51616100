package main

import (
	"io"

	"github.com/spf13/cobra"
)

// newRootCommand makes the command line. Without a subcommand it synthesizes,
// which is what the CDK's command line expects of an app.
func newRootCommand(out, errs io.Writer) *cobra.Command {
	src := &source{}
	root := &cobra.Command{
		Use:           "lakemesh",
		Short:         "A governed health data mesh on AWS, from data contracts",
		Long:          "Lakemesh turns data contracts into a governed data mesh on AWS.\n\nWithout a command it synthesizes the mesh, as the CDK's command line asks of an app.",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(command *cobra.Command, _ []string) error { return synth(src, command.ErrOrStderr()) },
	}
	root.SetOut(out)
	root.SetErr(errs)
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().StringVarP(&src.file, "mesh", "m", "", "mesh file (default: the context value mesh, else the sample mesh riverside)")
	root.AddCommand(newSynthCommand(src), newValidateCommand(src), newAccessCommand(), newDiffCommand(src), newDriftCommand(), newReportCommand(src), newLineageCommand(src), newAlterCommand(src), newInitCommand(), newOpenDataCommand())
	return root
}
