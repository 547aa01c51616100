package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/origin"
)

func newLineageCommand(src *source) *cobra.Command {
	var stage, formatName string
	command := &cobra.Command{
		Use:   "lineage [PRODUCT]",
		Short: "Say where products come from, from the mesh file",
		Long: "Lineage says which job makes the tables of a product, when, and out of which tables of\n" +
			"which domains, down to what is delivered, and what each column is made of. PRODUCT is\n" +
			"<domain>.<product>, <product> or <domain>.<product>.<table>; without it every table that\n" +
			"a job makes is listed, without columns. It needs neither Node.js nor an AWS account.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			write, err := origin.ParseFormat(formatName)
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			definition, err := src.load()
			if err != nil {
				return err
			}
			if stage == "" { // the products of all stages come from the same
				stage = definition.Stages.Names()[0]
			}
			plan, err := definition.Plan(stage)
			if err != nil {
				return err
			}
			made := origin.FromPlan(plan)
			name := strings.Join(args, "")
			tables, found := made.Of(name)
			switch {
			case !found:
				known := made.Products()
				return fmt.Errorf("got the product %q; expected %s; fix: %s", name, problem.OneOf(known),
					problem.DidYouMean(name, known, "name one of them, or none for all"))
			case name == "" && formatName == "text":
				return made.Tree(command.OutOrStdout(), tables)
			}
			return write(command.OutOrStdout(), made, tables)
		},
	}
	flags := command.Flags()
	flags.StringVar(&stage, "stage", "", "stage whose schedules and places are said (default: the first by name)")
	flags.StringVarP(&formatName, "format", "f", "text", "one of "+origin.FormatNames())
	return command
}
