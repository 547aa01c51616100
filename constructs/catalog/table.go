package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// TableProps configures a Table.
type TableProps struct {
	// Database that the table stands in: one of the app, or one that
	// DatabaseFromName refers to. Required, or DatabaseName.
	Database IDatabase

	// DatabaseName names a database that is made elsewhere; a token is taken, such
	// as the Ref of a database of your own, which the table and its grants then wait
	// for. Required, or Database.
	DatabaseName *string

	// Table is the table of a contract: name, columns, partition keys, format. Required.
	Table *contract.Table

	// Contract is the contract that Table comes from; its id and name, and on
	// external tables its version and owner, become parameters of the table.
	// Default: none are set.
	Contract *contract.Contract

	// Location is where the files are, as an s3:// URI.
	// Default: Table.Location. Required where the contract names none.
	Location *string

	// Deployed is an Iceberg table as it was first deployed. It is what is rendered,
	// so that CloudFormation never updates the table; where Table differs from it,
	// that is an error which names the statements to run in Athena or Spark.
	// Default: none, the template follows Table; then a changed schema would make
	// CloudFormation update the table, which breaks it (rule 6.6).
	Deployed *contract.Table

	// AcceptChanges says that the statements which turn Deployed into Table have been
	// run, or that nobody needs them: Deployed is rendered, differences are no error.
	// Default: false. An error without Deployed.
	AcceptChanges *bool

	// After lists what must exist before the table and its grants, beside a Database
	// of the app: a database that is known by name, the registered location.
	// Default: none.
	After []awscdk.CfnResource
}

// Table is a Glue table made from a contract.
type Table struct {
	constructs.Construct

	in       place
	name     string
	location string
	after    []awscdk.CfnResource
	table    *contract.Table
	resource awsglue.CfnTable
}

// NewTable makes a Glue table in the stack's own catalog.
//
// Parquet, ORC, Avro, JSON lines, CSV and text become external tables whose
// partition columns are partition keys, projected where the contract says how;
// they are deleted with the stack, their files are not touched.
//
// Iceberg tables (format version 2) are created by Glue with their first metadata
// file and retained; partition columns become partition fields with the contract's
// transforms. What engines
// own from then on is not in the template: comments and the contract's version
// are left out, and a schema is changed with ALTER TABLE in Athena or Spark
// (rule 6.6). Columns take their Iceberg field ids from the order of the
// contract: append new columns at its end. That CloudFormation creates the table
// in this form is documented by AWS and not proven by this project.
//
// Comments longer than the 255 characters that Glue takes are cut. It panics
// with every problem of the props at once.
//
// Sources: "CreateTable action", "AWS::Glue::Table IcebergTableInput", the AWS Big
// Data Blog on Iceberg tables with partitions in CloudFormation (December 2025);
// rules 6.5 and 6.6.
func NewTable(scope constructs.Construct, id *string, props *TableProps) *Table {
	p := cdkx.Value(props, TableProps{})
	registry := cdkx.RegistryOf(scope)
	problems := p.problems()
	registry.CheckTaken(&problems, "Table.Name", kindTable, p.fullName())
	cdkx.Check(scope, id, problems)

	contracted := p.Table
	if p.Deployed != nil {
		if p.Location == nil && p.Deployed.Location == "" {
			p.Location = jsii.String(p.Table.Location)
		}
		p.Table = p.Deployed
	}
	t := &Table{in: p.place(), name: p.Table.Name, location: p.location(), table: contracted, after: slices.Clone(p.After)}
	cdkx.Add(t, scope, id)
	registry.Claim(kindTable, p.fullName(), t)
	then := []cdkx.Then{cdkx.WaitingFor(slices.Concat(t.in.after(), t.after)...)}
	if p.Table.Format == contract.FormatIceberg {
		then = append(then, cdkx.Retained)
	}
	t.resource = cdkx.Make[awsglue.CfnTable](t, "Resource", p.cfn(cdkx.StackOf(t)), then...)
	if p.Table.Format == contract.FormatIceberg {
		registry.Guard(t, t.resource)
	}
	if p.Deployed != nil {
		t.noteColumns(contracted)
	}
	order.In(registry).Add(&order.Node{
		Resource: t.resource, Names: []order.Name{order.Table(t.in.name(), t.name)}, Needs: []order.Name{order.Database(t.in.name())},
		Files: t.location, Governed: true,
	})
	return t
}

