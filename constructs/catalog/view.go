package catalog

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ViewProps configures a View.
type ViewProps struct {
	// Database that the view stands in; names without a database in the query are
	// looked up there. Required, or DatabaseName.
	Database IDatabase

	// DatabaseName names a database that is made elsewhere; a token is taken, which
	// the view then waits for. Required, or Database.
	DatabaseName *string

	// Table is the view of a contract: name, columns in the order of the query, and
	// the query. Required.
	Table *contract.Table

	// Contract is the contract that Table comes from; its id, name, version and
	// owner become parameters of the view.
	// Default: none are set.
	Contract *contract.Contract

	// After are the tables that the query reads; the view is made after them.
	// Default: none; Athena looks at them when the view is queried.
	After []awscdk.CfnResource
}

// View is an Athena view made from a contract.
type View struct {
	constructs.Construct

	in       place
	name     string
	resource awsglue.CfnTable
}

// maxViewText is Glue's limit of ViewOriginalText.
const maxViewText = 409_600

// NewView makes a Glue table of the type VIRTUAL_VIEW that Athena reads as a
// view. It holds no data and is deleted with the stack. The columns must be those
// that the query returns, in their order; a timestamp of the contract is
// timestamp(6), which takes what Hive tables (3) and Iceberg tables (6) return.
// That Athena takes a view made this way is common practice, not documented by
// AWS and not proven by this project.
//
// Whoever reads the view needs SELECT on the tables below it too. It panics with
// every problem of the props at once.
//
// Sources: "Work with views" in the Athena user guide, "TableInput" in the Glue
// API reference, the Trino source of ViewReaderUtil.
func NewView(scope constructs.Construct, id *string, props *ViewProps) *View {
	p := cdkx.Value(props, ViewProps{})
	inner := p.tableProps()
	registry := cdkx.RegistryOf(scope)
	problems := p.problems()
	registry.CheckTaken(&problems, "Table.Name", kindTable, inner.fullName())
	cdkx.Check(scope, id, problems)

	v := &View{in: inner.place(), name: p.Table.Name}
	cdkx.Add(v, scope, id)
	registry.Claim(kindTable, inner.fullName(), v)
	parameters := inner.parameters()
	parameters["presto_view"] = "true"
	parameters["comment"] = "Presto View"
	v.resource = awsglue.NewCfnTable(v, jsii.String("Resource"), &awsglue.CfnTableProps{
		CatalogId:    cdkx.Account(v),
		DatabaseName: v.DatabaseName(),
		TableInput: &awsglue.CfnTable_TableInputProperty{
			Name:             jsii.String(v.name),
			Description:      optional(printable(p.Table.Description)),
			TableType:        jsii.String("VIRTUAL_VIEW"),
			Parameters:       parameters,
			PartitionKeys:    &[]any{},
			ViewOriginalText: jsii.String(p.text()),
			ViewExpandedText: jsii.String("/* Presto View */"),
			StorageDescriptor: &awsglue.CfnTable_StorageDescriptorProperty{
				Columns:   columns(p.Table.Columns),
				SerdeInfo: &awsglue.CfnTable_SerdeInfoProperty{},
			},
		},
	})
	for _, needed := range slices.Concat(v.in.after(), p.After) {
		v.resource.AddResourceDependency(needed, nil)
	}
	order.In(registry).Add(&order.Node{
		Resource: v.resource, Names: []order.Name{order.Table(v.in.name(), v.name)}, Needs: []order.Name{order.Database(v.in.name())}, Governed: true,
	})
	return v
}

// ViewName is the name in the catalog, as plain text. Nothing waits for the view
// because of it.
func (v *View) ViewName() *string { return jsii.String(v.name) }

// ViewRef is the name as a reference to the resource: what has it in a property is
// made after the view. In another stack of the app it becomes an export.
func (v *View) ViewRef() *string { return v.resource.Ref() }

// DatabaseName is the name of the database the view stands in.
func (v *View) DatabaseName() *string { return jsii.String(v.in.name()) }

// Resource is the view as something Lake Formation grants on.
func (v *View) Resource() lakeformation.Resource { return lakeformation.Table(v.in.name(), v.name) }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (v *View) Cfn() awsglue.CfnTable { return v.resource }

func (p *ViewProps) tableProps() *TableProps {
	return &TableProps{Database: p.Database, DatabaseName: p.DatabaseName, Table: p.Table, Contract: p.Contract}
}

func (p *ViewProps) problems() problem.List {
	var list problem.List
	inner := p.tableProps()
	inner.place().check(&list)
	checkAfter(&list, p.After)
	switch {
	case p.Table == nil:
		list.Addf("Table", "nothing", "a view of a contract", "set Table to one of contract.Contract.Tables")
		return list
	case p.Table.View == nil:
		list.Addf("Table.View", "nothing", "a query", "set it, or use NewTable")
		return list
	}
	checkName(&list, "Table.Name", &p.Table.Name)
	inner.checkNames(&list)
	checkTypes(&list, p.Table.Columns)
	for _, found := range p.Table.StorageProblems() {
		found.Path = "Table." + found.Path
		list.Add(found)
	}
	if len(list) == 0 {
		if n := len(p.text()); n > maxViewText {
			list.Addf("Table.View.SQL", fmt.Sprintf("a view of %d characters with its columns", n), fmt.Sprintf("at most %d", maxViewText), "split the view")
		}
	}
	return list
}

type prestoView struct {
	SQL     string         `json:"originalSql"`
	Catalog string         `json:"catalog"`
	Schema  string         `json:"schema"`
	Columns []prestoColumn `json:"columns"`
}

type prestoColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// text is the view as Athena stores it.
func (p *ViewProps) text() string {
	view := prestoView{SQL: strings.TrimSpace(p.Table.View.SQL), Catalog: "awsdatacatalog", Schema: p.tableProps().databaseName()}
	for _, c := range p.Table.Columns {
		view.Columns = append(view.Columns, prestoColumn{Name: c.Name, Type: typeOf(c).Trino()})
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(view); err != nil {
		panic(err)
	}
	text := strings.TrimSpace(out.String())
	if cdkx.HoldsToken(text) { // the name of the database: encoded at deployment
		return "/* Presto View: " + *awscdk.Fn_Base64(jsii.String(text)) + " */"
	}
	return "/* Presto View: " + base64.StdEncoding.EncodeToString([]byte(text)) + " */"
}
