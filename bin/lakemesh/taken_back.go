package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// warnOfTakenBack says what a plan takes back across accounts of what the templates
// before it gave, and how to deploy that: an account can take back only what it still
// sees, and the stacks of the producer are deployed first.
func warnOfTakenBack(app awscdk.App, plan *mesh.Plan, errs io.Writer) error {
	folder := contextValue(app, "deployed")
	if folder == "" {
		folder = *app.Outdir()
		if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err != nil {
			return nil // nothing was synthesized here before
		}
	}
	before, err := access.FromAssembly(folder)
	if err != nil {
		return fmt.Errorf("context value deployed: %w", err)
	}
	for _, t := range access.TakenBackAcross(before, access.FromPlan(plan)) {
		var stacks []string
		for _, c := range plan.Consumers {
			if c.Environment.Account == t.By {
				stacks = append(stacks, c.StackName)
			}
		}
		order := fmt.Sprintf("cdk deploy --exclusively %s, then cdk deploy --all", strings.Join(stacks, " "))
		if t.Replace {
			fmt.Fprintf(errs, "warning: account %s reads something else of account %s than before: deploy twice, first with what it reads no more taken out of the mesh file (%s), then as it is now\n", t.By, t.Catalog, order)
			continue
		}
		fmt.Fprintf(errs, "warning: account %s takes back what it reads of account %s: deploy in this order: %s\n", t.By, t.Catalog, order)
	}
	return nil
}
