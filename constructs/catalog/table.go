package catalog

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TableProps configures a Table.
type TableProps struct {
	// Database that the table stands in. Required, or DatabaseName.
	Database *Database

	// DatabaseName names a database that is made elsewhere. Required, or Database.
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
}

// Table is a Glue table made from a contract.
type Table struct {
	constructs.Construct

	database string
	name     string
	resource awsglue.CfnTable
}

// NewTable makes a Glue table in the stack's own catalog.
//
// Parquet, ORC, Avro, JSON lines and CSV become external tables whose partition
// columns are partition keys; they are deleted with the stack, their files are
// not touched.
//
// Iceberg tables (format version 2) are created by Glue with their first metadata
// file and retained; partition columns become identity partitions. What engines
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
	p := TableProps{}
	if props != nil {
		p = *props
	}
	cdkx.Check(scope, id, p.problems())

	t := &Table{database: p.databaseName(), name: p.Table.Name}
	constructs.NewConstruct_Override(t, scope, id)
	t.resource = awsglue.NewCfnTable(t, jsii.String("Resource"), p.cfn(awscdk.Stack_Of(t)))
	if p.Table.Format == contract.FormatIceberg {
		cdkx.Retain(t.resource)
	}
	if p.Database != nil {
		t.resource.AddResourceDependency(p.Database.Cfn(), nil)
	}
	return t
}

// TableName is the name in the catalog.
func (t *Table) TableName() *string { return jsii.String(t.name) }

// DatabaseName is the name of the database the table stands in.
func (t *Table) DatabaseName() *string { return jsii.String(t.database) }

// Resource is the table as something Lake Formation grants on.
func (t *Table) Resource() lakeformation.Resource { return lakeformation.Table(t.database, t.name) }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (t *Table) Cfn() awsglue.CfnTable { return t.resource }

func (p *TableProps) databaseName() string {
	if p.Database != nil {
		return p.Database.name
	}
	return cdkx.Value(p.DatabaseName, "")
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
	if (p.Database == nil) == (p.DatabaseName == nil) {
		list.Addf("Database", "both or neither of Database and DatabaseName", "exactly one of them", "pass the Database construct, or the name of a database made elsewhere")
	} else if p.Database == nil {
		checkName(&list, "DatabaseName", p.DatabaseName)
	}
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
	p.checkColumns(&list)
	return list
}

func (p *TableProps) checkColumns(list *problem.List) {
	if len(p.Table.Columns) == 0 {
		list.Addf("Table.Columns", "none", "at least one column", "list the columns in the contract")
	}
	seen := map[string]bool{}
	data := 0
	for i, c := range p.Table.Columns {
		path := fmt.Sprintf("Table.Columns[%d]", i)
		checkName(list, path+".Name", &c.Name)
		if seen[c.Name] {
			list.Addf(path+".Name", fmt.Sprintf("%q again", c.Name), "a name used once in the table", "rename one of them")
		}
		seen[c.Name] = true
		if c.Type == "" {
			list.Addf(path+".Type", "nothing", "a Glue type such as string or decimal(10,2)", "set the type")
		}
		if c.Partition == 0 {
			data++
		}
	}
	if len(p.Table.Columns) > 0 && data == 0 {
		list.Addf("Table.Columns", "only partition keys", "at least one column that is no partition key", "add the data columns")
	}
	switch p.Table.Format {
	case contract.FormatParquet, contract.FormatORC, contract.FormatAvro, contract.FormatJSON, contract.FormatCSV:
	case contract.FormatIceberg:
		p.checkIceberg(list)
	default:
		list.Addf("Table.Format", fmt.Sprintf("%q", p.Table.Format), "iceberg, parquet, orc, avro, json or csv", "set the format")
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

// comment cuts a text to the 255 bytes that Glue takes as a column comment,
// on one line.
func comment(text string) *string {
	const limit = 255
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > limit {
		cut := limit - len("…")
		for cut > 0 && text[cut]&0xC0 == 0x80 {
			cut--
		}
		text = strings.TrimSpace(text[:cut]) + "…"
	}
	return optional(text)
}
