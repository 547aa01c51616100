package catalog_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/golden"
)

// files is a contract that uses everything about external tables and views.
func files(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load("testdata/files.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestVariants compares the template of each variant with the reviewed one.
func TestVariants(t *testing.T) {
	c := files(t)
	for i := range c.Tables {
		table := &c.Tables[i]
		stack := cdktest.Stack()
		if table.View != nil {
			catalog.NewView(stack, jsii.String("View"), &catalog.ViewProps{DatabaseName: jsii.String("lab"), Table: table, Contract: c})
		} else {
			catalog.NewTable(stack, jsii.String("Table"), &catalog.TableProps{
				DatabaseName: jsii.String("lab"), Table: table, Contract: c, Location: jsii.String("s3://lab-curated/" + table.Name + "/"),
			})
		}
		golden.Check(t, "testdata/"+table.Name+".template.json", []byte(cdktest.Of(t, stack).JSON+"\n"))
	}
	stack := cdktest.Stack()
	rich(stack)
	golden.Check(t, "testdata/optimized.template.json", []byte(cdktest.Of(t, stack).JSON+"\n"))
}

// rich is an encrypted catalog with an optimized Iceberg table.
func rich(stack awscdk.Stack) {
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	catalog.NewEncryption(stack, jsii.String("Encryption"), &catalog.EncryptionProps{Key: key})
	database := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")})
	role := catalog.NewOptimizerRole(stack, jsii.String("OptimizerRole"), &catalog.OptimizerRoleProps{Key: key})
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{
		Role:  role,
		Table: catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{Database: database, Table: sorted()}),
	})
}

// sorted is an Iceberg table with everything that one may have.
func sorted() *contract.Table {
	return results(func(table *contract.Table) {
		table.Format = contract.FormatIceberg
		table.Columns = append(table.Columns, contract.Column{Name: "taken", Type: "timestamp", Partition: 1, Transform: "day"})
		table.Columns[0].Partition, table.Columns[0].Transform = 2, "bucket[16]"
		table.SortOrder = []contract.SortField{{Column: "specimen_id"}, {Column: "taken", Transform: "hour", Direction: "desc"}}
		table.Properties = map[string]string{"write.merge.mode": "merge-on-read"}
	})
}

func TestIcebergLayout(t *testing.T) {
	r := render(t, &catalog.TableProps{Table: sorted(), Contract: &contract.Contract{ID: "c-1"}})
	r.Want(t, map[string]string{
		icebergInput + ".PartitionSpec.Fields": `[{"FieldId":1000,"Name":"taken_day","SourceId":3,"Transform":"day"},` +
			`{"FieldId":1001,"Name":"specimen_id_bucket","SourceId":1,"Transform":"bucket[16]"}]`,
		icebergInput + ".WriteOrder": `{"Fields":[{"Direction":"asc","NullOrder":"nulls-first","SourceId":1,"Transform":"identity"},` +
			`{"Direction":"desc","NullOrder":"nulls-last","SourceId":3,"Transform":"hour"}],"OrderId":1}`,
		icebergInput + ".Properties": `{"lakemesh.contract.id":"c-1","write.merge.mode":"merge-on-read"}`,
	})
}

