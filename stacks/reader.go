package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/template"
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
		statements := append(s.readers[reader.Name].QueryStatements(), s.foreignCatalogKeys()...)
		onlyFor(reader.PrincipalPlan, statements[0])
		newManagedPolicy(s, "ReaderPolicy-"+reader.Name, &awsiam.ManagedPolicyProps{
			ManagedPolicyName: jsii.String(reader.Policy),
			Description:       jsii.String(fmt.Sprintf("Attach to %s: queries for %s in a workgroup of its own; what it sees is granted in Lake Formation", reader.Name, s.plan.Name)),
			Statements:        &statements,
		})
	}
}

// onlyFor has a statement work for its principal alone, wherever its policy is
// attached. Groups, and whole accounts, cannot be told from one request.
// Source: "aws:PrincipalArn".
func onlyFor(principal mesh.PrincipalPlan, statement awsiam.PolicyStatement) {
	parsed, err := lakeformation.ParsePrincipal(principal.Identifier)
	if err == nil && (parsed.Kind == lakeformation.IAMRole || parsed.Kind == lakeformation.IAMUser) {
		statement.AddCondition(jsii.String("ArnEquals"), map[string]any{"aws:PrincipalArn": principal.Identifier})
	}
}

// foreignCatalogKeys lets a principal use the keys of the catalogs that the domain
// reads from in other accounts, through Glue only. A key has no planned id, so its
// alias says which one (rule 5.7).
// Source: "Allowing users in other accounts to use a KMS key", "kms:ResourceAliases".
func (s *DomainStack) foreignCatalogKeys() []awsiam.PolicyStatement {
	var out []awsiam.PolicyStatement
	for i, env := range s.subscriber.Catalogs {
		foundation, _ := s.mesh.Foundation(env)
		statement := allow(fmt.Sprintf("ForeignCatalogKey%d", i), []*string{s.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("kms"), Region: jsii.String(env.Region), Account: jsii.String(env.Account),
			Resource: jsii.String("key"), ResourceName: jsii.String("*"),
		})}, "kms:Decrypt", "kms:DescribeKey")
		statement.AddCondition(jsii.String("StringEquals"), map[string]any{"kms:ViaService": template.ViaService("glue", env.Region)})
		statement.AddCondition(jsii.String("ForAnyValue:StringEquals"), map[string]any{"kms:ResourceAliases": "alias/" + foundation.KeyAlias})
		out = append(out, statement)
	}
	return out
}
