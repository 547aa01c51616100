package catalog_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

const (
	tableType    = "AWS::Glue::Table"
	icebergInput = "OpenTableFormatInput.IcebergInput.IcebergTableInput"
)

// results is a table of two columns; changes are made to a copy.
func results(change func(*contract.Table)) *contract.Table {
	table := &contract.Table{
		Name:        "results",
		Description: "Laboratory results",
		Format:      contract.FormatParquet,
		Location:    "s3://lab-curated/results/",
		Columns: []contract.Column{
			{Name: "specimen_id", Type: "string", Description: "What was examined"},
			{Name: "value", Type: "decimal(10,2)"},
		},
	}
	if change != nil {
		change(table)
	}
	return table
}

func render(t *testing.T, props *catalog.TableProps) cdktest.Resource {
	t.Helper()
	stack := cdktest.Stack()
	if props.Database == nil && props.DatabaseName == nil {
		props.DatabaseName = jsii.String("lab_curated")
	}
	catalog.NewTable(stack, jsii.String("Results"), props)
	return cdktest.Of(t, stack).One(t, tableType, "Results")
}

func TestFormats(t *testing.T) {
	const (
		text   = "org.apache.hadoop.mapred.TextInputFormat"
		noKey  = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
		hiveQL = "org.apache.hadoop.hive.ql.io."
	)
	for format, test := range map[contract.Format]struct{ library, parameters, input, output string }{
		contract.FormatParquet: {
			hiveQL + "parquet.serde.ParquetHiveSerDe", `{"serialization.format":"1"}`,
			hiveQL + "parquet.MapredParquetInputFormat", hiveQL + "parquet.MapredParquetOutputFormat",
		},
		contract.FormatORC: {hiveQL + "orc.OrcSerde", `null`, hiveQL + "orc.OrcInputFormat", hiveQL + "orc.OrcOutputFormat"},
		contract.FormatAvro: {"org.apache.hadoop.hive.serde2.avro.AvroSerDe", `{"avro.schema.literal":"{\"type\":\"record\",\"name\":\"results\",\"fields\":[` +
			`{\"name\":\"specimen_id\",\"type\":[\"null\",\"string\"],\"default\":null},` +
			`{\"name\":\"value\",\"type\":[\"null\",{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":10,\"scale\":2}],\"default\":null}]}"}`, hiveQL + "avro.AvroContainerInputFormat", hiveQL + "avro.AvroContainerOutputFormat"},
		contract.FormatJSON: {"org.openx.data.jsonserde.JsonSerDe", `null`, text, noKey},
		contract.FormatCSV:  {"org.apache.hadoop.hive.serde2.OpenCSVSerde", `{"escapeChar":"\\","quoteChar":"\"","separatorChar":","}`, text, noKey},
	} {
		value := "decimal(10,2)"
		if format == contract.FormatCSV {
			value = "double" // OpenCSVSerde reads no decimals
		}
		r := render(t, &catalog.TableProps{Table: results(func(table *contract.Table) { table.Format, table.Columns[1].Type = format, value })})
		r.Want(t, map[string]string{
			"CatalogId":              `"` + cdktest.Account + `"`,
			"DatabaseName":           `"lab_curated"`,
			"TableInput.Name":        `"results"`,
			"TableInput.Description": `"Laboratory results"`,
			"TableInput.TableType":   `"EXTERNAL_TABLE"`,
			"TableInput.Parameters":  `{"EXTERNAL":"TRUE","classification":"` + string(format) + `"}`,
			"TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary": `"` + test.library + `"`,
			"TableInput.StorageDescriptor.SerdeInfo.Parameters":           test.parameters,
			"TableInput.StorageDescriptor.InputFormat":                    `"` + test.input + `"`,
			"TableInput.StorageDescriptor.OutputFormat":                   `"` + test.output + `"`,
			"TableInput.StorageDescriptor.Location":                       `"s3://lab-curated/results/"`,
			"TableInput.StorageDescriptor.Columns":                        `[{"Comment":"What was examined","Name":"specimen_id","Type":"string"},{"Name":"value","Type":"` + value + `"}]`,
			"TableInput.PartitionKeys":                                    `[]`,
			"OpenTableFormatInput":                                        `null`,
		})
		if r.DeletionPolicy != "" {
			t.Errorf("%s: the table only describes files, yet it is kept: %s", format, r.DeletionPolicy)
		}
	}
}

