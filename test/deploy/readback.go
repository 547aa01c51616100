package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// Config is the SDK configuration that talks to the local AWS in an environment.
func Config(ctx context.Context, server *localaws.Server, env mesh.Environment) (aws.Config, error) {
	own, err := server.CredentialsFor(ctx, env.Account)
	if err != nil {
		return aws.Config{}, err
	}
	return awsconfig.LoadDefaultConfig(ctx,
		awsconfig.WithRegion(env.Region),
		awsconfig.WithBaseEndpoint(server.Endpoint()),
		awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(own.AccessKeyID, own.SecretAccessKey, own.SessionToken)),
		awsconfig.WithSharedConfigFiles(nil),
		awsconfig.WithSharedCredentialsFiles(nil),
	)
}

// ReadBack reads from the local AWS what the environments of a plan hold, but for
// what HealthLake and the workflow of its tables add after the deployment: links to
// databases of HealthLake's own account, and grants on them.
func ReadBack(ctx context.Context, server *localaws.Server, plan *mesh.Plan) (*access.State, error) {
	var states []*access.State
	for _, foundation := range plan.Foundations {
		cfg, err := Config(ctx, server, foundation.Environment)
		if err != nil {
			return nil, err
		}
		reading := live.Read(ctx, cfg, "", live.Place{Account: foundation.Environment.Account, Region: foundation.Environment.Region})
		for _, p := range reading.Problems {
			if !errors.Is(p, live.ErrNotAdministrator) { // here everybody is shown everything
				return nil, p
			}
		}
		states = append(states, reading.State)
	}
	return withoutFhirTables(access.Merge(states...), plan), nil
}

func withoutFhirTables(all *access.State, plan *mesh.Plan) *access.State {
	ours := func(account string) bool {
		return slices.ContainsFunc(plan.Foundations, func(f mesh.Foundation) bool { return f.Environment.Account == account })
	}
	out := &access.State{Unresolved: all.Unresolved}
	for _, c := range all.Catalogs {
		if !ours(c.Account) {
			continue
		}
		links := map[string]bool{}
		c.Databases = slices.DeleteFunc(slices.Clone(c.Databases), func(d access.Database) bool {
			account, _, isLink := strings.Cut(d.Target, "/")
			links[d.Name] = isLink && !ours(account)
			return links[d.Name]
		})
		c.Tables = slices.DeleteFunc(slices.Clone(c.Tables), func(t access.Table) bool { return links[t.Database] })
		c.Grants = slices.DeleteFunc(slices.Clone(c.Grants), func(g lakeformation.Grant) bool { return links[g.Resource.Database] })
		out.Catalogs = append(out.Catalogs, c)
	}
	return out
}

// Deployers are the roles that deploy the environments of a plan. They are Lake
// Formation administrators that no mesh file names.
func Deployers(plan *mesh.Plan) []string {
	var out []string
	for _, f := range plan.Foundations {
		out = append(out, fmt.Sprintf("arn:aws:iam::%[1]s:role/cdk-hnb659fds-cfn-exec-role-%[1]s-%[2]s",
			f.Environment.Account, f.Environment.Region))
	}
	return out
}

// Compare holds a plan against what was rendered from it and against what was
// deployed: both differences are empty when everything is as planned, with
// nothing missing and nothing extra.
func Compare(plan *mesh.Plan, rendered, deployed *access.State) (templates, deployment *access.Difference) {
	deployers := Deployers(plan)
	return access.Diff(planned.Read(plan), rendered).Without(deployers...), access.Diff(withoutPromises(rendered), deployed)
}

// withoutPromises leaves out the readers of FHIR stores: a workflow grants them
// after the deployment.
func withoutPromises(rendered *access.State) *access.State {
	out := access.Merge(rendered)
	for i := range out.Catalogs {
		out.Catalogs[i].FhirStores = nil
	}
	return out
}
