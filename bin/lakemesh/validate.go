package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
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
			"problem, or when a guardrail of the mesh refuses what the plan grants; warnings are printed and do not fail. Notes say what costs money while\n" +
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
			if err := plans(definition, day); err != nil {
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
// as a name that is too long in one region, or an access that a guardrail refuses, is found
// before a deployment.
func plans(definition *mesh.Definition, day time.Time) error {
	var violations []error
	for _, stage := range definition.Stages.Names() {
		plan, err := definition.Plan(stage)
		if err != nil {
			return fmt.Errorf("stage %s: %w", stage, err)
		}
		judge, err := definition.Judge(plan)
		if err != nil {
			return fmt.Errorf("stage %s: %w", stage, err)
		}
		if len(judge.Rules()) == 0 {
			continue
		}
		for _, v := range judge.At(day).Matrix(planned.Read(plan).Evaluate()).Violations {
			violations = append(violations, fmt.Errorf("stage %s: %s", stage, v))
		}
	}
	if len(violations) > 0 {
		return fmt.Errorf("%w\n%s", errors.Join(violations...), count(len(violations), "violation of guardrails", "violations of guardrails"))
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

// count says how many there are; several is the noun for these, by default with an s.
func count(n int, noun string, several ...string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case len(several) > 0:
		return fmt.Sprintf("%d %s", n, several[0])
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
