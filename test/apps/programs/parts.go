package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// analyst is a role that no app makes.
const analyst = "arn:aws:iam::111111111111:role/Analyst"

// agnostic is a stack without account and region.
func agnostic(scope constructs.Construct, id string) awscdk.Stack {
	return awscdk.NewStack(scope, jsii.String(id), nil)
}

// fixed is a stack of an account and region.
func fixed(scope constructs.Construct, id, account, region string) awscdk.Stack {
	return awscdk.NewStack(scope, jsii.String(id), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
	})
}

// role is a role for Glue.
func role(scope constructs.Construct, id string) awsiam.Role {
	return awsiam.NewRole(scope, jsii.String(id), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})
}

func database(scope constructs.Construct, id, name string) *catalog.Database {
	return catalog.NewDatabase(scope, jsii.String(id), &catalog.DatabaseProps{Name: jsii.String(name)})
}

// results is a table of one column.
func results(name string, format contract.Format) *contract.Table {
	return &contract.Table{Name: name, Format: format, Columns: []contract.Column{{Name: "id", Type: "string"}}}
}

func table(scope constructs.Construct, id string, database catalog.IDatabase, name string) *catalog.Table {
	return catalog.NewTable(scope, jsii.String(id), &catalog.TableProps{
		Database: database, Location: jsii.String("s3://lab-results/" + name + "/"), Table: results(name, contract.FormatParquet),
	})
}

func curated(scope constructs.Construct, id string, lake *storage.LakeStorage) *governance.Location {
	return governance.NewLocation(scope, jsii.String(id), &governance.LocationProps{ARN: lake.Curated().BucketArn(), Key: lake.Key()})
}