func TestCSVDialect(t *testing.T) {
	r := render(t, &catalog.TableProps{Table: results(func(table *contract.Table) {
		table.Format, table.Columns[1].Type = contract.FormatCSV, "double"
		table.CSV = contract.CSV{Delimiter: "\t", Header: true}
	})})
	r.Want(t, map[string]string{
		"TableInput.Parameters": `{"EXTERNAL":"TRUE","classification":"csv","skip.header.line.count":"1"}`,
		"TableInput.StorageDescriptor.SerdeInfo.Parameters.separatorChar": `"\t"`,
	})
}

func TestPartitionKeysAreInTheirOwnOrder(t *testing.T) {
	r := render(t, &catalog.TableProps{Table: results(func(table *contract.Table) {
		table.Columns = append([]contract.Column{
			{Name: "month", Type: "int", Partition: 2},
			{Name: "year", Type: "int", Partition: 1},
		}, table.Columns...)
	})})
	r.Want(t, map[string]string{
		"TableInput.PartitionKeys":                    `[{"Name":"year","Type":"int"},{"Name":"month","Type":"int"}]`,
		"TableInput.StorageDescriptor.Columns.0.Name": `"specimen_id"`,
		"TableInput.StorageDescriptor.Columns.2":      `null`,
	})
}

func TestContractShowsInTheCatalog(t *testing.T) {
	r := render(t, &catalog.TableProps{
		Table:    results(nil),
		Contract: &contract.Contract{ID: "c-1", Name: "labs", Version: "1.2.0", Owner: "lab@example.org"},
	})
	r.Want(t, map[string]string{
		"TableInput.Parameters": `{"EXTERNAL":"TRUE","classification":"parquet","lakemesh.contract.id":"c-1","lakemesh.contract.version":"1.2.0",` +
			`"lakemesh.owner":"lab@example.org","lakemesh.product":"labs"}`,
	})
}

func TestCommentsFit(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"none", "", ""},
		{"short", "Date of birth", "Date of birth"},
		{"lines", "Date\n  of\tbirth", "Date of birth"},
		{"as long as can be", strings.Repeat("a", 255), strings.Repeat("a", 255)},
		{"too long", strings.Repeat("a", 256), strings.Repeat("a", 252) + "…"},
		{"two bytes a letter", strings.Repeat("é", 128), strings.Repeat("é", 126) + "…"},
		{"three bytes a letter, one before", "a" + strings.Repeat("語", 90), "a" + strings.Repeat("語", 83) + "…"},
		{"four bytes a letter", strings.Repeat("🧬", 64), strings.Repeat("🧬", 63) + "…"},
		{"blank at the cut", strings.Repeat("a", 250) + " " + strings.Repeat("b", 10), strings.Repeat("a", 250) + " b…"},
	} {
		r := render(t, &catalog.TableProps{Table: results(func(table *contract.Table) { table.Columns[0].Description = test.text })})
		got, _ := r.Get("TableInput.StorageDescriptor.Columns.0.Comment").(string)
		if got != test.want || len(got) > 255 || !utf8.ValidString(got) {
			t.Errorf("%s: got %d bytes %q, want %q", test.name, len(got), got, test.want)
		}
	}
}

