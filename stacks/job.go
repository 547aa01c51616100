package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// addJobRole makes the role that the domain's Glue jobs run as, and notes it as a
// principal of the stack's grants.
func (s *DomainStack) addJobRole() {
	role, policy := query.NewJobRole(s, jsii.String("PipelineRole"), &query.JobRoleProps{
		Owner:           jsii.String("the domain " + s.plan.Name),
		Lake:            s.storage,
		WorkGroup:       s.workGroup,
		DatabasePrefix:  jsii.String(strings.ReplaceAll(s.mesh.Mesh, "-", "_") + "_"),
		ForeignCatalogs: s.foreignCatalogs(),
		RoleName:        jsii.String(s.plan.JobRole),
	})
	s.jobRole = role
	s.principals[s.plan.JobRoleARN] = []awscdk.CfnResource{resourceOf(role), resourceOf(policy)}
}

// addJobs makes the jobs that fill the domain's tables by SQL, and notes their roles
// as principals of the stack's grants.
func (s *DomainStack) addJobs() {
	if s.plan.Materialization != nil {
		s.refresh = s.newJob("Refresh", fmt.Sprintf("Makes the tables of the domain %s that contracts give a query for", s.plan.Name), s.plan.Materialization)
	}
	if s.plan.Deidentify != nil {
		s.deidentify = s.newJob("Deidentify", fmt.Sprintf("De-identifies data of the domain %s", s.plan.Name), &s.plan.Deidentify.JobPlan)
	}
	s.addEvolution()
}

func (s *DomainStack) newJob(id, description string, plan *mesh.JobPlan) *query.Job {
	props := &query.JobProps{
		WorkGroup:   s.newWorkGroup(id+"WorkGroup", plan.WorkGroup, description, false),
		Description: jsii.String(description),
		Schedule:    jsii.String(plan.Schedule),
		RoleName:    jsii.String(plan.Role),
	}
	for _, statement := range plan.Statements {
		props.Statements = append(props.Statements, statement.SQL)
		props.Writes = append(props.Writes, s.written(id, statement))
	}
	job := query.NewJob(s, jsii.String(id), props)
	s.principals[plan.RoleARN] = []awscdk.CfnResource{resourceOf(job.Role())}
	return job
}

// addEvolution makes the workflow that changes columns of the domain's Iceberg tables,
// whose metadata stands at <product>/<table>/metadata/ in the bucket of their zone.
func (s *DomainStack) addEvolution() {
	plan := s.plan.Evolution
	if plan == nil {
		return
	}
	props := &query.SchemaEvolutionProps{
		WorkGroup:        s.newWorkGroup("EvolutionWorkGroup", plan.WorkGroup, "Changes columns of Iceberg tables of the domain "+s.plan.Name, false),
		StateMachineName: jsii.String(plan.StateMachine), RoleName: jsii.String(plan.Role),
	}
	for _, database := range s.plan.Databases {
		if slices.Contains(plan.Zones, database.Zone) {
			props.Tables = append(props.Tables, query.EvolvedTables{
				Database: s.databases[database.Name], Bucket: s.zoneBucket(s.plan.Buckets[database.Zone]), Prefix: jsii.String("*/*/metadata/"),
			})
		}
	}
	s.evolution = query.NewSchemaEvolution(s, jsii.String("Evolution"), props)
	s.principals[plan.RoleARN] = []awscdk.CfnResource{resourceOf(s.evolution.Role())}
}

// jobsAfterGrants lets the jobs wait for what their roles are granted.
func (s *DomainStack) jobsAfterGrants() {
	if s.refresh != nil {
		s.afterGrants(s.plan.Materialization.RoleARN, s.refresh.Cfn())
	}
	if s.evolution != nil {
		s.afterGrants(s.plan.Evolution.RoleARN, s.evolution.Cfn())
	}
	if s.deidentify != nil {
		s.afterGrants(s.plan.Deidentify.RoleARN, s.deidentify.Cfn())
	}
}

// afterGrants lets a resource wait for what a role is granted.
func (s *DomainStack) afterGrants(roleARN string, resource awscdk.CfnResource) {
	for _, grant := range s.granted[roleARN] {
		grant.ApplyBefore(resource)
	}
}

// written is the table that a statement of a job writes.
func (s *DomainStack) written(job string, statement mesh.StatementPlan) query.WrittenTable {
	location := s3uri.Parse(statement.Location)
	name := statement.Database + "." + statement.Table
	out := query.WrittenTable{
		Table:  catalog.TableFromName(s, jsii.String(job+"-"+name), jsii.String(statement.Database), jsii.String(statement.Table)),
		Prefix: jsii.String(location.Folder()),
	}
	if d := s.plan.Deidentify; d != nil && d.Keys != nil && location.Bucket == d.Keys.Bucket {
		out.Bucket = s.keys
	} else {
		out.Bucket = s.zoneBucket(location.Bucket)
	}
	return out
}

// Refresh is the job that makes the tables whose contracts say the query that makes
// them; nil without such tables.
func (s *DomainStack) Refresh() *query.Job { return s.refresh }

// Evolution is the workflow that changes columns of deployed Iceberg tables; nil where
// no deployed contract is kept.
func (s *DomainStack) Evolution() *query.SchemaEvolution { return s.evolution }

// Deidentify is the job that fills the domain's de-identified tables; nil without
// such tables.
func (s *DomainStack) Deidentify() *query.Job { return s.deidentify }
