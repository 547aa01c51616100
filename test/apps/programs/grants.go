package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// betweenStacks is the rule about references between stacks, which these apps
// leave to the CDK.
var betweenStacks = []string{"LakeMesh.XA01"}

// grantPrograms grant among stacks and in any order.
func grantPrograms() []program {
	return []program{
		{Name: "location-by-token-and-a-text-principal", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			curated(stack, "Location", lake).GrantAccess(governance.PrincipalOf(analyst))
			governance.PermissionsOf(stack).Grant(governance.PrincipalOf("arn:aws:iam::"+*awscdk.Aws_ACCOUNT_ID()+":role/Analyst"),
				lakeformation.TagPolicy(lakeformation.Databases, lakeformation.Condition{Key: "lab:zone", Values: []string{"curated"}}),
				[]lakeformation.Permission{lakeformation.Describe}, nil)
		}, Undeployed: "the LF-Tag is made outside of the app"},
		{Name: "database-below-and-table-above", Findings: betweenStacks, build: func(app awscdk.App) {
			foundation, etl := agnostic(app, "Foundation"), agnostic(app, "Etl")
			db := database(foundation, "Db", "foundation_and_etl")
			table(etl, "Results", db, "results").GrantReadWrite(governance.RolePrincipal(role(etl, "Job")))
		}},
		{Name: "location-below-and-job-above", Findings: betweenStacks, build: func(app awscdk.App) {
			foundation, etl := agnostic(app, "Foundation"), agnostic(app, "Etl")
			lake := storage.NewLakeStorage(foundation, jsii.String("Lake"), nil)
			location := curated(foundation, "Location", lake)
			db := database(foundation, "Db", "location_and_job")
			job := governance.RolePrincipal(role(etl, "Job"))
			location.GrantAccess(job)
			db.GrantCreateTable(job)
			table(foundation, "Shared", db, "shared").GrantRead(job)
		}},
		{Name: "roles-below-and-lake-above", Findings: betweenStacks, build: func(app awscdk.App) {
			people, lab := agnostic(app, "People"), agnostic(app, "Lab")
			job := governance.RolePrincipal(role(people, "Job"))
			lake := storage.NewLakeStorage(lab, jsii.String("Lake"), nil)
			curated(lab, "Location", lake).GrantAccess(job)
			db := database(lab, "Db", "roles_below")
			db.GrantCreateTable(job)
			table(lab, "Results", db, "results").GrantReadWrite(job)
		}},
		{Name: "three-stacks-in-a-row", Findings: betweenStacks, build: func(app awscdk.App) {
			people, foundation, etl := agnostic(app, "People"), agnostic(app, "Foundation"), agnostic(app, "Etl")
			reader := governance.RolePrincipal(role(people, "Reader"))
			db := database(foundation, "Db", "three_stacks")
			results := table(etl, "Results", db, "results")
			results.GrantReadWrite(governance.RolePrincipal(role(etl, "Job")))
			results.GrantRead(reader)
			db.GrantDescribe(reader)
		}},
		{Name: "one-grant-asked-for-many-times", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "asked_often")
			results := table(stack, "Results", db, "results")
			who := governance.RolePrincipal(role(stack, "Job"))
			for range 3 {
				db.GrantDescribe(who)
				results.GrantRead(who)
				results.GrantReadWrite(who)
				db.GrantCreateTable(who)
			}
		}},
		{Name: "plain-grant-beside-permissions", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "plain_grant")
			db.GrantDescribe(governance.PrincipalOf(analyst))
			theirs := awslakeformation.NewCfnPrincipalPermissions(stack, jsii.String("Theirs"), &awslakeformation.CfnPrincipalPermissionsProps{
				Principal: &awslakeformation.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: jsii.String("arn:aws:iam::111111111111:role/Auditor")},
				Resource: &awslakeformation.CfnPrincipalPermissions_ResourceProperty{
					Database: &awslakeformation.CfnPrincipalPermissions_DatabaseResourceProperty{CatalogId: stack.Account(), Name: db.DatabaseName()},
				},
				Permissions: jsii.Strings("DESCRIBE"), PermissionsWithGrantOption: &[]*string{},
			})
			theirs.Node().AddDependency(db)
		}, Findings: []string{"LakeMesh.LF20", "LakeMesh.LF50"}},
		{Name: "job-that-waits-for-its-grants", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "waiting_job")
			etl := role(stack, "Etl")
			granted := table(stack, "Results", db, "results").GrantReadWrite(governance.RolePrincipal(etl))
			job := awsglue.NewCfnJob(stack, jsii.String("Job"), &awsglue.CfnJobProps{
				Role: etl.RoleArn(), Command: &awsglue.CfnJob_JobCommandProperty{Name: jsii.String("glueetl"), ScriptLocation: jsii.String("s3://lab-scripts/etl.py")},
			})
			granted.ApplyBefore(job)
		}},
		{Name: "link-to-another-account", build: func(app awscdk.App) {
			stack := fixed(app, "Research", "210000000040", "us-east-1")
			link := governance.NewResourceLink(stack, jsii.String("Clinical"), &governance.ResourceLinkProps{
				Name: jsii.String("clinical"), TargetAccount: jsii.String("222222222222"), TargetDatabase: jsii.String("riverside_clinical"),
			})
			link.GrantDescribe(governance.RolePrincipal(role(stack, "Reader")))
		}},
	}
}
