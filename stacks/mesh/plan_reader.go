package mesh

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// ReaderPlan is a principal that queries for a domain. Lake Formation does not govern
// what a query has returned: whoever uses a workgroup reads its history and its
// results. So each principal has one of its own, and a policy that works for nobody
// else.
type ReaderPlan struct {
	PrincipalPlan

	WorkGroup string
	Policy    string // name of the managed policy
}

// QueryPlan is a saved query of a domain.
type QueryPlan struct {
	Name        string
	Description string
	Database    string // that unqualified table names mean
	SQL         string
}

// domainReaders are the principals that query for a domain: those of its
// subscriptions, and the people among the readers of its FHIR store. An ended
// subscription leaves them their history until it is taken out of the mesh; what
// they see is over.
func (p *planner) domainReaders(domain Domain, n names) []ReaderPlan {
	var names []string
	for _, s := range slices.Concat(p.subscriptions, p.expired) {
		if s.Consumer == domain.Name {
			for _, principal := range s.Principals {
				names = append(names, principal.Name)
			}
		}
	}
	if domain.FhirStore != nil {
		names = append(names, domain.FhirStore.Readers...)
	}
	slices.Sort(names)
	var out []ReaderPlan
	for _, name := range slices.Compact(names) {
		if name == PipelinePrincipal(domain.Name) {
			continue // has the domain's own
		}
		out = append(out, ReaderPlan{
			PrincipalPlan: PrincipalPlan{Name: name, Identifier: p.d.identifier(p.stage, name)},
			WorkGroup:     n.readerWorkGroup(domain.Name, name),
			Policy:        n.readerPolicy(domain.Name, name),
		})
	}
	return out
}

// plannedQueries are the saved queries of a domain, by name.
func plannedQueries(domain Domain, n names) []QueryPlan {
	var out []QueryPlan
	for _, q := range domain.Queries {
		zone := ontology.Zone(cmp.Or(q.Zone, string(ontology.Analytics)))
		out = append(out, QueryPlan{Name: q.Name, Description: q.Description, Database: n.database(domain.Name, zone), SQL: q.SQL})
	}
	slices.SortFunc(out, func(a, b QueryPlan) int { return strings.Compare(a.Name, b.Name) })
	return out
}
