package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// alterPoll is how often the command asks how a workflow goes.
const alterPoll = 5 * time.Second

func newAlterCommand(src *source) *cobra.Command {
	var stage string
	var dry bool
	command := &cobra.Command{
		Use:   "alter",
		Short: "Change deployed Iceberg tables to what the contracts say",
		Long: "Alter starts, in each domain that keeps the deployed contracts of its Iceberg tables,\n" +
			"the workflow that adds, renames, widens and drops their columns, and waits for it.\n" +
			"What was done already is passed over, so it may run again, and in one stage after the\n" +
			"other. Then it copies the changed contracts into the folders \"applied\" beside them:\n" +
			"commit the copies and deploy.\n\n" +
			"It uses the AWS credentials of the environment, which must be allowed to start the\n" +
			"workflows and belong to the domains' account. --dry-run prints the statements alone.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			definition, err := src.load()
			if err != nil {
				return err
			}
			todo, err := definition.Alter(stage)
			if err != nil {
				return err
			}
			out := command.OutOrStdout()
			for _, domain := range todo.Plan.Domains {
				changes := todo.Changes[domain.Name]
				for _, change := range changes {
					fmt.Fprintf(out, "%s: %s.%s: %s\n", domain.Name, change.Database, change.Table, change.SQL)
				}
				if dry || len(changes) == 0 {
					continue
				}
				if err := alter(command.Context(), domain, changes); err != nil {
					return fmt.Errorf("domain %s: %w", domain.Name, err)
				}
				fmt.Fprintf(out, "%s: done\n", domain.Name)
			}
			if dry {
				return nil
			}
			return keepApplied(out, definition)
		},
	}
	command.Flags().StringVar(&stage, "stage", "", "stage whose tables are changed (default: the only one)")
	command.Flags().BoolVar(&dry, "dry-run", false, "print the statements and do nothing")
	return command
}

// alter runs the workflow of a domain and waits for its end.
func alter(ctx context.Context, domain mesh.DomainPlan, changes []mesh.TableChange) error {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(domain.Environment.Region))
	if err != nil {
		return err
	}
	client := sfn.NewFromConfig(settings)
	input, err := json.Marshal(map[string]any{"changes": changes})
	if err != nil {
		return err
	}
	started, err := client.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: aws.String(domain.Evolution.StateMachineARN), Input: aws.String(string(input)),
	})
	if err != nil {
		return err
	}
	for {
		shown, err := client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		if err != nil {
			return err
		}
		switch shown.Status {
		case types.ExecutionStatusSucceeded:
			return nil
		case types.ExecutionStatusRunning, types.ExecutionStatusPendingRedrive:
		default:
			return fmt.Errorf("%s ended as %s: %s: %s", aws.ToString(started.ExecutionArn), shown.Status, aws.ToString(shown.Error), aws.ToString(shown.Cause))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(alterPoll):
		}
	}
}

// keepApplied copies the contracts whose deployed copy is kept into the folder of what
// the engines were last altered to, where they differ from what is there.
func keepApplied(out io.Writer, d *mesh.Definition) error {
	for _, file := range d.ChangedContracts() {
		text, err := os.ReadFile(file.Path) //nolint:gosec // a contract of the mesh
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(file.Applied), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(file.Applied, text, 0o600); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: kept in %s\n", file.Path, file.Applied)
	}
	return nil
}
