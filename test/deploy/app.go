package deploy

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// App is the built CDK app, deployed to a local AWS.
type App struct {
	Root   string           // of the repository
	Server *localaws.Server // what it is deployed to
	Output string           // folder that templates are written to
	Mesh   string           // mesh file; "" is the sample
	Stage  string           // stage of the mesh
	Today  string           // day as of which subscriptions have ended; "" is the current one
	Log    io.Writer        // what the CDK's command line prints
}

// Bootstrap runs cdk bootstrap for an environment, as its own account does.
func (a *App) Bootstrap(ctx context.Context, env mesh.Environment) error {
	own, err := a.Server.EnvFor(ctx, env.Account)
	if err != nil {
		return err
	}
	return a.cdk(ctx, own, "bootstrap", "aws://"+env.String())
}

// Deploy runs cdk deploy for every stack. One account deploys all of them, through
// the roles that bootstrapping made in the others.
func (a *App) Deploy(ctx context.Context) error {
	return a.cdk(ctx, a.Server.Env(), "deploy", "--all", "--require-approval", "never", "--method", "direct")
}

// DeployOnly runs cdk deploy for some stacks and none of those that they wait for.
func (a *App) DeployOnly(ctx context.Context, stacks ...string) error {
	args := append([]string{"--exclusively", "--require-approval", "never", "--method", "direct"}, stacks...)
	return a.cdk(ctx, a.Server.Env(), "deploy", args...)
}

// Destroy runs cdk destroy for every stack.
func (a *App) Destroy(ctx context.Context) error {
	return a.cdk(ctx, a.Server.Env(), "destroy", "--all", "--force")
}

// cdk runs the pinned CDK command line on the pinned Node.js.
func (a *App) cdk(ctx context.Context, env []string, verb string, args ...string) error {
	bin := filepath.Join(a.Root, "node_modules", ".bin")
	// make has built the app; cdk.json says how to build it before each synthesis.
	all := append([]string{verb, "--app", filepath.Join(a.Root, "build", "lakemesh"), "--build", "", "--output", a.Output, "--no-notices", "--no-color", "--ci"}, args...)
	if a.Stage != "" {
		all = append(all, "--context", "stage="+a.Stage)
	}
	if a.Today != "" {
		all = append(all, "--context", "today="+a.Today)
	}
	if a.Mesh != "" {
		all = append(all, "--context", "mesh="+a.Mesh)
	}
	command := exec.CommandContext(ctx, filepath.Join(bin, "cdk"), all...) //nolint:gosec // the pinned tool of this repository
	command.Dir = a.Root
	command.Env = append(localaws.Environ(env),
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"CDK_DISABLE_CLI_TELEMETRY=true",
	)
	command.Stdout, command.Stderr = a.Log, a.Log
	if err := command.Run(); err != nil {
		return fmt.Errorf("cdk %s: %w", verb, err)
	}
	return nil
}