func TestDeployed(t *testing.T) {
	changed := sorted()
	changed.Columns = append(changed.Columns, contract.Column{Name: "unit", Type: "string"})
	stack := cdktest.Stack()
	props := catalog.TableProps{DatabaseName: jsii.String("lab"), Table: changed, Deployed: sorted()}
	cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewTable(stack, jsii.String("Results"), &props) }),
		"Test/Results: Table: columns.unit: got new; expected the table as it was deployed: CloudFormation must not update an Iceberg table; "+
			"fix: run in Athena: ALTER TABLE `results` ADD COLUMNS (`unit` string); then set AcceptChanges")
	altered := render(t, &catalog.TableProps{Table: changed, Deployed: sorted(), AcceptChanges: jsii.Bool(true)})
	if got := cdktest.Compact(altered.Metadata); !strings.Contains(got, `"name":"unit"`) {
		t.Errorf("who reads templates does not see the column: %s", got)
	}
	altered.Metadata = nil
	if deployed := render(t, &catalog.TableProps{Table: sorted()}); cdktest.Compact(altered) != cdktest.Compact(deployed) {
		t.Errorf("the altered table is not what was deployed:\n%s\n%s", cdktest.Compact(altered), cdktest.Compact(deployed))
	}
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: sorted(), AcceptChanges: jsii.Bool(true)})
	}), "Test/Results: AcceptChanges: got true without Deployed; expected the table as it was first deployed; fix: set Deployed, or leave AcceptChanges out")
	if text := cdktest.Panic(t, func() {
		catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: results(nil), Deployed: results(nil)})
	}); !strings.Contains(text, "Deployed: got a table that is no Iceberg table") {
		t.Error(text)
	}
}

func TestStorageProblemsAreNamed(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: results(func(table *contract.Table) {
			table.Columns = append(table.Columns, contract.Column{Name: "year", Type: "int", Partition: 1, Projection: &contract.Projection{Type: "integer", Range: "2"}})
		})})
	}), `Test/Results: Table.Columns[2].Projection.Range: got "2"; expected two whole numbers of at most 64 bits and a comma between them; fix: write for example 0,99`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Location: jsii.String("s3://x/"), Table: view()})
	}), `Test/Results: Table.Format: got ""; expected iceberg, parquet, orc, avro, json, csv or text; fix: set the format
Table.View: got a view; expected a table with files of its own; fix: use NewView`)
}

func view() *contract.Table {
	return &contract.Table{
		Name: "recent", View: &contract.View{SQL: "SELECT * FROM results WHERE value > 1"},
		Columns: []contract.Column{
			{Name: "id", Type: "string"}, {Name: "taken", Type: "timestamp"}, {Name: "codes", Type: "array<struct<code:string,weight:float>>"},
			{Name: "units", Type: "map<string,int>"}, {Name: "raw", Type: "binary"}, {Name: "value", Type: "decimal(10,2)"},
		},
	}
}

func TestView(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")})
	table := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{Database: database, Table: results(nil)})
	made := catalog.NewView(stack, jsii.String("Recent"), &catalog.ViewProps{Database: database, Table: view(), After: []awscdk.CfnResource{table.Cfn()}})
	r := cdktest.Of(t, stack).One(t, tableType, "Recent")
	r.Want(t, map[string]string{
		"TableInput.TableType":        `"VIRTUAL_VIEW"`,
		"TableInput.Parameters":       `{"comment":"Presto View","presto_view":"true"}`,
		"TableInput.ViewExpandedText": `"/* Presto View */"`,
	})
	if len(r.DependsOn) != 2 {
		t.Errorf("the view depends on %v", r.DependsOn)
	}
	text, _ := r.Get("TableInput.ViewOriginalText").(string)
	encoded := strings.TrimSuffix(strings.TrimPrefix(text, "/* Presto View: "), " */")
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	cdktest.Same(t, string(decoded), `{"originalSql":"SELECT * FROM results WHERE value > 1","catalog":"awsdatacatalog","schema":"lab_curated","columns":[`+
		`{"name":"id","type":"varchar"},{"name":"taken","type":"timestamp(6)"},{"name":"codes","type":"array(row(\"code\" varchar, \"weight\" real))"},`+
		`{"name":"units","type":"map(varchar, integer)"},{"name":"raw","type":"varbinary"},{"name":"value","type":"decimal(10,2)"}]}`)
	cdktest.Same(t, *made.DatabaseName()+"."+*made.ViewName()+" "+made.Resource().Key(), "lab_curated.recent Table lab_curated.recent")
	cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewView(stack, jsii.String("Other"), nil) }),
		`Test/Other: Database: got nothing; expected a database, or its name as DatabaseName; fix: pass a database of the app, or the name of one that is made elsewhere
Table: got nothing; expected a view of a contract; fix: set Table to one of contract.Contract.Tables`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewView(cdktest.Stack(), jsii.String("Other"), &catalog.ViewProps{DatabaseName: jsii.String("lab"), Table: results(nil)})
	}), `Test/Other: Table.View: got nothing; expected a query; fix: set it, or use NewTable`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		broken := view()
		broken.View.SQL, broken.Columns[0].Type = "DELETE", "text"
		catalog.NewView(cdktest.Stack(), jsii.String("Other"), &catalog.ViewProps{DatabaseName: jsii.String("lab"), Table: broken})
	}), `Test/Other: Table.Columns[0].Type: got "text": the catalog has no type "text"; expected a type of the Glue catalog; fix: write it like array<struct<code:string>>
Table.View.SQL: got a query that starts with "DELETE"; expected a SELECT or WITH statement; fix: write the query alone, without CREATE VIEW`)
}

