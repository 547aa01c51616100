package governance

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// RowColumnFilterProps configures a RowColumnFilter.
type RowColumnFilterProps struct {
	// Filter says which rows and columns of which table. Its name must change with
	// its content, because every property is create-only and a filter that keeps
	// its name collides with itself: lakeformation.Filter.Named does that (rule 4.2).
	// Required.
	Filter lakeformation.Filter

	// After lists what must exist before: the table where it stands in the same stack.
	// Default: none.
	After []awscdk.CfnResource
}

// RowColumnFilter is a Lake Formation data cells filter.
type RowColumnFilter struct {
	constructs.Construct

	filter   lakeformation.Filter
	resource awslakeformation.CfnDataCellsFilter
}

// maxExpression is the service's limit of a row filter expression (rule 4.3).
const maxExpression = 2047

// NewRowColumnFilter makes a data cells filter: the rows that the expression
// keeps, and the listed columns. Grant SELECT on Resource to let a principal see
// just that. It panics with every problem of the props at once.
// Source: "Data filtering and cell-level security in Lake Formation"; rules 4.1 to 4.3.
func NewRowColumnFilter(scope constructs.Construct, id *string, props *RowColumnFilterProps) *RowColumnFilter {
	p := RowColumnFilterProps{}
	if props != nil {
		p = *props
	}
	cdkx.Check(scope, id, p.problems())

	f := &RowColumnFilter{filter: p.Filter}
	constructs.NewConstruct_Override(f, scope, id)
	cfn := &awslakeformation.CfnDataCellsFilterProps{
		TableCatalogId: catalogOf(p.Filter.Resource(), f),
		DatabaseName:   jsii.String(p.Filter.Database),
		TableName:      jsii.String(p.Filter.Table),
		Name:           jsii.String(p.Filter.Name),
	}
	if len(p.Filter.Columns) > 0 {
		cfn.ColumnNames = cdkx.Strings(p.Filter.Columns)
	} else {
		cfn.ColumnWildcard = wildcardExcept(p.Filter.Excluded)
	}
	if p.Filter.Rows != "" {
		cfn.RowFilter = &awslakeformation.CfnDataCellsFilter_RowFilterProperty{FilterExpression: jsii.String(p.Filter.Rows)}
	} else {
		cfn.RowFilter = &awslakeformation.CfnDataCellsFilter_RowFilterProperty{AllRowsWildcard: map[string]any{}}
	}
	f.resource = awslakeformation.NewCfnDataCellsFilter(f, jsii.String("Resource"), cfn)
	for _, needed := range p.After {
		f.resource.AddResourceDependency(needed, nil)
	}
	return f
}

// Resource is the filter as something SELECT is granted on.
func (f *RowColumnFilter) Resource() lakeformation.Resource { return f.filter.Resource() }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (f *RowColumnFilter) Cfn() awslakeformation.CfnDataCellsFilter { return f.resource }

func (p *RowColumnFilterProps) problems() problem.List {
	var list problem.List
	for _, field := range []struct{ path, value string }{
		{"Filter.Database", p.Filter.Database},
		{"Filter.Table", p.Filter.Table},
		{"Filter.Name", p.Filter.Name},
	} {
		if field.value == "" {
			list.Addf(field.path, "nothing", "a name", "set "+field.path)
		}
	}
	if len(p.Filter.Columns) > 0 && len(p.Filter.Excluded) > 0 {
		list.Addf("Filter.Columns", "columns listed and columns excluded", "one of the two", "leave Excluded empty")
	}
	if p.Filter.Rows == "" && len(p.Filter.Columns) == 0 && len(p.Filter.Excluded) == 0 {
		list.Addf("Filter", "every row and every column", "a restriction", "grant SELECT on the table instead")
	}
	if p.Filter.Rows != "" && strings.TrimSpace(p.Filter.Rows) == "" {
		list.Addf("Filter.Rows", "blanks", "a condition", "leave it empty for every row")
	}
	if n := len(p.Filter.Rows); n > maxExpression {
		list.Addf("Filter.Rows", fmt.Sprintf("%d characters", n), fmt.Sprintf("at most %d", maxExpression), "shorten the condition, or filter by a column computed in the table")
	}
	return list
}
