package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/drift"
)

// liveSource says which accounts are read, and as whom.
type liveSource struct {
	accounts, regions []string
	role              string
	policy            bool // is printed instead
	live              bool // accounts are read, of a command that otherwise reads templates
}

// addFlags adds the flags but for those of accounts and regions.
func (l *liveSource) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&l.role, "role", "", "role to assume in each account, by its name (default: the credentials of the environment, for their own account)")
	flags.BoolVar(&l.policy, "print-policy", false, "print the policy of IAM that reading needs, and do nothing")
}

// interruptible is a context that ends when the user interrupts the command.
func interruptible(command *cobra.Command) (context.Context, func()) {
	return signal.NotifyContext(command.Context(), syscall.SIGINT, syscall.SIGTERM)
}

// among returns the places that are asked for among those of templates; all without flags.
func (l *liveSource) among(places []live.Place) ([]live.Place, error) {
	var accounts, regions []string
	for _, p := range places {
		accounts, regions = append(accounts, p.Account), append(regions, p.Region)
	}
	for _, asked := range []struct {
		flag        string
		have, known []string
	}{{"account", l.accounts, accounts}, {"region", l.regions, regions}} {
		for _, name := range asked.have {
			if !slices.Contains(asked.known, name) {
				slices.Sort(asked.known)
				return nil, fmt.Errorf("--%s: got %q; expected one that the templates are deployed to: %s", asked.flag, name, strings.Join(slices.Compact(asked.known), ", "))
			}
		}
	}
	out := slices.DeleteFunc(slices.Clone(places), func(p live.Place) bool {
		return len(l.accounts) > 0 && !slices.Contains(l.accounts, p.Account) || len(l.regions) > 0 && !slices.Contains(l.regions, p.Region)
	})
	if len(out) == 0 {
		return nil, errors.New("got no account and region to read; expected stacks with a fixed env, or --account and --region; fix: set env in the app")
	}
	return out, nil
}

// places returns the accounts and regions of the flags; without them those of the
// credentials.
func (l *liveSource) places(ctx context.Context, cfg aws.Config) ([]live.Place, error) {
	accounts, regions := l.accounts, l.regions
	if len(regions) == 0 {
		if cfg.Region == "" {
			return nil, errors.New("got no region; expected one; fix: --region, or the variable AWS_REGION")
		}
		regions = []string{cfg.Region}
	}
	if len(accounts) == 0 {
		cfg := cfg.Copy()
		cfg.Region = regions[0]
		who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return nil, fmt.Errorf("which account is meant could not be found out: %w; fix: --account, and credentials", err)
		}
		accounts = []string{aws.ToString(who.Account)}
	}
	return live.Places(accounts, regions), nil
}

// stateOrTemplates reads accounts where the flags ask for it, and templates otherwise. What
// could not be read of accounts is the second error.
func (l *liveSource) stateOrTemplates(command *cobra.Command, templates *templateSource) (state *access.State, unread, failed error) {
	switch {
	case l.live:
		return l.state(command, templates)
	case l.role != "":
		return nil, nil, errors.New("--role: the templates are read without a role; expected --live beside it")
	}
	state, failed = templates.readOne(l.accounts, l.regions)
	return state, nil, failed
}

// state reads accounts: those of the templates where these are named, else those of the
// flags. What could not be read is the second error; the state has all else.
func (l *liveSource) state(command *cobra.Command, templates *templateSource) (state *access.State, unread, failed error) {
	ctx, stop := interruptible(command)
	defer stop()
	cfg, err := loadConfig(ctx)
	if err != nil {
		return nil, nil, err
	}
	var places []live.Place
	deployed := &drift.Templates{State: &access.State{}}
	if command.Flags().Changed("assembly") {
		given, err := templates.values(l.accounts, l.regions)
		if err != nil {
			return nil, nil, err
		}
		if deployed, err = drift.FromTemplates(templates.path, given); err != nil {
			return nil, nil, err
		}
		if places, err = l.among(deployed.Places); err != nil {
			return nil, nil, err
		}
	} else if places, err = l.places(ctx, cfg); err != nil {
		return nil, nil, err
	}
	reading := live.Read(ctx, cfg, l.role, places...)
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if err := reading.Err(); err != nil {
		unread = fmt.Errorf("not everything could be read:\n%w", err)
	}
	return reading.Doubted().WithSubscriptions(deployed.State), unread, nil
}

// policyOnly prints the policy for the accounts of the flags.
func (l *liveSource) policyOnly(command *cobra.Command) error {
	cfg, err := loadConfig(command.Context())
	if err != nil {
		return err
	}
	regions := l.regions
	if len(regions) == 0 {
		regions = []string{cfg.Region}
	}
	return l.printPolicy(command.OutOrStdout(), command.ErrOrStderr(), cfg, live.Places(l.accounts, regions), false)
}

// printPolicy writes the policy to out and how to use it to errs.
func (l *liveSource) printPolicy(out, errs io.Writer, cfg aws.Config, places []live.Place, names bool) error {
	partition := "aws"
	for _, region := range slices.Concat(l.regions, []string{cfg.Region}) {
		if region != "" {
			partition = template.PartitionOf(region).Name
			break
		}
	}
	if len(places) > 0 {
		partition = template.PartitionOf(places[0].Region).Name
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(live.PolicyFor(partition, names)); err != nil {
		return err
	}
	fmt.Fprint(errs, "Give this policy to who reads, in each account: the role of --role, or who runs the command.\n"+
		"It allows the calls that are made and nothing else; sts:GetCallerIdentity needs no permission.\n\n"+
		"The reader has to be a read-only administrator of the data lake, in each account and region: Lake\n"+
		"Formation leaves out of its answers what others may not see, without a sign. To make it one:\n\n"+
		"  aws lakeformation get-data-lake-settings --query DataLakeSettings > settings.json\n"+
		"  # add {\"DataLakePrincipalIdentifier\": \"<ARN of the reader>\"} to \"ReadOnlyAdmins\"\n"+
		"  aws lakeformation put-data-lake-settings --data-lake-settings file://settings.json\n")
	if l.role == "" {
		return nil
	}
	fmt.Fprintf(errs, "\nThe role %s has to trust who runs the command, who needs this policy:\n\n", l.role)
	if len(places) == 0 {
		places = []live.Place{{Account: "*", Region: partitionRegions[partition]}}
	}
	encoder = json.NewEncoder(errs)
	encoder.SetIndent("", "  ")
	return encoder.Encode(live.AssumePolicy(l.role, places))
}

// partitionRegions are a region of each partition.
var partitionRegions = map[string]string{"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}

// loadConfig returns the configuration of the environment: its credentials, region and
// endpoints, by the variables and files that all tools of AWS know.
func loadConfig(ctx context.Context) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return cfg, fmt.Errorf("configuration of AWS: %w", err)
	}
	return cfg, nil
}
