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

// mostDomains is what one mesh holds: each domain is a value of one LF-Tag. More
// stand in further meshes, in an account each.
const mostDomains = 50

func main() {
	n, err := strconv.Atoi(os.Getenv("N"))
	if err != nil {
		log.Fatal(err)
	}
	defer jsii.Close()
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(os.Getenv("OUT")), Context: &context})
	for first := 0; first < n; first += mostDomains {
		stacks.Build(app, plan(first, min(first+mostDomains, n)))
	}
	app.Synth(nil)
}

// plan is a mesh of the domains from first to the one before end.
func plan(first, end int) *mesh.Plan {
	account := fmt.Sprintf("%012d", 111111111111+first)
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: fmt.Sprintf("bench%d", first),
		Stages: map[string]mesh.Stage{"dev": {Region: "eu-west-1", Accounts: map[string]string{"lake": account}}},
	}
	for i := first; i < end; i++ {
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
