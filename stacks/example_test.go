package stacks_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer jsii.Close()
	return m.Run()
}

// A mesh written in Go: one domain with one product, and a reader of it.
func ExampleBuild() {
	labs := &contract.Contract{
		APIVersion: "v3.1.0", ID: "labs", Name: "labs", Version: "1.0.0", Status: "active",
		Owner: "lab@example.org", Zone: ontology.Curated,
		Tables: []contract.Table{{
			Name: "labs", Format: contract.FormatIceberg,
			Columns: []contract.Column{
				{Name: "record", Type: "string", Classification: "phi", Sensitivity: ontology.PHI},
				{Name: "loinc_code", Type: "string", Classification: "public", Sensitivity: ontology.Public},
			},
		}},
	}
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion,
		Name:       "lakeside",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Principals: map[string]string{"analysts": "arn:aws:iam::111111111111:role/Analyst"},
		Domains: []mesh.Domain{
			{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{labs}},
			{Name: "research", Account: "lake", Owner: "research@example.org"},
		},
		Subscriptions: []mesh.Subscription{{
			Consumer: "research", Principals: []string{"analysts"}, Product: "lab.labs",
			Sensitivity: []string{"public"}, Purpose: "test usage", Approver: "lab@example.org", Expires: "2027-06-30",
		}},
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		fmt.Println(err)
		return
	}
	context := flags.Recommended()
	built := stacks.Build(awscdk.NewApp(&awscdk.AppProps{Context: &context}), plan)
	fmt.Println(*built.Foundations[0].StackName())
	for _, domain := range built.Domains {
		fmt.Println(*domain.StackName())
	}
	fmt.Println(*built.Subscriptions[1].StackName(), "with", len(built.Subscriptions[1].Permissions().Grants()), "grants")
	// Output:
	// lakeside-dev-foundation
	// lakeside-dev-lab
	// lakeside-dev-research
	// lakeside-dev-research-subscriptions with 2 grants
}
