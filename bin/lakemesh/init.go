package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/starter"
)

func newInitCommand() *cobra.Command {
	var from string
	var list bool
	command := &cobra.Command{
		Use:   "init --from NAME [DIR]",
		Short: "Start a CDK app of your own from a ready mesh",
		Long: "Init writes a ready mesh into a folder: a commented mesh file, its contracts, and the\n" +
			"CDK app around them. The folder is the current one where none is named; it is new, or\n" +
			"has no files but such as .git. Without --from it lists the ready meshes.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			out := command.OutOrStdout()
			if list || from == "" && len(args) == 0 {
				return listReady(out)
			}
			if from == "" {
				return fmt.Errorf("--from: got nothing; expected the name of a ready mesh, which lakemesh init lists")
			}
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			if err := starter.Write(from, dir); err != nil {
				return err
			}
			fmt.Fprintf(out, "ok: %s is in %s; its README.md says what to do next\n", from, dir)
			return nil
		},
	}
	command.Flags().StringVar(&from, "from", "", "name of a ready mesh")
	command.Flags().BoolVar(&list, "list", false, "list the ready meshes")
	return command
}

// listReady prints the ready meshes as a table.
func listReady(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "--from\tWhat it is\n")
	for _, m := range starter.Meshes() {
		fmt.Fprintf(table, "%s\t%s\n", m.Name, m.Description)
	}
	return table.Flush()
}
