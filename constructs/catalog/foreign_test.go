package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// foreignDatabase is a database that an app makes without this package.
func foreignDatabase(stack awscdk.Stack) awsglue.CfnDatabase {
	return awsglue.NewCfnDatabase(stack, jsii.String("Foreign"), &awsglue.CfnDatabaseProps{
		CatalogId: stack.Account(), DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{Name: jsii.String("foreign")},
	})
}

// named are the resources that name a thing by reference or wait for it.
func waitsFor(r cdktest.Resource, id string) bool {
	return slices.Contains(r.DependsOn, id) || strings.Contains(cdktest.Compact(r.Properties), `{"Ref":"`+id+`"}`)
}

// A resource of somebody else's waits for our database and table through their
// references; the plain names stay plain.
func TestReferencesMakeOthersWait(t *testing.T) {
	stack := cdktest.Stack()
	database := labIn(stack)
	table := labTable(stack, database)
	view := catalog.NewView(stack, jsii.String("Recent"), &catalog.ViewProps{Database: database, Table: view()})
	awsglue.NewCfnTable(stack, jsii.String("Foreign"), &awsglue.CfnTableProps{
		CatalogId: stack.Account(), DatabaseName: database.DatabaseRef(),
		TableInput: &awsglue.CfnTable_TableInputProperty{Name: jsii.String("foreign"), Parameters: map[string]any{"table": table.TableRef(), "view": view.ViewRef()}},
	})
	template := cdktest.Of(t, stack)
	foreign := template.One(t, tableType, "Foreign")
	for kind, prefix := range map[string]string{databaseType: "Lab", tableType: "Results"} {
		if made := template.One(t, kind, prefix); !waitsFor(foreign, made.ID) {
			t.Errorf("does not wait for %s: %s", made.ID, cdktest.Compact(foreign.Properties))
		}
	}
	cdktest.Same(t, *database.DatabaseName()+" "+*table.TableName()+" "+*view.ViewName(), "lab results recent")
}

// Tables and views of a database that only the deployment names: table, grants and
// the view's own text wait for it.
func TestDatabaseGivenByToken(t *testing.T) {
	for name, props := range map[string]func(stack awscdk.Stack) *catalog.TableProps{
		"DatabaseName": func(stack awscdk.Stack) *catalog.TableProps {
			return &catalog.TableProps{DatabaseName: foreignDatabase(stack).Ref()}
		},
		"Database": func(stack awscdk.Stack) *catalog.TableProps {
			return &catalog.TableProps{Database: catalog.DatabaseFromName(stack, jsii.String("Lab"), foreignDatabase(stack).Ref())}
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			p := props(stack)
			p.Table, p.Location = results(nil), jsii.String("s3://lab/results/")
			table := catalog.NewTable(stack, jsii.String("Results"), p)
			made := catalog.NewView(stack, jsii.String("Recent"), &catalog.ViewProps{Database: p.Database, DatabaseName: p.DatabaseName, Table: view()})
			table.GrantReadWrite(governance.PrincipalOf(reader))
			made.GrantRead(governance.PrincipalOf(reader))
			template := cdktest.Of(t, stack)
			all := slices.Concat(template.Type(tableType), template.Type(grantType))
			if len(all) != 6 {
				t.Errorf("%d tables and grants", len(all))
			}
			for _, r := range all {
				if !waitsFor(r, "Foreign") {
					t.Errorf("%s does not wait for the database: %s", r.ID, cdktest.Compact(r.Properties))
				}
			}
			if text := template.One(t, tableType, "Recent").JSON("TableInput.ViewOriginalText"); !strings.Contains(text, `{"Fn::Base64":{"Fn::Join":["",["{\"originalSql\"`) {
				t.Errorf("the view's text is %s", text)
			}
			if strings.Contains(template.JSON, "TOKEN") {
				t.Error("the text of a token is in the template")
			}
		})
	}
}

func TestTableWaitsForWhatItIsToldOf(t *testing.T) {
	stack := cdktest.Stack()
	foreign := foreignDatabase(stack)
	table := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		DatabaseName: jsii.String("foreign"), Table: results(nil), Location: jsii.String("s3://lab/results/"), After: []awscdk.CfnResource{foreign},
	})
	table.GrantRead(governance.PrincipalOf(reader))
	template := cdktest.Of(t, stack)
	for _, r := range slices.Concat(template.Type(tableType), template.Type(grantType)) {
		if !template.After(r.ID, "Foreign") {
			t.Errorf("%s waits for %v", r.ID, r.DependsOn)
		}
	}
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewTable(stack, jsii.String("Other"), &catalog.TableProps{DatabaseName: jsii.String("foreign"), Table: results(nil), Location: jsii.String("s3://lab/"), After: []awscdk.CfnResource{nil}})
	}), `Test/Other: After[0]: got nothing; expected a resource; fix: leave it out
Table.Name: got "foreign.results", the name of the table at Test/Results; expected a name used once in the stack; fix: rename one of them, or use the one that is there`)
}

