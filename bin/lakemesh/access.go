package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// accessFormats are the ways to print who can see what.
var accessFormats = map[string]func(*access.Matrix, io.Writer) error{
	"table":    (*access.Matrix).Table,
	"json":     (*access.Matrix).JSON,
	"csv":      (*access.Matrix).CSV,
	"markdown": (*access.Matrix).Markdown,
}

func newAccessCommand() *cobra.Command {
	var assembly, format string
	var options access.Options
	command := &cobra.Command{
		Use:   "access",
		Short: "Say who can see what, from the synthesized templates",
		Long: "Access reads the templates that will be deployed and says which principal can see\n" +
			"which columns and rows of which product. Run cdk synth first.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			render, known := accessFormats[format]
			if !known {
				return fmt.Errorf("--format: got %q; expected one of %s", format, strings.Join(formatNames(), ", "))
			}
			state, err := access.FromAssembly(assembly)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("no templates in %s: run cdk synth first, or name their folder with --assembly (%w)", assembly, err)
			}
			if err != nil {
				return err
			}
			return render(state.Evaluate().Filter(options), command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVarP(&assembly, "assembly", "a", "cdk.out", "folder of the synthesized templates")
	flags.StringVarP(&format, "format", "f", "table", "one of "+strings.Join(formatNames(), ", "))
	flags.StringVar(&options.Principal, "principal", "", "only principals whose name contains this")
	flags.StringVar(&options.Product, "product", "", "only this product, <domain>.<product> or <product>")
	flags.StringVar(&options.Table, "table", "", "only this table, <database>.<table> or <table>")
	flags.StringVar(&options.Sensitivity, "sensitivity", "", "only who sees columns of this level, for example phi")
	return command
}

func formatNames() []string { return slices.Sorted(maps.Keys(accessFormats)) }
