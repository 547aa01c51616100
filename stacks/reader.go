package stacks

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// addWorkGroups makes the workgroup of the domain's own role and one for each
// principal that queries for the domain: whoever uses a workgroup reads the results
// and the history of all who do. Saved queries stand where people query.
//
// A principal's workgroup goes with its place in the mesh, history and all, so that it
// can come again; that of the domain stays.
func (s *DomainStack) addWorkGroups() {
	s.workGroup = s.newWorkGroup("WorkGroup", s.plan.WorkGroup, fmt.Sprintf("Queries of the role of the jobs of the domain %s", s.plan.Name), false)
	for _, reader := range s.plan.Readers {
		s.readers[reader.Name] = s.newWorkGroup("Reader-"+reader.Name, reader.WorkGroup, fmt.Sprintf("Queries of %s for the domain %s", reader.Name, s.plan.Name), true)
		s.saveQueries(s.readers[reader.Name])
	}
	if len(s.plan.Readers) == 0 {
		s.saveQueries(s.workGroup)
	}
}

func (s *DomainStack) newWorkGroup(id, name, description string, deleteHistory bool) *query.WorkGroup {
	return query.NewWorkGroup(s, jsii.String(id), &query.WorkGroupProps{
		Name:          jsii.String(name),
		Description:   jsii.String(description),
		Key:           s.storage.Key(),
		DeleteHistory: jsii.Bool(deleteHistory),
	})
}

func (s *DomainStack) saveQueries(group *query.WorkGroup) {
	for _, q := range s.plan.Queries {
		saved := query.NamedQuery{Name: jsii.String(q.Name), Database: jsii.String(q.Database), SQL: jsii.String(q.SQL)}
		if q.Description != "" {
			saved.Description = jsii.String(q.Description)
		}
		group.AddNamedQuery(jsii.String("Query-"+q.Name), saved)
	}
}

// addReaders makes the policy that each principal which queries for the domain is
// given by whoever owns it.
func (s *DomainStack) addReaders() {
	for _, reader := range s.plan.Readers {
		query.NewReaderPolicy(s, jsii.String("ReaderPolicy-"+reader.Name), &query.ReaderPolicyProps{
			WorkGroup:       s.readers[reader.Name],
			Reader:          jsii.String(reader.Identifier),
			ForeignCatalogs: s.foreignCatalogs(),
			PolicyName:      jsii.String(reader.Policy),
			Description:     jsii.String(fmt.Sprintf("Attach to %s: queries for %s in a workgroup of its own; what it sees is granted in Lake Formation", reader.Name, s.plan.Name)),
		})
	}
}

// foreignCatalogs are the catalogs in other accounts that the domain reads from.
func (s *DomainStack) foreignCatalogs() []query.ForeignCatalog {
	return foreignCatalogs(s.mesh, s.subscriber.Catalogs)
}

// foreignCatalogs are the catalogs of environments.
func foreignCatalogs(plan *mesh.Plan, environments []mesh.Environment) []query.ForeignCatalog {
	var out []query.ForeignCatalog
	for _, env := range environments {
		foundation, _ := plan.Foundation(env)
		out = append(out, query.ForeignCatalog{
			Account: jsii.String(env.Account), Region: jsii.String(env.Region), KeyAlias: jsii.String(foundation.KeyAlias),
		})
	}
	return out
}
