package stacks

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
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

// addJobs makes the domain's own jobs, and notes their roles as principals of the stack's
// grants. Those that fill tables of products stand with these.
func (s *DomainStack) addJobs() {
	if s.plan.Keys != nil {
		job := s.plan.Keys.Job
		description := "Makes the de-identification key of the domain " + s.plan.Name
		s.makeKey = newJob(s, s.mesh, "MakeKey", description, job, s.newWorkGroup("MakeKeyWorkGroup", job.WorkGroup, description, false), s.alarms.Topic(),
			func(mesh.StatementPlan) awss3.IBucket { return s.keys })
		s.principals[job.RoleARN] = []awscdk.CfnResource{resourceOf(s.makeKey.Role())}
	}
	s.addEvolution()
	s.addFreshness()
}

// newJob makes a job of a plan; bucket is where a statement writes.
func newJob(scope awscdk.Stack, of *mesh.Plan, id, description string, plan *mesh.JobPlan, group query.IWorkGroup, topic awssns.ITopic, bucket func(mesh.StatementPlan) awss3.IBucket) *query.Job {
	props := &query.JobProps{
		WorkGroup:        group,
		Description:      jsii.String(description),
		Schedule:         jsii.String(plan.Schedule),
		RoleName:         jsii.String(plan.Role),
		StateMachineName: jsii.String(plan.StateMachine),
		After:            plan.After,
		ForeignCatalogs:  foreignCatalogs(of, plan.Catalogs),
		AlarmTopic:       topic,
	}
	for _, elsewhere := range plan.AfterElsewhere {
		props.AfterElsewhere = append(props.AfterElsewhere, query.ForeignMachines{
			RoleARN: jsii.String(elsewhere.RoleARN), StateMachineARNs: elsewhere.StateMachineARNs,
		})
	}
	written := map[string]bool{}
	for _, statement := range plan.Statements {
		props.Statements = append(props.Statements, statement.SQL)
		name := statement.Database + "." + statement.Table
		if written[name] { // by an earlier statement
			continue
		}
		written[name] = true
		props.Writes = append(props.Writes, query.WrittenTable{
			Table:  catalog.TableFromName(scope, jsii.String(id+"-"+name), jsii.String(statement.Database), jsii.String(statement.Table)),
			Prefix: jsii.String(s3uri.Parse(statement.Location).Folder()),
			Bucket: bucket(statement),
		})
	}
	return query.NewJob(scope, jsii.String(id), props)
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
		AlarmTopic: s.alarms.Topic(),
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
	if s.makeKey != nil {
		s.afterGrants(s.plan.Keys.Job.RoleARN, s.makeKey.Cfn())
	}
	if s.evolution != nil {
		s.afterGrants(s.plan.Evolution.RoleARN, s.evolution.Cfn())
	}
}

// afterGrants lets a resource wait for what a role is granted.
func (s *DomainStack) afterGrants(roleARN string, resource awscdk.CfnResource) {
	for _, grant := range s.granted[roleARN] {
		grant.ApplyBefore(resource)
	}
}

// Evolution is the workflow that changes columns of deployed Iceberg tables; nil where
// no deployed contract is kept.
func (s *DomainStack) Evolution() *query.SchemaEvolution { return s.evolution }

// MakeKey is the job that makes the key for de-identification; nil without products that
// need one.
func (s *DomainStack) MakeKey() *query.Job { return s.makeKey }

// addJobs makes the jobs that fill the product's tables by SQL, and notes their roles as
// principals of the stack's grants.
func (s *ProductStack) addJobs(domain *mesh.DomainPlan) {
	add := func(id, description string, plan *mesh.JobPlan) *query.Job {
		if plan == nil {
			return nil
		}
		s.knowLake(domain)
		group := query.NewWorkGroup(s, jsii.String(id+"WorkGroup"), &query.WorkGroupProps{
			Name: jsii.String(plan.WorkGroup), Description: jsii.String(description), Key: s.lake.Key(),
		})
		job := newJob(s, s.mesh, id, description, plan, group, s.alarms, func(mesh.StatementPlan) awss3.IBucket { return s.lake.Zone(s.plan.Zone) })
		s.principals[plan.RoleARN] = []awscdk.CfnResource{resourceOf(job.Role())}
		return job
	}
	s.refresh = add("Refresh", "Makes the tables of the product "+s.plan.Name+" that its contract gives a query for", s.plan.Materialization)
	s.retention = add("Retention", "Deletes rows of the product "+s.plan.Name+" that are older than promised", s.plan.Retention)
	s.deidentify = add("Deidentify", "Makes the de-identified tables of the product "+s.plan.Name, s.plan.Deidentify)
}

// knowLake notes what the jobs know of the domain's lake.
func (s *ProductStack) knowLake(domain *mesh.DomainPlan) {
	if s.lake == nil {
		s.lake, s.alarms = newLake(s, domain), newAlarmTopic(s, domain)
	}
}

// jobsAfterGrants lets the jobs wait for what their roles are granted.
func (s *ProductStack) jobsAfterGrants() {
	if s.quality != nil {
		for _, grant := range s.granted[s.evaluator] {
			grant.ApplyBefore(s.quality.Cfn())
		}
	}
	for _, job := range []struct {
		made *query.Job
		plan *mesh.JobPlan
	}{{s.refresh, s.plan.Materialization}, {s.deidentify, s.plan.Deidentify}, {s.retention, s.plan.Retention}} {
		if job.made == nil {
			continue
		}
		for _, grant := range s.granted[job.plan.RoleARN] {
			grant.ApplyBefore(job.made.Cfn())
		}
	}
}

// Refresh is the job that makes the tables whose contract says the query that makes them;
// nil without such tables.
func (s *ProductStack) Refresh() *query.Job { return s.refresh }

// Deidentify is the job that fills the product's de-identified tables; nil without such tables.
func (s *ProductStack) Deidentify() *query.Job { return s.deidentify }

// Retention is the job that deletes rows which are older than promised, of tables that others
// fill; nil without such tables.
func (s *ProductStack) Retention() *query.Job { return s.retention }
