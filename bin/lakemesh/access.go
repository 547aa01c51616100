package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

func newAccessCommand() *cobra.Command {
	var formatName string
	var templates templateSource
	var accounts liveSource
	var bypasses, canGrant, explain bool
	var filter access.MatrixFilter
	command := &cobra.Command{
		Use:   "access [--why PRINCIPAL TABLE[.COLUMN]]",
		Short: "Say who can see what, from the synthesized templates or from accounts",
		Long: "Access reads the templates that will be deployed and says which principal can see\n" +
			"which columns and rows of which product: those of a CDK app (run cdk synth first), or\n" +
			"any CloudFormation templates in JSON or YAML, in a folder or one file. What is asked\n" +
			"for by a flag has to be there; --sensitivity phi has columns without a level too.\n\n" +
			"With --live it reads running accounts instead, with the AWS credentials of the environment\n" +
			"or a role that it assumes in each; with --live and -a those that the templates are deployed\n" +
			"to, and subscriptions of the templates stand beside what they give.",
		Args: func(command *cobra.Command, args []string) error {
			if explain && len(args) != 2 {
				return fmt.Errorf("--why: got %d names; expected two, PRINCIPAL and TABLE or TABLE.COLUMN", len(args))
			}
			if !explain {
				return cobra.NoArgs(command, args)
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			if explain {
				if _, err := render.ParseExplanationFormat(formatName); err != nil {
					return fmt.Errorf("--format: %w", err)
				}
			}
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
			if accounts.policy {
				return accounts.policyOnly(command)
			}
			state, unread, err := accounts.stateOrTemplates(command, &templates)
			if err != nil {
				return err
			}
			if explain {
				return errors.Join(why(command.OutOrStdout(), state, args[0], args[1], formatName), unread)
			}
			matrix, err := state.Evaluate().Filter(filter)
			if err != nil {
				return errors.Join(err, unread)
			}
			return errors.Join(write(command.OutOrStdout(), matrix), unread)
		},
	}
	templates.addPlacelessFlags(command)
	accounts.addFlags(command)
	flags := command.Flags()
	flags.BoolVar(&accounts.live, "live", false, "read running accounts instead of templates")
	flags.StringSliceVar(&accounts.accounts, "account", nil, "account of stacks that have no fixed one; with --live the accounts that are read, may be repeated")
	flags.StringSliceVar(&accounts.regions, "region", nil, "region of stacks that have no fixed one; with --live the regions that are read, may be repeated")
	flags.StringVarP(&formatName, "format", "f", "table", "one of "+render.FormatNames())
	flags.StringVar(&filter.Principal, "principal", "", "only principals whose name contains this")
	flags.StringVar(&filter.Product, "product", "", "only this product, <domain>.<product> or <product>")
	flags.StringVar(&filter.Table, "table", "", "only this table, <database>.<table> or <table>")
	flags.StringVar(&filter.Column, "column", "", "only who sees this column, [[<database>.]<table>.]<column>")
	flags.StringVar(&filter.Domain, "domain", "", "only what is of this domain")
	flags.StringVar((*string)(&filter.Sensitivity), "sensitivity", "", "only who sees columns of this level, for example phi")
	flags.BoolVar(&bypasses, "bypasses", false, "who reaches files of tables past Lake Formation, and how, instead")
	flags.BoolVar(&canGrant, "can-grant", false, "who can give access, to others or to itself, and how, instead")
	flags.BoolVar(&explain, "why", false, "why PRINCIPAL sees TABLE or TABLE.COLUMN, or why not, instead; as table or json")
	for _, other := range []string{"bypasses", "can-grant"} {
		command.MarkFlagsMutuallyExclusive("why", other)
	}
	for _, filter := range []string{"principal", "product", "table", "column", "domain", "sensitivity"} {
		command.MarkFlagsMutuallyExclusive("why", filter)
	}
	command.MarkFlagsMutuallyExclusive("bypasses", "can-grant")
	return command
}
