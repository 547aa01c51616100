package deploy

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/lakemesh/lakemesh/test/localaws"
)

// App is the built CDK app, deployed to a local AWS.
type App struct {
	Root   string           // of the repository
	Server *localaws.Server // what it is deployed to
	Output string           // folder that templates are written to
	Mesh   string           // mesh file; "" is the sample
	Log    io.Writer        // what the CDK's command line prints
}

// Bootstrap runs cdk bootstrap for an environment.
func (a *App) Bootstrap(ctx context.Context, account, region string) error {
	return a.cdk(ctx, "bootstrap", "aws://"+account+"/"+region)
}

// Deploy runs cdk deploy for every stack.
func (a *App) Deploy(ctx context.Context) error {
	return a.cdk(ctx, "deploy", "--all", "--require-approval", "never", "--method", "direct")
}

// Destroy runs cdk destroy for every stack.
func (a *App) Destroy(ctx context.Context) error {
	return a.cdk(ctx, "destroy", "--all", "--force")
}

// cdk runs the pinned CDK command line on the pinned Node.js.
func (a *App) cdk(ctx context.Context, verb string, args ...string) error {
	bin := filepath.Join(a.Root, "node_modules", ".bin")
	all := append([]string{verb, "--app", filepath.Join(a.Root, "build", "lakemesh"), "--output", a.Output, "--no-notices", "--no-color", "--ci"}, args...)
	if a.Mesh != "" {
		all = append(all, "--context", "mesh="+a.Mesh)
	}
	command := exec.CommandContext(ctx, filepath.Join(bin, "cdk"), all...) //nolint:gosec // the pinned tool of this repository
	command.Dir = a.Root
	command.Env = append(localaws.Environ(a.Server.Env()),
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"CDK_DISABLE_CLI_TELEMETRY=true",
	)
	command.Stdout, command.Stderr = a.Log, a.Log
	if err := command.Run(); err != nil {
		return fmt.Errorf("cdk %s: %w", verb, err)
	}
	return nil
}