func TestOptimizer(t *testing.T) {
	stack := cdktest.Stack()
	role := catalog.NewOptimizerRole(stack, jsii.String("Role"), nil)
	for i := range 11 {
		name := fmt.Sprintf("results_%02d", i)
		table := catalog.NewTable(stack, jsii.String(name), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: results(func(table *contract.Table) {
			table.Name, table.Format, table.Location = name, contract.FormatIceberg, "s3://lab-curated/"+name+"/"
		})})
		made := catalog.NewTableOptimizer(stack, jsii.String("Optimizer"+name), &catalog.TableOptimizerProps{Table: table, Role: role})
		if len(made.Cfn()) != 3 {
			t.Errorf("%d optimizers", len(made.Cfn()))
		}
	}
	template := cdktest.Of(t, stack)
	if n := len(role.Policies()); n != 3 || len(template.Type("AWS::IAM::ManagedPolicy")) != n {
		t.Errorf("%d policies, want one for all tables and one per ten", n)
	}
	for _, policy := range template.Type("AWS::IAM::ManagedPolicy") {
		if n := len(policy.JSON("PolicyDocument")); n > 6144 {
			t.Errorf("%s has %d characters", policy.ID, n)
		}
	}
	r := template.One(t, "AWS::Glue::TableOptimizer", "Optimizerresults00Retention")
	r.Want(t, map[string]string{
		"Type":                                `"retention"`,
		"TableOptimizerConfiguration.Enabled": `true`,
		"TableOptimizerConfiguration.RetentionConfiguration": `{"IcebergConfiguration":{"CleanExpiredFiles":true,"NumberOfSnapshotsToRetain":1,"SnapshotRetentionPeriodInDays":5}}`,
	})
	if len(r.DependsOn) != 3 {
		t.Errorf("the optimizer waits for %v, not for the table and two policies", r.DependsOn)
	}
}

// The linter's schemas do not have CompactionConfiguration yet, so that it stands
// in no snapshot.
func TestCompaction(t *testing.T) {
	stack := cdktest.Stack()
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{
		Role:       catalog.NewOptimizerRole(stack, jsii.String("Role"), nil),
		Table:      catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: sorted()}),
		Compaction: &catalog.Compaction{Strategy: jsii.String("sort"), MinInputFiles: jsii.Number(50), DeleteFileThreshold: jsii.Number(3)},
	})
	cdktest.Of(t, stack).One(t, "AWS::Glue::TableOptimizer", "OptimizerCompaction").Want(t, map[string]string{
		"TableOptimizerConfiguration.CompactionConfiguration": `{"IcebergConfiguration":{"DeleteFileThreshold":3,"MinInputFiles":50,"Strategy":"sort"}}`,
	})
}

