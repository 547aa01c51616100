package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// catalogPrograms mix our databases and tables with the CDK's own resources.
func catalogPrograms() []program {
	return []program{
		{Name: "foreign-table-in-our-database", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "foreign_table")
			awsglue.NewCfnTable(stack, jsii.String("Theirs"), &awsglue.CfnTableProps{
				CatalogId: stack.Account(), DatabaseName: db.DatabaseRef(),
				TableInput: &awsglue.CfnTable_TableInputProperty{Name: jsii.String("theirs")},
			})
		}},
		{Name: "our-table-in-a-foreign-database", Findings: []string{"LakeMesh.GL02", "LakeMesh.ST01"}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			theirs := awsglue.NewCfnDatabase(stack, jsii.String("Theirs"), &awsglue.CfnDatabaseProps{
				CatalogId: stack.Account(), DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{Name: jsii.String("their_database")},
			})
			t := catalog.NewTable(stack, jsii.String("Ours"), &catalog.TableProps{
				DatabaseName: theirs.Ref(), Location: jsii.String("s3://lab-results/ours/"), Table: results("ours", contract.FormatParquet),
			})
			t.GrantRead(governance.RolePrincipal(role(stack, "Reader")))
		}},
		{Name: "database-that-exists", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			there := catalog.DatabaseFromName(stack, jsii.String("Db"), jsii.String("exists_already"))
			who := governance.RolePrincipal(role(stack, "Reader"))
			there.GrantDescribe(who)
			catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
				Database: there, Location: jsii.String("s3://lab-results/there/"), Table: results("results", contract.FormatParquet),
			}).GrantRead(who)
			catalog.TableFromName(stack, jsii.String("Old"), jsii.String("exists_already"), jsii.String("old_results")).GrantRead(who)
		}, Undeployed: "the database and its table are made outside of the app"},
		{Name: "iceberg-on-the-default-lake-with-optimizers", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			db := database(stack, "Db", "iceberg_lake")
			t := catalog.NewTable(stack, jsii.String("Ice"), &catalog.TableProps{
				Database: db, Location: lake.Curated().S3UrlForObject(jsii.String("ice/")), Table: results("ice", contract.FormatIceberg),
			})
			optimizer := catalog.NewOptimizerRole(stack, jsii.String("Optimizer"), &catalog.OptimizerRoleProps{Key: lake.Key()})
			catalog.NewTableOptimizer(stack, jsii.String("Optimize"), &catalog.TableOptimizerProps{Table: t, Role: optimizer})
		}},
		{Name: "view-over-two-tables", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "view_lab")
			a, b := table(stack, "A", db, "a"), table(stack, "B", db, "b")
			view := catalog.NewView(stack, jsii.String("Both"), &catalog.ViewProps{
				Database: db, After: []awscdk.CfnResource{a.Cfn(), b.Cfn()},
				Table: &contract.Table{Name: "both_results", Columns: []contract.Column{{Name: "id", Type: "string"}},
					View: &contract.View{SQL: "SELECT id FROM a UNION ALL SELECT id FROM b"}},
			})
			who := governance.PrincipalOf(analyst)
			view.GrantRead(who)
			a.GrantRead(who)
			b.GrantRead(who)
		}},
		{Name: "encrypted-catalog-with-the-importers-key", build: func(app awscdk.App) {
			stack := fixed(app, "Foundation", "210000000020", "us-east-1")
			key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
			catalog.NewEncryption(stack, jsii.String("Encryption"), &catalog.EncryptionProps{Key: key})
			db := database(stack, "Db", "encrypted")
			table(stack, "Results", db, "results")
		}},
		{Name: "named-query-on-our-table", Findings: []string{"LakeMesh.ST02"}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "named_query")
			t := table(stack, "Results", db, "results")
			group := awsathena.NewCfnWorkGroup(stack, jsii.String("Group"), &awsathena.CfnWorkGroupProps{Name: jsii.String("theirs")})
			q := awsathena.NewCfnNamedQuery(stack, jsii.String("Count"), &awsathena.CfnNamedQueryProps{
				Database: db.DatabaseName(), WorkGroup: group.Ref(), QueryString: jsii.String("SELECT count(*) FROM " + *t.TableName()),
			})
			q.Node().AddDependency(t)
		}},
		{Name: "fifty-tables-with-a-reader-each", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "fifty_tables")
			for i := range 50 {
				table(stack, fmt.Sprint("T", i), db, fmt.Sprint("t", i)).GrantRead(governance.PrincipalOf(analyst))
			}
		}},
		{Name: "table-with-a-location-by-token", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			bucket := awscdk.NewCfnParameter(stack, jsii.String("Bucket"), &awscdk.CfnParameterProps{Default: "lab-results-by-parameter"})
			db := database(stack, "Db", "parameter_location")
			catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
				Database: db, Location: jsii.String("s3://" + *bucket.ValueAsString() + "/results/"), Table: results("results", contract.FormatParquet),
			})
		}},
	}
}
