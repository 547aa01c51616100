package live

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"golang.org/x/sync/errgroup"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Place is an account and a region of it.
type Place struct {
	Account string // 12 digits
	Region  string // such as us-east-1
}

// Places returns every account in every region, sorted, each once.
func Places(accounts, regions []string) []Place {
	var out []Place
	for _, account := range accounts {
		for _, region := range regions {
			out = append(out, Place{account, region})
		}
	}
	return SortPlaces(out)
}

// SortPlaces returns places sorted by account and region, each once.
func SortPlaces(in []Place) []Place {
	out := slices.SortedFunc(slices.Values(in), func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
	})
	return slices.Compact(out)
}

// String returns "account/region".
func (p Place) String() string { return p.Account + "/" + p.Region }

const (
	assumeRole  = "sts:AssumeRole"
	sessionName = "lakemesh" // as CloudTrail shows it
	maxPlaces   = 4          // accounts and regions that are read at the same time
	maxAttempts = 10         // of a call that is throttled, at least
)

// RoleARN returns the ARN of a role that has the same name in each account.
func (p Place) RoleARN(role string) string {
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", template.PartitionOf(p.Region).Name, p.Account, role)
}

// Read reads accounts, several at the same time. The role, when it is not "", is assumed
// in each account, by its name, with its path before it if it has one; otherwise the
// credentials of the configuration are used, which are of one account.
//
// Calls that are throttled are repeated, and the clients slow down until they are not.
func Read(ctx context.Context, cfg aws.Config, role string, places ...Place) *Reading {
	readings := make([]*Reading, len(places))
	var group errgroup.Group
	group.SetLimit(maxPlaces)
	for i, p := range places {
		group.Go(func() error {
			readings[i] = readPlace(ctx, patient(cfg, p.Region), role, p)
			return nil
		})
	}
	_ = group.Wait() // what fails is in the readings
	return Merge(readings...)
}

func readPlace(ctx context.Context, cfg aws.Config, role string, p Place) *Reading {
	cfg, failed := enter(ctx, cfg, role, p)
	if failed != nil {
		return &Reading{Places: []Place{p}, Problems: []Problem{*failed}}
	}
	return Reader{
		Glue:          glue.NewFromConfig(cfg),
		LakeFormation: lakeformation.NewFromConfig(cfg),
		Identity:      sts.NewFromConfig(cfg),
		Account:       p.Account,
		Region:        p.Region,
	}.Read(ctx)
}

// enter returns a configuration with credentials for a place, those of the role in it where
// there is one.
func enter(ctx context.Context, cfg aws.Config, role string, p Place) (aws.Config, *Problem) {
	var call string
	if role != "" {
		call = assumeRole
		assume := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), p.RoleARN(role), func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = sessionName })
		cfg.Credentials = aws.NewCredentialsCache(assume)
	}
	if cfg.Credentials == nil {
		return cfg, nil
	}
	_, err := cfg.Credentials.Retrieve(ctx)
	switch {
	case ctx.Err() != nil:
		return cfg, &Problem{Account: p.Account, Region: p.Region, Part: Everything, Err: ctx.Err()}
	case err == nil:
		return cfg, nil
	case role != "":
		err = fmt.Errorf("%s: %w", p.RoleARN(role), err)
	default:
		err = fmt.Errorf("no credentials: %w", err)
	}
	return cfg, &Problem{Account: p.Account, Region: p.Region, Call: call, Part: Everything, Err: err}
}

// patient returns the configuration for a region, with clients that slow down when they
// are throttled. Without a limit of their own on retries: a large catalog is many calls.
func patient(cfg aws.Config, region string) aws.Config {
	out := cfg.Copy()
	out.Region = region
	attempts := max(maxAttempts, cfg.RetryMaxAttempts)
	out.RetryMaxAttempts = attempts
	out.Retryer = func() aws.Retryer {
		return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
			o.StandardOptions = append(o.StandardOptions, func(o *retry.StandardOptions) {
				o.MaxAttempts = attempts
				o.RateLimiter = ratelimit.None
			})
		})
	}
	return out
}