func TestIceberg(t *testing.T) {
	r := render(t, &catalog.TableProps{
		Table: results(func(table *contract.Table) {
			table.Format = contract.FormatIceberg
			table.Columns[0].Required = true
			table.Columns = append(table.Columns,
				contract.Column{Name: "taken", Type: "timestamp"},
				contract.Column{Name: "code", Type: "varchar(20)"},
				contract.Column{Name: "count", Type: "bigint"})
		}),
		Contract: &contract.Contract{ID: "c-1", Name: "labs", Version: "1.2.0", Owner: "lab@example.org"},
	})
	r.Want(t, map[string]string{
		"CatalogId":    `"` + cdktest.Account + `"`,
		"DatabaseName": `"lab_curated"`,
		"Name":         `"results"`,
		"TableInput":   `null`,
		"OpenTableFormatInput.IcebergInput.MetadataOperation": `"CREATE"`,
		"OpenTableFormatInput.IcebergInput.Version":           `"2"`,
		icebergInput + ".Location":                            `"s3://lab-curated/results/"`,
		icebergInput + ".PartitionSpec":                       `null`,

		icebergInput + ".Properties": `{"lakemesh.contract.id":"c-1","lakemesh.product":"labs"}`,
		icebergInput + ".Schema": `{"Fields":[` +
			`{"Id":1,"Name":"specimen_id","Required":true,"Type":"string"},` +
			`{"Id":2,"Name":"value","Required":false,"Type":"decimal(10, 2)"},` +
			`{"Id":3,"Name":"taken","Required":false,"Type":"timestamp"},` +
			`{"Id":4,"Name":"code","Required":false,"Type":"string"},` +
			`{"Id":5,"Name":"count","Required":false,"Type":"long"}],"Type":"struct"}`,
	})
	kept(t, r)
}

func TestNestedIceberg(t *testing.T) {
	r := render(t, &catalog.TableProps{Table: results(func(table *contract.Table) {
		table.Format = contract.FormatIceberg
		table.Columns = append(table.Columns,
			contract.Column{Name: "codes", Type: "array<struct<code:string,rank:smallint>>"},
			contract.Column{Name: "units", Type: "map<string,bigint>"})
	})})
	// The ids of nested fields follow after the last column's.
	for at, text := range map[string]string{
		"2": `{"type":"list","element-id":5,"element-required":false,"element":{"type":"struct","fields":[` +
			`{"id":6,"name":"code","required":false,"type":"string"},{"id":7,"name":"rank","required":false,"type":"int"}]}}`,
		"3": `{"type":"map","key-id":8,"key":"string","value-id":9,"value-required":false,"value":"long"}`,
	} {
		if got := r.Get(icebergInput + ".Schema.Fields." + at + ".Type"); got != text {
			t.Errorf("got\n%s\nwant\n%s", got, text)
		}
	}
}

func TestPartitionedIceberg(t *testing.T) {
	r := render(t, &catalog.TableProps{Table: results(func(table *contract.Table) {
		table.Format = contract.FormatIceberg
		table.Columns = []contract.Column{
			{Name: "month", Type: "smallint", Partition: 2},
			{Name: "specimen_id", Type: "string"},
			{Name: "codes", Type: "array<string>"},
			{Name: "year", Type: "int", Partition: 1},
		}
	})})
	r.Want(t, map[string]string{
		icebergInput + ".PartitionSpec": `{"Fields":[{"FieldId":1000,"Name":"year","SourceId":4,"Transform":"identity"},` +
			`{"FieldId":1001,"Name":"month","SourceId":1,"Transform":"identity"}],"SpecId":0}`,
		icebergInput + ".Schema.Fields.0": `{"Id":1,"Name":"month","Required":false,"Type":"int"}`,
		icebergInput + ".Schema.Fields.3": `{"Id":4,"Name":"year","Required":false,"Type":"int"}`,
	})
	kept(t, r)
}

// An Iceberg table's catalog entry is the only pointer to its current data.
func kept(t *testing.T, r cdktest.Resource) {
	t.Helper()
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("%s: DeletionPolicy %q, UpdateReplacePolicy %q", r.ID, r.DeletionPolicy, r.UpdateReplacePolicy)
	}
}

func TestTableWaitsForItsDatabase(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")})
	table := catalog.NewTable(stack, jsii.String("Results"), &catalog.TableProps{
		Database: database,
		Table:    results(nil),
		Location: jsii.String("s3://elsewhere/results/"),
	})
	template := cdktest.Of(t, stack)
	r := template.One(t, tableType, "Results")
	if len(r.DependsOn) != 1 || r.DependsOn[0] != template.One(t, databaseType, "Curated").ID {
		t.Errorf("the table depends on %v", r.DependsOn)
	}
	r.Want(t, map[string]string{"TableInput.StorageDescriptor.Location": `"s3://elsewhere/results/"`})
	cdktest.Same(t, table.Resource().Key(), "Table lab_curated.results")
	cdktest.Same(t, *table.DatabaseName()+"."+*table.TableName(), "lab_curated.results")
}