// Imported databases and tables make no resource; their grants stand where they
// were imported.
func TestImports(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.DatabaseFromName(stack, jsii.String("Lab"), jsii.String("lab"))
	for id, table := range map[string]catalog.ITable{
		"ByName":       catalog.TableFromName(stack, jsii.String("ByName"), jsii.String("lab"), jsii.String("results")),
		"ByAttributes": catalog.TableFromAttributes(stack, jsii.String("ByAttributes"), &catalog.TableAttributes{Database: database, TableName: jsii.String("results")}),
	} {
		table.GrantRead(governance.PrincipalOf(reader))
		cdktest.Same(t, *table.DatabaseName()+"."+*table.TableName()+" "+*table.TableRef()+" "+table.Resource().Key(), "lab.results results Table lab.results")
		cdktest.Same(t, *table.Node().Path(), "Test/"+id)
	}
	database.GrantCreateTable(governance.PrincipalOf(reader))
	database.GrantDescribe(governance.PrincipalOf(reader))
	cdktest.Same(t, *database.DatabaseName()+" "+*database.DatabaseRef(), "lab lab")
	template := cdktest.Of(t, stack)
	cdktest.Same(t, cdktest.Compact(rights(template)), cdktest.Compact(map[string]string{labDatabase: `["DESCRIBE","CREATE_TABLE"]`, labColumns: `["SELECT"]`}))
	if n := len(template.Resources); n != 2 {
		t.Errorf("%d resources, want the two grants", n)
	}
	inside := catalog.NewTable(stack, jsii.String("Inside"), &catalog.TableProps{Database: database, Table: results(nil), Location: jsii.String("s3://lab/results/")})
	cdktest.Same(t, *inside.DatabaseName(), "lab")
}

func TestNothingIsNamed(t *testing.T) {
	stack := cdktest.Stack()
	for _, test := range []struct {
		call func()
		want string
	}{
		{func() { catalog.NewDatabase(stack, nil, nil) },
			"Test/(no id): Name: got nothing; expected a name; fix: set Name\nid: got nothing; expected an id; fix: pass one like jsii.String(\"Lake\")"},
		{func() { catalog.NewTable(nil, jsii.String("New"), nil) }, "\nscope: got nothing; expected a construct, such as a stack"},
		{func() { catalog.NewView(nil, nil, nil) }, "\nid: got nothing"},
		{func() { catalog.NewEncryption(nil, jsii.String("New"), nil) }, "New: Key: got nothing; expected a KMS key"},
		{func() { catalog.NewOptimizerRole(nil, jsii.String("New"), nil) }, "New: scope: got nothing"},
		{func() { catalog.NewTableOptimizer(nil, jsii.String("New"), nil) }, "\nscope: got nothing"},
		{func() { catalog.DatabaseFromName(nil, jsii.String("New"), nil) }, "New: databaseName: got nothing; expected a name; fix: set databaseName\nscope: got nothing"},
		{func() { catalog.TableFromAttributes(stack, nil, nil) }, "Test/(no id): Database: got nothing; expected a database, or its name as DatabaseName"},
		{func() { catalog.TableFromName(stack, jsii.String("New"), jsii.String("lab"), jsii.String("No Table")) }, `Test/New: TableName: got "No Table"`},
		{func() {
			catalog.NewTable(stack, jsii.String("New"), &catalog.TableProps{Database: labIn(stack), DatabaseName: jsii.String("lab"), Table: results(nil)})
		}, "Test/New: Database: got a database beside DatabaseName; expected exactly one of them"},
	} {
		if got := cdktest.Panic(t, test.call); !strings.Contains(got, test.want) {
			t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
		}
	}
}

