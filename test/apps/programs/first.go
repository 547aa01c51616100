package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// first are what a reader of the README writes first: the constructs in one
// stack, judged by the policy.
func first() []program {
	return []program{
		{Name: "everything-in-reading-order", build: func(app awscdk.App) {
			policy.Use(app)
			stack := fixed(app, "Lab", "210000000001", "us-east-1")
			governance.NewSettings(stack, jsii.String("Settings"), nil)
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			location := curated(stack, "Location", lake)
			db := database(stack, "Db", "lab_curated")
			results := table(stack, "Results", db, "results")
			job := role(stack, "Job")
			db.GrantCreateTable(governance.RolePrincipal(job))
			location.GrantAccess(governance.RolePrincipal(job))
			results.GrantReadWrite(governance.RolePrincipal(job))
		}},
		{Name: "everything-backwards", build: func(app awscdk.App) {
			policy.Use(app)
			stack := fixed(app, "Lab", "210000000002", "us-east-1")
			job := role(stack, "Job")
			db := database(stack, "Db", "lab_curated")
			results := table(stack, "Results", db, "results")
			results.GrantReadWrite(governance.RolePrincipal(job))
			db.GrantCreateTable(governance.RolePrincipal(job))
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			curated(stack, "Location", lake).GrantAccess(governance.RolePrincipal(job))
			governance.NewSettings(stack, jsii.String("Settings"), nil)
		}},
		{Name: "ontology-product-and-readers", build: func(app awscdk.App) {
			policy.Use(app)
			stack := fixed(app, "Lab", "210000000003", "eu-central-1")
			settings := governance.NewSettings(stack, jsii.String("Settings"), nil)
			governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{
				Settings: settings,
				Tags: []ontology.Tag{
					{Key: "lab:lab.product", Values: []string{"no-product", "results"}},
					{Key: "lab:zone", Values: []string{"raw", "curated", "analytics"}},
					{Key: "lab:sensitivity", Values: []string{"public", "internal", "deidentified", "phi"}},
				},
			})
			db := database(stack, "Db", "lab_curated")
			results := table(stack, "Results", db, "results")
			governance.NewTagAssociation(stack, jsii.String("Tags"), &governance.TagAssociationProps{
				Association: lakeformation.TagAssociation{Resource: results.Resource(), Tags: []lakeformation.Condition{
					{Key: "lab:lab.product", Values: []string{"results"}}, {Key: "lab:sensitivity", Values: []string{"public"}},
				}},
				After: []awscdk.CfnResource{results.Cfn()},
			})
			product := governance.NewDataProduct(stack, jsii.String("Product"), &governance.DataProductProps{
				Mesh: jsii.String("lab"), Domain: jsii.String("lab"), Product: jsii.String("results"),
			})
			product.GrantRead(governance.PrincipalOf("arn:aws:iam::210000000003:role/Analyst"), &governance.GrantReadOptions{
				Sensitivity: []ontology.Sensitivity{ontology.Public, ontology.Deidentified},
			})
		}},
		{Name: "rows-of-one-study", build: func(app awscdk.App) {
			policy.Use(app)
			stack := fixed(app, "Lab", "210000000004", "us-east-1")
			governance.NewSettings(stack, jsii.String("Settings"), nil)
			db := database(stack, "Db", "lab_curated")
			results := table(stack, "Results", db, "results")
			filter := governance.NewDataCellsFilter(stack, jsii.String("Study"), &governance.DataCellsFilterProps{
				Database: jsii.String("lab_curated"), Table: jsii.String("results"), NamePrefix: jsii.String("study"),
				Columns: []string{"id"}, After: []awscdk.CfnResource{results.Cfn()},
			})
			grants := governance.PermissionsOf(stack)
			who := governance.PrincipalOf("arn:aws:iam::210000000004:role/Analyst")
			grants.Grant(who, filter.Resource(), []lakeformation.Permission{lakeformation.Select}, &governance.GrantOptions{After: []awscdk.CfnResource{filter.Cfn()}})
			db.GrantDescribe(who)
		}},
		{Name: "job-that-writes-a-table", build: func(app awscdk.App) {
			policy.Use(app)
			stack := fixed(app, "Lab", "210000000005", "us-east-1")
			governance.NewSettings(stack, jsii.String("Settings"), nil)
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			location := curated(stack, "Location", lake)
			db := database(stack, "Db", "lab_curated")
			group := query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{
				Name: jsii.String("lab"), Key: lake.Key(), AccessLogs: lake.Logs(),
			})
			counts := table(stack, "Counts", db, "counts")
			job := query.NewJob(stack, jsii.String("Nightly"), &query.JobProps{
				WorkGroup: group, Description: jsii.String("Counts results"), Schedule: jsii.String("cron(15 2 ? * SUN *)"),
				Statements: []string{"INSERT INTO lab_curated.counts SELECT count(*) FROM lab_curated.results"},
				Writes:     []query.WrittenTable{{Table: counts, Bucket: lake.Curated(), Prefix: jsii.String("counts/")}},
			})
			db.GrantCreateTable(governance.RolePrincipal(job.Role()))
			location.GrantAccess(governance.RolePrincipal(job.Role()))
			counts.GrantReadWrite(governance.RolePrincipal(job.Role()))
			table(stack, "Results", db, "results").GrantRead(governance.RolePrincipal(job.Role()))
		}},
	}
}
