package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func newOpenDataCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "opendata [DATASET]",
		Short: "List open data sets, or print the contract of one",
		Long: "Opendata lists the data sets that openData of a domain takes, with who hosts them. With\n" +
			"the id of one it prints its contract, as the beginning of one of your own.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			out := command.OutOrStdout()
			if len(args) == 0 {
				return listOpenData(out)
			}
			d, ok := registry.Find(args[0])
			if !ok {
				return fmt.Errorf("got the data set %q; expected %s; fix: %s", args[0], problem.OneOf(registry.IDs()),
					problem.DidYouMean(args[0], registry.IDs(), "run lakemesh opendata, which lists them"))
			}
			if d.ContractText() == nil {
				return fmt.Errorf("%s has no contract; %s", d.ID, d.LeftOut)
			}
			_, err := out.Write(d.ContractText())
			return err
		},
	}
}

// listOpenData prints the data sets as a table.
func listOpenData(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DATA SET\tSTATUS\tTABLES\tREGION\tTITLE")
	for _, d := range registry.Datasets() {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", d.ID, d.Status, len(d.Tables), d.Region, d.Title)
	}
	return table.Flush()
}