func TestNamesAreTakenOncePerStack(t *testing.T) {
	stack := cdktest.Stack()
	labTable(stack, labIn(stack))
	const last = "; expected a name used once in the stack; fix: rename one of them, or use the one that is there"
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewDatabase(stack, jsii.String("Again"), &catalog.DatabaseProps{Name: jsii.String("lab")})
	}),
		`Test/Again: Name: got "lab", the name of the database at Test/Lab`+last)
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewResourceLink(stack, jsii.String("Again"), &governance.ResourceLinkProps{
			Name: jsii.String("lab"), TargetDatabase: jsii.String("theirs"), TargetAccount: jsii.String("222222222222"),
		})
	}), `Test/Again: Name: got "lab", the name of the database at Test/Lab`+last)
	again := &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: results(nil), Location: jsii.String("s3://lab/results/")}
	cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewTable(stack, jsii.String("Again"), again) }),
		`Test/Again: Table.Name: got "lab.results", the name of the table at Test/Results`+last)
	other := awscdk.NewStack(awscdk.App_Of(stack), jsii.String("Other"), nil)
	catalog.NewTable(other, jsii.String("Again"), again)
}

// Deleting a database or the entry of an Iceberg table loses data.
func TestAspectsDestroyNothing(t *testing.T) {
	stack := cdktest.Stack()
	labTable(stack, labIn(stack))
	catalog.NewTable(stack, jsii.String("Iceberg"), &catalog.TableProps{DatabaseName: jsii.String("lab_iceberg"), Table: sorted(), Location: jsii.String("s3://lab/iceberg/")})
	awscdk.RemovalPolicies_Of(stack).Destroy(nil)
	got := cdktest.Panic(t, func() { awscdk.App_Of(stack).Synth(nil) })
	for _, want := range []string{
		"Test/Lab: got a removal policy with which AWS::Glue::Database is deleted with its stack",
		"Test/Iceberg: got a removal policy with which AWS::Glue::Table is deleted with its stack",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "Test/Results:") {
		t.Error("the entry of an external table holds no data")
	}
}

// The lake as it is by default has generated names, which policies take as tokens.
func TestOptimizerOfADefaultLake(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	table := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		DatabaseName: foreignDatabase(stack).Ref(), Location: lake.Curated().S3UrlForObject(jsii.String("ice/")), Table: sorted(),
	})
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{
		Table: table, Role: catalog.NewOptimizerRole(stack, jsii.String("Role"), &catalog.OptimizerRoleProps{Key: lake.Key()}),
		OrphanFiles: &catalog.OrphanFiles{Location: lake.Curated().S3UrlForObject(jsii.String("ice/data/"))},
	})
	template := cdktest.Of(t, stack)
	bucket := `{"Ref":"` + template.One(t, "AWS::S3::Bucket", "LakeCurated").ID + `"}`
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "RoleTables").JSON("PolicyDocument.Statement")
	for _, want := range []string{
		`{"Fn::Join":["",["arn:aws:s3:::",` + bucket + `,"/ice/*"]]}`,
		`{"Action":"s3:ListBucket","Condition":{"StringLike":{"s3:prefix":["ice","ice/*"]}},"Effect":"Allow","Resource":{"Fn::Join":["",["arn:aws:s3:::",` + bucket + `]]}}`,
		`{"Fn::Join":["",["arn:aws:glue:us-east-1:111111111111:table/",{"Ref":"Foreign"},"/results"]]}`,
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %s in %s", want, policy)
		}
	}
	whole := catalog.NewTable(stack, jsii.String("Whole"), &catalog.TableProps{
		DatabaseName: jsii.String("lab"), Table: sorted(),
		Location: awscdk.NewCfnParameter(stack, jsii.String("Location"), nil).ValueAsString(),
	})
	days := awscdk.NewCfnParameter(stack, jsii.String("Days"), &awscdk.CfnParameterProps{Type: jsii.String("Number")}).ValueAsNumber()
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewTableOptimizer(stack, jsii.String("Other"), &catalog.TableOptimizerProps{
			Table: whole, Role: catalog.NewOptimizerRole(stack, jsii.String("OtherRole"), nil),
			Retention:   &catalog.Retention{SnapshotRetentionPeriodInDays: days},
			OrphanFiles: &catalog.OrphanFiles{Location: lake.Raw().S3UrlForObject(jsii.String("x/"))},
		})
	}), `Test/Other: OrphanFiles.Location: got "s3://${Token}/x/"; expected a prefix below ${Token}; fix: leave it out: files of other tables would be deleted
Retention.SnapshotRetentionPeriodInDays: got a number known only at deployment; expected a whole number from 1; fix: pass the number itself: it is checked before deployment
Table: got a table whose whole location is known only at deployment; expected s3://, a bucket's name, which may be a token, and a plain prefix; fix: make the location with S3UrlForObject of the bucket: the policy of the role names bucket and prefix`)
}
