package catalog_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewTable() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	curated := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")})
	results := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		Database: curated,
		Table: &contract.Table{
			Name:   "results",
			Format: contract.FormatIceberg,
			Columns: []contract.Column{
				{Name: "specimen_id", Type: "string", Required: true},
				{Name: "value", Type: "decimal(10,2)"},
			},
		},
		Location: jsii.String("s3://lab-curated/results/"),
	})

	fmt.Println(results.Resource().Key())
	// Output:
	// Table lab_curated.results
}

func ExampleNewDatabase() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	curated := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{
		Name:        jsii.String("lab_curated"),
		LocationURI: jsii.String("s3://lab-curated/"),
	})

	fmt.Println(*curated.DatabaseName())
	// Output:
	// lab_curated
}

func ExampleNewTableOptimizer() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	role := catalog.NewOptimizerRole(stack, jsii.String("OptimizerRole"), nil) // one for the domain
	results := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		DatabaseName: jsii.String("lab_curated"),
		Table: &contract.Table{
			Name:    "results",
			Format:  contract.FormatIceberg,
			Columns: []contract.Column{{Name: "specimen_id", Type: "string"}, {Name: "taken", Type: "timestamp", Partition: 1, Transform: contract.TransformDay}},
		},
		Location: jsii.String("s3://lab-curated/results/"),
	})
	optimizer := catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{Table: results, Role: role})

	for _, resource := range optimizer.Cfn() {
		fmt.Println(*resource.Type())
	}
	// Output:
	// compaction
	// retention
	// orphan_file_deletion
}

func ExampleTable_GrantRead() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	results := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		Database: catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")}),
		Table: &contract.Table{
			Name:    "results",
			Format:  contract.FormatParquet,
			Columns: []contract.Column{{Name: "specimen_id", Type: "string"}},
		},
		Location: jsii.String("s3://lab-curated/results/"),
	})
	analyst := governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")

	fmt.Println(len(results.GrantRead(analyst).Cfn()), "grants: on the database and on the table")
	// Output:
	// 2 grants: on the database and on the table
}

// A database and tables between resources of the CDK's own, and one that exists.
func ExampleIDatabase() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Lab"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil) // with generated names
	pipeline := awsiam.NewRole(stack, jsii.String("Pipeline"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})

	curated := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")})
	results := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		Database: curated,
		Location: lake.Curated().S3UrlForObject(jsii.String("results/")),
		Table: &contract.Table{
			Name:    "results",
			Format:  contract.FormatIceberg,
			Columns: []contract.Column{{Name: "specimen_id", Type: "string"}, {Name: "taken", Type: "timestamp"}},
		},
	})
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{
		Table: results, Role: catalog.NewOptimizerRole(stack, jsii.String("OptimizerRole"), &catalog.OptimizerRoleProps{Key: lake.Key()}),
	})

	// A resource of your own names the database by its reference, and is made after it.
	awsglue.NewCfnTable(stack, jsii.String("Devices"), &awsglue.CfnTableProps{
		CatalogId: stack.Account(), DatabaseName: curated.DatabaseRef(),
		TableInput: &awsglue.CfnTable_TableInputProperty{Name: jsii.String("devices")},
	})

	// A table that stands elsewhere is granted on as one of the app is.
	codes := catalog.TableFromName(stack, jsii.String("Codes"), jsii.String("reference"), jsii.String("loinc"))
	results.GrantReadWrite(governance.PrincipalFrom(pipeline))
	codes.GrantRead(governance.PrincipalFrom(pipeline))

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::Glue::Table"), nil)), "tables")
	fmt.Println(*results.DatabaseName()+"."+*results.TableName(), "and", *codes.DatabaseName()+"."+*codes.TableName())
	// Output:
	// 2 tables
	// lab_curated.results and reference.loinc
}
