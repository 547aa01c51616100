// Command lakemesh synthesizes a mesh of N domains: each with three zones, a
// catalog, three crawlers, registered locations and the grants on them.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func main() {
	n, err := strconv.Atoi(os.Getenv("N"))
	if err != nil {
		log.Fatal(err)
	}
	defer jsii.Close()
	context := flags.Recommended()
	records := flags.NoRecords()
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: jsii.String(os.Getenv("OUT")), Context: &context, PostCliContext: &records, TreeMetadata: jsii.Bool(false),
	})
	stacks.Build(app, plan(n))
	app.Synth(nil)
}

// plan is a mesh of n domains in one account.
func plan(n int) *mesh.Plan {
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
	made, err := d.Plan("dev")
	if err != nil {
		panic(err)
	}
	return made
}