func TestTableProblems(t *testing.T) {
	stack := cdktest.Stack()
	panics := func(props *catalog.TableProps, text string) {
		t.Helper()
		cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewTable(stack, jsii.String("Results"), props) }), text)
	}
	panics(nil, `Test/Results: Database: got nothing; expected a database, or its name as DatabaseName; fix: pass a database of the app, or the name of one that is made elsewhere
Table: got nothing; expected a table of a contract; fix: set Table to one of contract.Contract.Tables`)
	panics(&catalog.TableProps{DatabaseName: jsii.String("Lab"), Table: &contract.Table{}},
		`Test/Results: DatabaseName: got "Lab"; expected 1 to 255 lower case letters, digits and underscores; fix: rename it
Location: got nothing; expected an s3:// URI; fix: set Location; the contract names none
Table.Columns: got none; expected at least one column; fix: list the columns in the contract
Table.Format: got ""; expected iceberg, parquet, orc, avro, json, csv or text; fix: set the format
Table.Name: got nothing; expected a name; fix: set Table.Name`)
	panics(&catalog.TableProps{
		DatabaseName: jsii.String("lab"),
		Location:     jsii.String("lab/results"),
		Table: results(func(table *contract.Table) {
			table.Columns = []contract.Column{
				{Name: "year", Type: "int", Partition: 1},
				{Name: "year", Partition: 2},
				{Name: "Month", Type: "int", Partition: 3},
			}
		}),
	}, `Test/Results: Location: got "lab/results"; expected an s3:// URI; fix: write it as "s3://bucket/prefix/"
Table.Columns: got only partition keys; expected at least one column that is no partition key; fix: add the data columns
Table.Columns[1].Name: got "year" again; expected a name used once in the table; fix: rename one of them
Table.Columns[1].Type: got nothing; expected a Glue type such as string or decimal(10,2); fix: set the type
Table.Columns[2].Name: got "Month"; expected 1 to 255 lower case letters, digits and underscores; fix: rename it`)
	panics(&catalog.TableProps{
		DatabaseName: jsii.String("lab"),
		Table: results(func(table *contract.Table) {
			table.Format = contract.FormatIceberg
			table.Columns = append(table.Columns,
				contract.Column{Name: "codes", Type: "array<string>", Partition: 1},
				contract.Column{Name: "notes", Type: "text"})
		}),
	}, `Test/Results: Table.Columns[2].Type: got "array<string>" of a partition key; expected a primitive type; fix: partition by a column with one value, for example a year
Table.Columns[3].Type: got "text": the catalog has no type "text"; expected a type of the Glue catalog; fix: write it like array<struct<code:string>>`)
	projected := func(table *contract.Table) {
		table.Location, table.LocationTemplate = "", "s3://elsewhere/${day}/"
		table.Columns = append(table.Columns, contract.Column{Name: "day", Type: "string", Partition: 1, Projection: &contract.Projection{Type: contract.ProjectInjected}})
	}
	panics(&catalog.TableProps{DatabaseName: jsii.String("lab"), Location: jsii.String("s3://lab/results/"), Table: results(projected)},
		`Test/Results: Table.LocationTemplate: got "s3://elsewhere/${day}/"; expected a place below s3://lab/results/, as Lake Formation reads no partition beside it; fix: write it below, or only what follows the location: ${column}/`)
	panics(&catalog.TableProps{DatabaseName: jsii.String("lab"), Table: results(func(table *contract.Table) {
		table.Location, table.Locations = "s3://dev/", map[string]string{"prod": "s3://prod/", "dev": "s3://dev/"}
	})}, `Test/Results: Location: got nothing, with places in dev, prod; expected the place of one environment; fix: set Location to one of Table.Locations`)
	if stack.Node().TryFindChild(jsii.String("Results")) != nil {
		t.Error("a half-made table is left in the tree")
	}
}
