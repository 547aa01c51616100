package deploy

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
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

// ReadBack reads from the local AWS what the environments of a plan hold.
func ReadBack(ctx context.Context, server *localaws.Server, plan *mesh.Plan) (*access.State, error) {
	var states []*access.State
	for _, foundation := range plan.Foundations {
		cfg, err := Config(ctx, server, foundation.Environment)
		if err != nil {
			return nil, err
		}
		state, err := live.Read(ctx, cfg, foundation.Environment.Account)
		if err != nil {
			return nil, err
		}
		states = append(states, state)
	}
	return access.Merge(states...), nil
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
	return access.Diff(access.FromPlan(plan), rendered).Without(deployers...), access.Diff(rendered, deployed)
}
