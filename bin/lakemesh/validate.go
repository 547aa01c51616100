package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func newValidateCommand(src *source) *cobra.Command {
	var today string
	command := &cobra.Command{
		Use:   "validate",
		Short: "Check the mesh file and its contracts",
		Long: "Validate checks the mesh file, every contract and every stage, and prints all\n" +
			"problems at once, each with its place, what was found, what was expected and how\n" +
			"to mend it. It needs neither Node.js nor an AWS account. It fails when there is a\n" +
			"problem; warnings are printed and do not fail. Notes say what costs money while\n" +
			"nobody uses it.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			day, err := parseDay("--today", today)
			if err != nil {
				return err
			}
			definition, err := src.load()
			if err == nil {
				err = definition.ValidateAt(day)
			}
			if problems := problem.Of(err); len(problems) > 0 {
				return fmt.Errorf("%w\n%s: %s", err, src.name(), count(len(problems), "problem"))
			}
			for _, warning := range definition.WarningsAt(day) {
				fmt.Fprintf(command.ErrOrStderr(), "warning: %v\n", warning)
			}
			if err := plans(definition); err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "ok: %s\n", summary(definition))
			for _, note := range definition.Notes() {
				fmt.Fprintf(command.OutOrStdout(), "note: %s\n", note)
			}
			return nil
		},
	}
	command.Flags().StringVar(&today, "today", "", "judge expiry as of this day, YYYY-MM-DD (default: the current day)")
	return command
}

// parseDay reads a day that was given under a name; "" is the current day.
func parseDay(name, text string) (time.Time, error) {
	if text == "" {
		return time.Now().UTC(), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: got %q; expected a day as YYYY-MM-DD", name, text)
	}
	return day, nil
}

// plans makes the plan of every stage, so that what only a plan can show, such
// as a name that is too long in one region, is found before a deployment.
func plans(definition *mesh.Definition) error {
	for _, stage := range definition.Stages.Names() {
		if _, err := definition.Plan(stage); err != nil {
			return fmt.Errorf("stage %s: %w", stage, err)
		}
	}
	return nil
}

func summary(d *mesh.Definition) string {
	var products, tables, columns int
	for _, domain := range d.Domains {
		products += len(domain.Contracts)
		for _, c := range domain.Contracts {
			tables += len(c.Tables)
			for _, t := range c.Tables {
				columns += len(t.Columns)
			}
		}
	}
	return fmt.Sprintf("mesh %s: %s, %s, %s, %s, %s, %s", d.Name,
		count(len(d.Stages), "stage"), count(len(d.Domains), "domain"), count(products, "product"),
		count(tables, "table"), count(columns, "column"), count(len(d.Subscriptions), "subscription"))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
