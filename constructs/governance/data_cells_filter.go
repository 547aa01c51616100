package governance

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// DataCellsFilterProps configures a DataCellsFilter: a table, a name and what to
// show; or a Filter that was named elsewhere.
type DataCellsFilterProps struct {
	// Database is the Glue database of the table, by its name and not by a resource
	// link. Required.
	Database *string

	// Table is the Glue table. Lake Formation filters no views and no resource links.
	// Default: the name of Schema.
	Table *string

	// Catalog is the 12-digit account whose catalog the table stands in.
	// Default: the account of the stack.
	Catalog *string

	// NamePrefix begins the name of the filter. A hash of everything else follows
	// it: every property of a filter is create-only, and one that kept its name
	// would collide with itself when it is changed (rule 4.2). Required; at most 246
	// characters.
	NamePrefix *string

	// Rows is the condition that a row must meet to be seen: made with the functions
	// of rowfilter, or an expression in rowfilter.Raw. Default: every row.
	Rows rowfilter.Condition

	// Columns are the columns that are seen. Default: every column but
	// ExcludedColumns.
	Columns []string

	// ExcludedColumns are not seen. Columns that the table gets later are. Not
	// together with Columns. Default: none.
	ExcludedColumns []string

	// Schema is what is known of the table, for example from its data contract. The
	// columns named here and in Rows are checked against it. Default: nothing is
	// checked against the table.
	Schema *contract.Table

	// Sensitivity are the levels whose columns are seen; Columns and
	// ExcludedColumns narrow them further. A column without a level counts as phi.
	// The columns are listed in the filter, so that one the table gets later is not
	// seen before the filter is made anew. Needs Schema. Default: levels do not matter.
	Sensitivity []ontology.Sensitivity

	// Filter is a whole filter that lakeformation.DataCellsFilter.Named gave its name, instead
	// of everything above. A name that does not follow from the content is refused.
	Filter *lakeformation.DataCellsFilter

	// After lists what must exist before and this library does not know of. A table
	// that it makes in the same stack comes first by itself.
	// Default: none.
	After []awscdk.CfnResource
}

// DataCellsFilter is a Lake Formation data cells filter.
type DataCellsFilter struct {
	constructs.Construct

	filter   lakeformation.DataCellsFilter
	resource awslakeformation.CfnDataCellsFilter
}

// NewDataCellsFilter makes a data cells filter: the rows that the condition
// keeps, and the columns that are listed, not excluded or not too sensitive.
// Grant SELECT on Resource to let a principal see just that; a principal can be
// granted at most 100 filters of one table. It panics with every problem of the
// props at once.
// Source: "Data filtering and cell-level security in Lake Formation"; rules 4.1 to 4.3.
func NewDataCellsFilter(scope constructs.Construct, id *string, props *DataCellsFilterProps) *DataCellsFilter {
	p := cdkx.Value(props, DataCellsFilterProps{})
	filter, problems := p.resolve()
	cdkx.Check(scope, id, problems)

	f := &DataCellsFilter{filter: filter}
	cdkx.Add(f, scope, id)
	f.resource = awslakeformation.NewCfnDataCellsFilter(f, jsii.String("Resource"), f.properties())
	for _, needed := range p.After {
		f.resource.AddResourceDependency(needed, nil)
	}
	node := &order.Node{Resource: f.resource, Governed: true}
	if filter.Catalog == "" {
		node.Names = []order.Name{order.Filter(filter.Database, filter.Table, filter.Name)}
		node.Needs = []order.Name{order.Table(filter.Database, filter.Table)}
	}
	order.Of(f).Add(node)
	return f
}

// Filter is what the construct shows, under its name.
func (f *DataCellsFilter) Filter() lakeformation.DataCellsFilter { return f.filter }

// Resource is the filter as something SELECT is granted on.
func (f *DataCellsFilter) Resource() lakeformation.Resource { return f.filter.Resource() }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (f *DataCellsFilter) Cfn() awslakeformation.CfnDataCellsFilter { return f.resource }

// properties sets one of each pair of rule 4.1.
func (f *DataCellsFilter) properties() *awslakeformation.CfnDataCellsFilterProps {
	out := &awslakeformation.CfnDataCellsFilterProps{
		TableCatalogId: catalogOf(f.filter.Resource(), f),
		DatabaseName:   jsii.String(f.filter.Database),
		TableName:      jsii.String(f.filter.Table),
		Name:           jsii.String(f.filter.Name),
	}
	if len(f.filter.Columns) > 0 {
		out.ColumnNames = cdkx.Strings(f.filter.Columns)
	} else {
		wildcard := map[string]any{}
		if len(f.filter.Excluded) > 0 {
			wildcard["excludedColumnNames"] = *cdkx.Strings(f.filter.Excluded)
		}
		out.ColumnWildcard = wildcard
	}
	if f.filter.Rows != "" {
		out.RowFilter = &awslakeformation.CfnDataCellsFilter_RowFilterProperty{FilterExpression: jsii.String(f.filter.Rows)}
	} else {
		out.RowFilter = &awslakeformation.CfnDataCellsFilter_RowFilterProperty{AllRowsWildcard: map[string]any{}}
	}
	return out
}
