package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// warnOfRevoked says which grants across accounts a plan revokes that the templates
// before it made, and how to deploy that: an account can revoke only what it still
// sees, and the stacks of the producer are deployed first.
func warnOfRevoked(app awscdk.App, plan *mesh.Plan, errs io.Writer) error {
	folder := contextValue(app, "deployed")
	if folder == "" {
		folder = *app.Outdir()
		if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err != nil {
			return nil // nothing was synthesized here before
		}
	}
	before, err := assembly.Read(folder)
	if err != nil {
		return fmt.Errorf("context value deployed: %w", err)
	}
	for _, r := range access.RevokedCascades(before, planned.Read(plan)) {
		var stacks []string
		for _, c := range plan.Consumers {
			if c.Environment.Account == r.By {
				stacks = append(stacks, c.StackName)
			}
		}
		order := fmt.Sprintf("cdk deploy --exclusively %s, then cdk deploy --all", strings.Join(stacks, " "))
		if r.Replaced {
			fmt.Fprintf(errs, "warning: account %s reads something else of account %s than before: deploy twice, first with a mesh file that lacks what it no longer reads (%s), then with this one\n", r.By, r.Catalog, order)
			continue
		}
		fmt.Fprintf(errs, "warning: account %s takes back what it reads of account %s: deploy in this order: %s\n", r.By, r.Catalog, order)
	}
	return nil
}
