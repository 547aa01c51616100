package governance

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// catalogOf is the account whose catalog the resource stands in: its own, else
// the stack's.
func catalogOf(r lakeformation.Resource, scope constructs.IConstruct) *string {
	if r.Catalog != "" {
		return jsii.String(r.Catalog)
	}
	return cdkx.Account(scope)
}

// resourceProperty renders the one member of the Resource union (rules 2.2 and 2.3).
func resourceProperty(r lakeformation.Resource, scope constructs.IConstruct) *awslakeformation.CfnPrincipalPermissions_ResourceProperty {
	catalog := catalogOf(r, scope)
	out := &awslakeformation.CfnPrincipalPermissions_ResourceProperty{}
	switch r.Kind {
	case lakeformation.KindDatabase:
		out.Database = &awslakeformation.CfnPrincipalPermissions_DatabaseResourceProperty{
			CatalogId: catalog, Name: jsii.String(r.Database),
		}
	case lakeformation.KindTable:
		table := &awslakeformation.CfnPrincipalPermissions_TableResourceProperty{
			CatalogId: catalog, DatabaseName: jsii.String(r.Database),
		}
		if r.Table == lakeformation.AllTables {
			table.TableWildcard = map[string]any{}
		} else {
			table.Name = jsii.String(r.Table)
		}
		out.Table = table
	case lakeformation.KindColumns:
		out.TableWithColumns = columnsProperty(r, catalog)
	case lakeformation.KindDataCells:
		out.DataCellsFilter = &awslakeformation.CfnPrincipalPermissions_DataCellsFilterResourceProperty{
			TableCatalogId: catalog, DatabaseName: jsii.String(r.Database), TableName: jsii.String(r.Table), Name: jsii.String(r.Filter),
		}
	case lakeformation.KindLocation:
		out.DataLocation = &awslakeformation.CfnPrincipalPermissions_DataLocationResourceProperty{
			CatalogId: catalog, ResourceArn: jsii.String(r.Location),
		}
	case lakeformation.KindTag:
		out.LfTag = &awslakeformation.CfnPrincipalPermissions_LFTagKeyResourceProperty{
			CatalogId: catalog, TagKey: jsii.String(r.TagKey), TagValues: cdkx.Strings(r.TagValues),
		}
	case lakeformation.KindTagPolicy:
		expression := make([]any, len(r.Expression))
		for i, c := range r.Expression {
			expression[i] = &awslakeformation.CfnPrincipalPermissions_LFTagProperty{TagKey: jsii.String(c.Key), TagValues: cdkx.Strings(c.Values)}
		}
		out.LfTagPolicy = &awslakeformation.CfnPrincipalPermissions_LFTagPolicyResourceProperty{
			CatalogId: catalog, ResourceType: jsii.String(string(r.PolicyType)), Expression: &expression,
		}
	}
	return out
}

func columnsProperty(r lakeformation.Resource, catalog *string) *awslakeformation.CfnPrincipalPermissions_TableWithColumnsResourceProperty {
	out := &awslakeformation.CfnPrincipalPermissions_TableWithColumnsResourceProperty{
		CatalogId: catalog, DatabaseName: jsii.String(r.Database), Name: jsii.String(r.Table),
	}
	if len(r.Columns) > 0 && r.Columns[0] != lakeformation.AllColumns {
		out.ColumnNames = cdkx.Strings(r.Columns)
		return out
	}
	out.ColumnWildcard = wildcardExcept(r.Excluded)
	return out
}

// wildcardExcept is every column but the excluded ones; with none excluded it
// renders as {} (rule 2.3).
func wildcardExcept(excluded []string) any {
	if len(excluded) == 0 {
		return map[string]any{}
	}
	return map[string]any{"excludedColumnNames": *cdkx.Strings(excluded)}
}
