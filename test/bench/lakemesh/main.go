// Command lakemesh synthesizes a mesh of N domains: each with three zones, a
// catalog, three crawlers, registered locations and the grants on them. Where the
// environment names a MESH it synthesizes a STAGE of that file instead, or of a mesh
// with the OMOP Common Data Model for "omop".
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/omop"
)

func main() {
	made, err := planned()
	if err != nil {
		log.Fatal(err)
	}
	flags.UseMoreMemory()
	defer jsii.Close()
	context := flags.Recommended()
	records := flags.NoRecords()
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: jsii.String(os.Getenv("OUT")), Context: &context, PostCliContext: &records, TreeMetadata: jsii.Bool(false),
	})
	stacks.Build(app, made)
	app.Synth(nil)
}

// planned is what the environment asks for.
func planned() (*mesh.Plan, error) {
	switch file := os.Getenv("MESH"); file {
	case "":
		n, err := strconv.Atoi(os.Getenv("N"))
		if err != nil {
			return nil, err
		}
		return domains(n).Plan("dev")
	case "omop":
		d, err := hospital()
		if err != nil {
			return nil, err
		}
		return d.Plan(os.Getenv("STAGE"))
	default:
		d, err := mesh.Load(file)
		if err != nil {
			return nil, err
		}
		return d.Plan(os.Getenv("STAGE"))
	}
}

// hospital is a mesh whose only domain has the OMOP Common Data Model as its product.
func hospital() (*mesh.Definition, error) {
	product, err := omop.Contract()
	if err != nil {
		return nil, err
	}
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "hospital",
		Stages:  map[string]mesh.Stage{"dev": {Region: "eu-west-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "clinical", Account: "lake", Owner: "team@bench.example", Contracts: []*contract.Contract{product}}},
	}, nil
}

// domains is a mesh of n domains in one account.
func domains(n int) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "bench",
		Stages: map[string]mesh.Stage{"dev": {Region: "eu-west-1", Accounts: map[string]string{"lake": "111111111111"}}},
	}
	for i := range n {
		domain := mesh.Domain{Name: fmt.Sprintf("d%d", i), Account: "lake", Owner: "team@bench.example"}
		for _, zone := range []string{"raw", "curated", "analytics"} {
			domain.Crawlers = append(domain.Crawlers, mesh.Crawler{Zone: zone, Path: "claims/", Mode: mesh.CrawlOnSchedule, Schedule: "daily"})
		}
		d.Domains = append(d.Domains, domain)
	}
	return d
}