func TestOptimizerProblems(t *testing.T) {
	stack := cdktest.Stack()
	role := catalog.NewOptimizerRole(stack, jsii.String("Role"), nil)
	external := catalog.NewTable(stack, jsii.String("External"), &catalog.TableProps{DatabaseName: jsii.String("lab_external"), Table: results(nil)})
	iceberg := catalog.NewTable(stack, jsii.String("Iceberg"), &catalog.TableProps{DatabaseName: jsii.String("lab"), Table: sorted()})
	panics := func(props *catalog.TableOptimizerProps, text string) {
		t.Helper()
		cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), props) }), "Test/Optimizer: "+text)
	}
	panics(nil, `Role: got nothing; expected an OptimizerRole; fix: make one per domain with NewOptimizerRole
Table: got nothing; expected an Iceberg table; fix: set Table`)
	off := jsii.Bool(true)
	panics(&catalog.TableOptimizerProps{
		Role: role, Table: external,
		Compaction: &catalog.Compaction{Disabled: off, Strategy: jsii.String("sorted")}, Retention: &catalog.Retention{Disabled: off}, OrphanFiles: &catalog.OrphanFiles{Disabled: off},
	}, `Compaction.Disabled: got true, as of every other optimizer; expected at least one that is on; fix: leave the TableOptimizer out
Compaction.Strategy: got "sorted"; expected binpack, sort or z-order; fix: did you mean sort?
Table: got a table of format parquet; expected an Iceberg table; fix: leave the optimizer out`)
	panics(&catalog.TableOptimizerProps{
		Role: role, Table: iceberg,
		Compaction:  &catalog.Compaction{Strategy: jsii.String("z-order"), MinInputFiles: jsii.Number(1), DeleteFileThreshold: jsii.Number(0.5)},
		Retention:   &catalog.Retention{SnapshotRetentionPeriodInDays: jsii.Number(0), NumberOfSnapshotsToRetain: jsii.Number(0)},
		OrphanFiles: &catalog.OrphanFiles{OrphanFileRetentionPeriodInDays: jsii.Number(1.5), Location: jsii.String("s3://lab-curated/")},
	}, `Compaction.DeleteFileThreshold: got 0.5; expected a whole number from 1; fix: write one, or leave it out
Compaction.MinInputFiles: got 1; expected a whole number from 2; fix: write one, or leave it out
Compaction.Strategy: got z-order by taken, which is timestamp; expected no decimal and no timestamp; fix: use sort
OrphanFiles.Location: got "s3://lab-curated/"; expected a prefix below s3://lab-curated/results/; fix: leave it out: files of other tables would be deleted
OrphanFiles.OrphanFileRetentionPeriodInDays: got 1.5; expected a whole number from 1; fix: write one, or leave it out
Retention.NumberOfSnapshotsToRetain: got 0; expected a whole number from 1; fix: write one, or leave it out
Retention.SnapshotRetentionPeriodInDays: got 0; expected a whole number from 1; fix: write one, or leave it out`)
}

func TestEncryption(t *testing.T) {
	stack := cdktest.Stack()
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewEncryption(stack, jsii.String("Catalog"), &catalog.EncryptionProps{PasswordKey: key, DisablePasswordEncryption: jsii.Bool(true)})
	}), `Test/Catalog: Key: got nothing; expected a KMS key; fix: set Key: encryption without one uses the key of AWS, which no policy can narrow
PasswordKey: got a key, with DisablePasswordEncryption; expected one of them; fix: remove DisablePasswordEncryption`)
	catalog.NewEncryption(stack, jsii.String("Catalog"), &catalog.EncryptionProps{Key: key})
	cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewEncryption(stack, jsii.String("Other"), &catalog.EncryptionProps{Key: key}) }),
		`Test/Other: Encryption: got a second one for aws://111111111111/us-east-1; expected one per account and region; fix: use the one at Test/Catalog`)
	r := cdktest.Of(t, stack).One(t, "AWS::Glue::DataCatalogEncryptionSettings", "Catalog")
	r.Want(t, map[string]string{
		"DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode":                         `"SSE-KMS"`,
		"DataCatalogEncryptionSettings.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted": `true`,
	})
	kept(t, r)
}
