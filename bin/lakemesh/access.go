package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

func newAccessCommand() *cobra.Command {
	var folder, formatName string
	var bypasses, canGrant bool
	var filter access.MatrixFilter
	command := &cobra.Command{
		Use:   "access",
		Short: "Say who can see what, from the synthesized templates",
		Long: "Access reads the templates that will be deployed and says which principal can see\n" +
			"which columns and rows of which product. Run cdk synth first. What is asked for by a\n" +
			"flag has to be there; --sensitivity phi has columns without a level too.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			parse := render.ParseFormat
			switch {
			case bypasses:
				parse = render.ParseBypassFormat
			case canGrant:
				parse = render.ParseGrantorFormat
			}
			write, err := parse(formatName)
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			state, err := assembly.Read(folder)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("no templates in %s: run cdk synth first, or name their folder with --assembly (%w)", folder, err)
			}
			if err != nil {
				return err
			}
			matrix, err := state.Evaluate().Filter(filter)
			if err != nil {
				return err
			}
			return write(command.OutOrStdout(), matrix)
		},
	}
	flags := command.Flags()
	flags.StringVarP(&folder, "assembly", "a", "cdk.out", "folder of the synthesized templates")
	flags.StringVarP(&formatName, "format", "f", "table", "one of "+render.FormatNames())
	flags.StringVar(&filter.Principal, "principal", "", "only principals whose name contains this")
	flags.StringVar(&filter.Product, "product", "", "only this product, <domain>.<product> or <product>")
	flags.StringVar(&filter.Table, "table", "", "only this table, <database>.<table> or <table>")
	flags.StringVar((*string)(&filter.Sensitivity), "sensitivity", "", "only who sees columns of this level, for example phi")
	flags.BoolVar(&bypasses, "bypasses", false, "who reaches files of tables past Lake Formation, and how, instead")
	flags.BoolVar(&canGrant, "can-grant", false, "who can give access, to others or to itself, and how, instead")
	command.MarkFlagsMutuallyExclusive("bypasses", "can-grant")
	return command
}
