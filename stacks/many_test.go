package stacks_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// Two neighbours of a mesh of 200 domains with 20 products each are rendered as planned,
// in one account and in accounts of their own. What the whole mesh takes is too dear for
// a test, and each domain is made from its own part of the plan.
func TestDomainsOfALargeMeshAreDeployedAsPlanned(t *testing.T) {
	for _, accounts := range []int{1, 200} {
		t.Run(fmt.Sprint(accounts), func(t *testing.T) {
			plan, err := large(200, 20, accounts).Plan("dev")
			if err != nil {
				t.Fatal(err)
			}
			keep(plan, "d000", "d001")
			folder, context := t.TempDir(), asTheCommandLine()
			app := awscdk.NewApp(&awscdk.AppProps{Outdir: &folder, Context: &context, AnalyticsReporting: jsii.Bool(false)})
			stacks.Build(app, plan)
			app.Synth(nil)
			asPlanned(t, plan, folder)
		})
	}
}

// large is a mesh of domains spread over accounts, each with products of one table and a
// subscription of its neighbour to the first of them.
func large(domains, products, accounts int) *mesh.Definition {
	stage := mesh.Stage{Region: "us-east-1", Accounts: map[string]string{}, Sharing: mesh.Sharing{Acceptance: "the platform team, by hand"}}
	d := &mesh.Definition{APIVersion: mesh.APIVersion, Name: "large", Stages: map[string]mesh.Stage{"dev": stage}, Principals: map[string]string{}}
	for i := range domains {
		name, account := fmt.Sprintf("d%03d", i), fmt.Sprintf("lake%d", i%accounts)
		stage.Accounts[account] = fmt.Sprintf("%012d", 111111111111+i%accounts)
		d.Principals["reader-"+name] = "arn:aws:iam::{" + account + "}:role/reader-" + name
		domain := mesh.Domain{Name: name, Account: account, Owner: "team@large.example"}
		for j := range products {
			domain.Contracts = append(domain.Contracts, &contract.Contract{
				APIVersion: "v3.2.0", ID: "x", Version: "1.0.0", Status: "active", Name: fmt.Sprintf("p%d", j), Sensitivity: ontology.PHI,
				Tables: []contract.Table{{Name: fmt.Sprintf("t%d", j), Columns: []contract.Column{{Name: "c", Type: "string", Classification: "public", Sensitivity: ontology.Public}}}},
			})
		}
		d.Domains = append(d.Domains, domain)
		consumer := fmt.Sprintf("d%03d", (i+1)%domains)
		d.Subscriptions = append(d.Subscriptions, mesh.Subscription{
			Consumer: consumer, Principals: []string{"reader-" + consumer}, Product: name + ".p0",
			Purpose: "p", Approver: "a@large.example", Expires: "2030-01-01",
		})
	}
	return d
}

// keep leaves the stacks of some domains in a plan, and of the last of them alone what
// it subscribes to: the others read from domains that are left out.
func keep(plan *mesh.Plan, domains ...string) {
	last := domains[len(domains)-1]
	here := map[mesh.Environment]bool{}
	plan.Domains = slices.DeleteFunc(plan.Domains, func(d mesh.DomainPlan) bool { return !slices.Contains(domains, d.Name) })
	for _, d := range plan.Domains {
		here[d.Environment] = true
	}
	reader, _ := plan.Consumer(last)
	plan.Foundations = slices.DeleteFunc(plan.Foundations, func(f mesh.Foundation) bool { return !here[f.Environment] })
	plan.Shares = slices.DeleteFunc(plan.Shares, func(s mesh.SharePlan) bool { return s.Domain == last || !slices.Contains(domains, s.Domain) })
	plan.Links = slices.DeleteFunc(plan.Links, func(l mesh.LinksPlan) bool { return l.Environment != reader.Environment })
	plan.Consumers = []mesh.ConsumerPlan{reader}
}