func (t *Table) noteColumns(table *contract.Table) {
	columns := make([]any, len(table.Columns))
	for i, c := range table.Columns {
		columns[i] = map[string]any{"name": c.Name, "type": c.Type}
	}
	t.resource.AddMetadata(jsii.String(template.ColumnsMetadata), &columns)
}

// TableName is the name in the catalog, as plain text: for SQL, and for other
// stacks and accounts. Nothing waits for the table because of it.
func (t *Table) TableName() *string { return jsii.String(t.name) }

// TableRef is the name as a reference to the resource: what has it in a property
// is made after the table. In another stack of the app it becomes an export.
func (t *Table) TableRef() *string { return t.resource.Ref() }

// DatabaseName is the name of the database the table stands in.
func (t *Table) DatabaseName() *string { return jsii.String(t.in.name()) }

// Resource is the table as something Lake Formation grants on.
func (t *Table) Resource() lakeformation.Resource { return lakeformation.Table(t.in.name(), t.name) }

// made is what grants on the table wait for.
func (t *Table) made() []awscdk.CfnResource {
	return append([]awscdk.CfnResource{t.resource}, t.after...)
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (t *Table) Cfn() awsglue.CfnTable { return t.resource }

func (p *TableProps) place() place { return placeOf(p.Database, p.DatabaseName) }

func (p *TableProps) databaseName() string { return p.place().name() }

// fullName is the table with its database, nil where one of them is missing.
func (p *TableProps) fullName() *string {
	if p.Table == nil || p.Table.Name == "" || p.databaseName() == "" {
		return nil
	}
	return jsii.String(p.databaseName() + "." + p.Table.Name)
}

func (p *TableProps) location() string {
	location := cdkx.Value(p.Location, "")
	if location == "" && p.Table != nil {
		location = p.Table.Location
	}
	return location
}

func (p *TableProps) problems() problem.List {
	var list problem.List
	p.place().check(&list)
	checkAfter(&list, p.After)
	if p.Table == nil {
		list.Addf("Table", "nothing", "a table of a contract", "set Table to one of contract.Contract.Tables")
		return list
	}
	checkName(&list, "Table.Name", &p.Table.Name)
	location := p.location()
	if location == "" {
		list.Addf("Location", "nothing", "an s3:// URI", "set Location; the contract names none")
	} else {
		checkURI(&list, "Location", &location)
	}
	p.checkPlace(&list, location)
	p.checkColumns(&list)
	p.checkStorage(&list)
	p.checkDeployed(&list)
	return list
}

// checkPlace checks the place against what the contract says of it: one of several
// environments is chosen, and partitions stand below the table.
func (p *TableProps) checkPlace(list *problem.List, location string) {
	if p.Location == nil && len(p.Table.Locations) > 1 {
		list.Addf("Location", "nothing, with places in "+strings.Join(slices.Sorted(maps.Keys(p.Table.Locations)), ", "), "the place of one environment", "set Location to one of Table.Locations")
	}
	template := p.Table.PartitionTemplate(location)
	if template == "" || location == "" || cdkx.HoldsToken(location) || cdkx.HoldsToken(template) {
		return
	}
	if p.Table.Location == "" && !strings.HasPrefix(template, location) {
		list.Addf("Table.LocationTemplate", strconv.Quote(template), "a place below "+location+", as Lake Formation reads no partition beside it", "write it below, or only what follows the location: ${column}/")
	}
}

// checkStorage reports what the contract's own check finds about how the table
// is stored.
func (p *TableProps) checkStorage(list *problem.List) {
	if p.Table.View != nil {
		list.Addf("Table.View", "a view", "a table with files of its own", "use NewView")
		return
	}
	storage := p.Table.StorageProblems()
	for i := range storage {
		storage[i].Path = "Table." + storage[i].Path
		list.Add(storage[i])
	}
	if p.Table.Format == contract.FormatAvro {
		checkTypes(list, p.Table.Columns)
	}
}

// checkTypes reports types that the catalog does not have.
func checkTypes(list *problem.List, columns []contract.Column) {
	for i, c := range columns {
		if _, err := gluetype.Parse(c.Type); c.Type != "" && err != nil {
			list.Addf(problem.Index("Table.Columns", i)+".Type", fmt.Sprintf("%q: %v", c.Type, err), "a type of the Glue catalog", "write it like array<struct<code:string>>")
		}
	}
}

// checkNames checks that columns have names and types.
func (p *TableProps) checkNames(list *problem.List) {
	if len(p.Table.Columns) == 0 {
		list.Addf("Table.Columns", "none", "at least one column", "list the columns in the contract")
	}
	seen := map[string]bool{}
	for i, c := range p.Table.Columns {
		path := problem.Index("Table.Columns", i)
		if !p.Table.AllowsColumn(c.Name) {
			checkName(list, path+".Name", &c.Name)
		}
		if seen[c.Name] {
			list.Addf(path+".Name", fmt.Sprintf("%q again", c.Name), "a name used once in the table", "rename one of them")
		}
		seen[c.Name] = true
		if c.Type == "" {
			list.Addf(path+".Type", "nothing", "a Glue type such as string or decimal(10,2)", "set the type")
		}
	}
}

func (p *TableProps) checkColumns(list *problem.List) {
	p.checkNames(list)
	if len(p.Table.Columns) > 0 && len(p.Table.DataColumns()) == 0 {
		list.Addf("Table.Columns", "only partition keys", "at least one column that is no partition key", "add the data columns")
	}
	switch p.Table.Format {
	case contract.FormatParquet, contract.FormatORC, contract.FormatAvro, contract.FormatJSON, contract.FormatCSV, contract.FormatText:
	case contract.FormatIceberg:
		p.checkIceberg(list)
	default:
		list.Addf("Table.Format", cdkx.Quote(p.Table.Format), "iceberg, parquet, orc, avro, json, csv or text", "set the format")
	}
}

// identity is the parameters that name the contract; they stay the same while
// the contract lives.
func (p *TableProps) identity() map[string]any {
	out := map[string]any{}
	if p.Contract != nil {
		put(out, "lakemesh.contract.id", p.Contract.ID)
		put(out, "lakemesh.product", p.Contract.Name)
	}
	return out
}

// parameters are what the catalog shows beside the schema.
func (p *TableProps) parameters() map[string]any {
	out := p.identity()
	if p.Contract != nil {
		put(out, "lakemesh.contract.version", p.Contract.Version)
		put(out, "lakemesh.owner", p.Contract.Owner)
	}
	return out
}

func put(into map[string]any, key, value string) {
	if value != "" {
		into[key] = value
	}
}

func (p *TableProps) cfn(stack awscdk.Stack) *awsglue.CfnTableProps {
	if p.Table.Format == contract.FormatIceberg {
		return p.iceberg(stack)
	}
	return p.external(stack)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return jsii.String(s)
}

// printable replaces the control characters that templates and the catalog do
// not take; line breaks and tabs stay.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, text)
}

// comment cuts a text to the 255 bytes that Glue takes as a column comment,
// on one line.
func comment(text string) *string {
	const limit = 255
	text = strings.Join(strings.Fields(printable(text)), " ")
	if len(text) > limit {
		cut := limit - len("…")
		for cut > 0 && text[cut]&0xC0 == 0x80 {
			cut--
		}
		text = strings.TrimSpace(text[:cut]) + "…"
	}
	return optional(text)
}
