package live

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

func tableOf(database string, t gluetypes.Table) access.Table {
	out := access.Table{Database: database, Name: aws.ToString(t.Name), PartitionKeys: columnsOf(t.PartitionKeys)}
	if sd := t.StorageDescriptor; sd != nil {
		out.Location, out.Columns = aws.ToString(sd.Location), columnsOf(sd.Columns)
	}
	if link := t.TargetTable; link != nil {
		out.Target = aws.ToString(link.CatalogId) + "/" + aws.ToString(link.DatabaseName) + "." + aws.ToString(link.Name)
	}
	return out
}

// columnsOf leaves out columns that an Iceberg table had once: Glue keeps them
// and marks them as not current.
func columnsOf(in []gluetypes.Column) []access.Column {
	var out []access.Column
	for _, c := range in {
		if c.Parameters["iceberg.field.current"] != "false" {
			out = append(out, access.Column{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type)})
		}
	}
	return out
}

func filterOf(f lftypes.DataCellsFilter) lf.DataCellsFilter {
	out := lf.DataCellsFilter{
		Catalog: aws.ToString(f.TableCatalogId), Database: aws.ToString(f.DatabaseName), Table: aws.ToString(f.TableName),
		Name: aws.ToString(f.Name), Columns: f.ColumnNames,
	}
	if w := f.ColumnWildcard; w != nil {
		out.Excluded = w.ExcludedColumnNames
	}
	if f.RowFilter != nil && f.RowFilter.AllRowsWildcard == nil {
		out.Rows = aws.ToString(f.RowFilter.FilterExpression)
	}
	return out
}

// ownRole returns "" for the service-linked role, as templates have none then.
func ownRole(arn string) string {
	if strings.Contains(arn, ":role/aws-service-role/lakeformation.amazonaws.com/") {
		return ""
	}
	return arn
}

func permissionsOf(in []lftypes.Permission) []lf.Permission {
	out := make([]lf.Permission, len(in))
	for i, p := range in {
		out[i] = lf.Permission(p)
	}
	return out
}
