// Package widemesh makes meshes of any number of domains, to measure how time grows with
// it.
package widemesh

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// New is a mesh of many domains with products of one table, each of which the next
// domain subscribes to.
func New(domains, products, columns int) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "wide",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Principals: map[string]string{},
		Ontology:   map[string][]string{"consent": {"research", "treatment"}, "region": {"north", "south"}},
	}
	for i := range domains {
		domain := mesh.Domain{Name: fmt.Sprintf("d%03d", i), Account: "lake", Owner: "d@wide.example"}
		for j := range products {
			c := &contract.Contract{
				APIVersion: "v3.2.0", ID: "x", Version: "1.0.0", Status: "active", Name: fmt.Sprintf("p%d", j), Sensitivity: ontology.PHI,
				Tables: []contract.Table{{Name: fmt.Sprintf("t%d", j)}}, LFTags: []contract.LFTag{{Key: "consent", Value: "research"}},
			}
			for k := range columns {
				c.Tables[0].Columns = append(c.Tables[0].Columns, contract.Column{Name: fmt.Sprintf("c%d", k), Type: "string", Classification: "public", Sensitivity: ontology.Public})
			}
			domain.Contracts = append(domain.Contracts, c)
		}
		d.Domains = append(d.Domains, domain)
		reader := fmt.Sprintf("reader%d", i)
		d.Principals[reader] = "arn:aws:iam::111111111111:role/" + reader
		for j := range 10 {
			d.Subscriptions = append(d.Subscriptions, mesh.Subscription{
				Consumer: fmt.Sprintf("d%03d", (i+1)%domains), Principals: []string{reader}, Product: fmt.Sprintf("d%03d.p%d", i, j),
				Columns: []string{"c1", "c2"}, Purpose: "p", Approver: "a@wide.example", Expires: "2030-01-01",
			})
		}
	}
	return d
}
