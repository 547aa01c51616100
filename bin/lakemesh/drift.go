package main

import (
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/drift"
)

func newDriftCommand() *cobra.Command {
	var formatName, today string
	var others []string
	var templates templateSource
	var accounts liveSource
	command := &cobra.Command{
		Use:   "drift",
		Short: "Say what was changed by hand in accounts since they were deployed",
		Long: "Drift reads the accounts that templates are deployed to and says what is not as the\n" +
			"templates say: granted, revoked, tagged, registered or opened by hand, and who gains or\n" +
			"loses what by it. What the deployment itself leads to is not reported: implicit grants,\n" +
			"tables of crawlers and jobs, readers of FHIR stores, ended subscriptions. Lake Formation\n" +
			"and the Glue catalog are read; policies of IAM, of buckets and of keys are not.\n\n" +
			"It only reads, with the AWS credentials of the environment or a role that it assumes in\n" +
			"each account. It ends with 2 when there is drift and with 1 when not everything could be\n" +
			"read; what could be is printed all the same.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			write, err := drift.ParseFormat(formatName)
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			for _, pattern := range others {
				if _, err := path.Match(pattern, ""); err != nil {
					return fmt.Errorf("--others: got %q; expected a name of databases, in which * is any text", pattern)
				}
			}
			day := time.Now().UTC()
			if today != "" {
				if day, err = parseDay("--today", today); err != nil {
					return err
				}
			}
			ctx, stop := interruptible(command)
			defer stop()
			cfg, err := loadConfig(ctx)
			if err != nil {
				return err
			}
			given, err := templates.values(accounts.accounts, accounts.regions)
			if err != nil {
				return err
			}
			expected, err := drift.FromTemplates(templates.path, given)
			if err != nil && accounts.policy {
				return accounts.printPolicy(command.OutOrStdout(), command.ErrOrStderr(), cfg, nil, true)
			}
			if err != nil {
				return err
			}
			places, err := accounts.among(expected.Places)
			if err != nil {
				return err
			}
			if accounts.policy {
				return accounts.printPolicy(command.OutOrStdout(), command.ErrOrStderr(), cfg, places, len(expected.Unnamed) > 0)
			}
			unnamed := slices.DeleteFunc(expected.Unnamed, func(s live.StackName) bool { return !slices.Contains(places, s.Place) })
			var problems []live.Problem
			if given.Names, problems = live.Names(ctx, cfg, accounts.role, unnamed...); len(given.Names) > 0 {
				if expected, err = drift.FromTemplates(templates.path, given); err != nil {
					return err
				}
			}
			reading := live.Read(ctx, cfg, accounts.role, places...)
			reading.Add(problems...)
			expected.Others = others
			if err := ctx.Err(); err != nil {
				return err
			}
			found := drift.Find(expected, reading, day)
			if err := write(command.OutOrStdout(), found); err != nil {
				return err
			}
			if err := reading.Err(); err != nil {
				return fmt.Errorf("not everything could be read:\n%w", err)
			}
			if !found.Empty() {
				return failOn("drift: accounts are not as the templates say")
			}
			return nil
		},
	}
	templates.addPlacelessFlags(command)
	accounts.addFlags(command)
	flags := command.Flags()
	flags.StringSliceVar(&accounts.accounts, "account", nil, "only this account of the templates; may be repeated")
	flags.StringSliceVar(&accounts.regions, "region", nil, "only this region of the templates; may be repeated")
	flags.StringVarP(&formatName, "format", "f", "text", "one of "+drift.FormatNames())
	flags.StringSliceVar(&others, "others", nil, "databases that others have in the same accounts, such as shared_*, which are noted and not reported; may be repeated")
	flags.StringVar(&today, "today", "", "judge which subscriptions have ended as of this day, YYYY-MM-DD (default: the current day)")
	return command
}
