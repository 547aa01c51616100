package assembly

import (
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// The properties of the CloudFormation types that bear on access. The fields
// are named as CloudFormation names them; see reader.Decode.

type (
	principalProperty struct{ DataLakePrincipalIdentifier string }

	defaultPermissions struct {
		Principal   principalProperty
		Permissions []lakeformation.Permission
	}
	settingsProperties struct {
		Admins                           []principalProperty
		ReadOnlyAdmins                   []principalProperty
		CreateDatabaseDefaultPermissions []defaultPermissions
		CreateTableDefaultPermissions    []defaultPermissions
	}

	databaseProperties struct {
		CatalogId     string
		DatabaseInput struct {
			Name                          string
			LocationUri                   string
			CreateTableDefaultPermissions *[]defaultPermissions
			TargetDatabase                *struct{ CatalogId, DatabaseName string }
		}
	}

	tableProperties struct {
		CatalogId    string
		DatabaseName string
		Name         string // of Iceberg tables without a TableInput
		TableInput   struct {
			Name              string
			StorageDescriptor struct {
				Location string
				Columns  []access.Column
			}
			PartitionKeys []access.Column
			TargetTable   *struct{ CatalogId, DatabaseName, Name string }
		}
		OpenTableFormatInput struct {
			IcebergInput struct {
				IcebergTableInput struct {
					Location string
					Schema   struct{ Fields []icebergField }
				}
			}
		}
	}
	icebergField struct {
		Name string
		Type any
	}

	locationProperties struct {
		ResourceArn string
		RoleArn     string
	}

	tagProperties struct {
		CatalogId string
		TagKey    string
		TagValues []string
	}

	associationProperties struct {
		Resource resourceProperty
		LFTags   []tagProperties
	}

	grantProperties struct {
		Catalog                    string
		Principal                  principalProperty
		Resource                   resourceProperty
		Permissions                []lakeformation.Permission
		PermissionsWithGrantOption []lakeformation.Permission
	}

	filterProperties struct {
		TableCatalogId string
		DatabaseName   string
		TableName      string
		Name           string
		ColumnNames    []string
		ColumnWildcard *struct{ ExcludedColumnNames []string }
		RowFilter      *struct {
			FilterExpression string
			AllRowsWildcard  *struct{}
		}
	}

	// resourceProperty is Lake Formation's Resource union: exactly one member is set.
	resourceProperty struct {
		Catalog  *struct{}
		Database *struct{ CatalogId, Name string }
		Table    *struct {
			CatalogId, DatabaseName, Name string
			TableWildcard                 *struct{}
		}
		TableWithColumns *struct {
			CatalogId, DatabaseName, Name string
			ColumnNames                   []string
			ColumnWildcard                *struct{ ExcludedColumnNames []string }
		}
		DataLocation    *struct{ CatalogId, ResourceArn string }
		DataCellsFilter *struct{ TableCatalogId, DatabaseName, TableName, Name string }
		LFTag           *tagProperties
		LFTagPolicy     *struct {
			CatalogId    string
			ResourceType string
			Expression   []tagProperties
		}
	}
)

// resources returns the members that are set, as values.
func (p resourceProperty) resources() []lakeformation.Resource {
	var out []lakeformation.Resource
	if p.Catalog != nil {
		out = append(out, lakeformation.Resource{Kind: access.KindCatalog})
	}
	if d := p.Database; d != nil {
		out = append(out, lakeformation.Database(d.Name).In(d.CatalogId))
	}
	if t := p.Table; t != nil {
		name := t.Name
		if t.TableWildcard != nil {
			name = lakeformation.AllTables
		}
		out = append(out, lakeformation.Table(t.DatabaseName, name).In(t.CatalogId))
	}
	if t := p.TableWithColumns; t != nil {
		columns := lakeformation.Columns(t.DatabaseName, t.Name, t.ColumnNames...).In(t.CatalogId)
		if t.ColumnWildcard != nil {
			columns.Excluded = t.ColumnWildcard.ExcludedColumnNames
			if len(columns.Excluded) == 0 {
				columns.Columns = []string{lakeformation.AllColumns}
			}
		}
		out = append(out, columns)
	}
	if l := p.DataLocation; l != nil {
		out = append(out, lakeformation.Location(l.ResourceArn).In(l.CatalogId))
	}
	if f := p.DataCellsFilter; f != nil {
		out = append(out, lakeformation.DataCells(f.DatabaseName, f.TableName, f.Name).In(f.TableCatalogId))
	}
	if t := p.LFTag; t != nil {
		out = append(out, lakeformation.TagValues(t.TagKey, t.TagValues...).In(t.CatalogId))
	}
	if t := p.LFTagPolicy; t != nil {
		conditions := make([]lakeformation.Condition, len(t.Expression))
		for i, e := range t.Expression {
			conditions[i] = lakeformation.Condition{Key: e.TagKey, Values: e.TagValues}
		}
		// The values are folded by Normalize, which leaves markers alone.
		out = append(out, lakeformation.Resource{
			Kind: lakeformation.KindTagPolicy, Catalog: t.CatalogId,
			PolicyType: lakeformation.PolicyType(t.ResourceType), Expression: conditions,
		})
	}
	return out
}
