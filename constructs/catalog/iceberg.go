package catalog

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// icebergVersion is the table format version: row-level deletes, which erasure
// and merges need.
const icebergVersion = "2"

// firstPartitionField is where Iceberg starts to number partition fields.
const firstPartitionField = 1000

func (p *TableProps) checkIceberg(list *problem.List) {
	for i, c := range p.Table.Columns {
		path := problem.Index("Table.Columns", i) + ".Type"
		parsed, err := gluetype.Parse(c.Type)
		switch {
		case err != nil:
			list.Addf(path, fmt.Sprintf("%q: %v", c.Type, err), "a type of the Glue catalog", "write it like array<struct<code:string>>")
		case c.Partition > 0 && !parsed.Primitive():
			list.Addf(path, fmt.Sprintf("%q of a partition key", c.Type), "a primitive type", "partition by a column with one value, for example a year")
		}
	}
}

// iceberg renders the schema inside OpenTableFormatInput and leaves TableInput
// out: with both, Glue refuses the table, and with the schema in TableInput the
// first update strips what makes the table an Iceberg table.
//
// Only what does not change while the table lives is rendered: descriptions,
// owner and contract version are left out, so that editing them never makes
// CloudFormation touch a table that engines write to (rule 6.6).
func (p *TableProps) iceberg(stack awscdk.Stack) *awsglue.CfnTableProps {
	return &awsglue.CfnTableProps{
		CatalogId:    cdkx.Account(stack),
		DatabaseName: jsii.String(p.databaseName()),
		Name:         jsii.String(p.Table.Name),
		OpenTableFormatInput: &awsglue.CfnTable_OpenTableFormatInputProperty{
			IcebergInput: &awsglue.CfnTable_IcebergInputProperty{
				MetadataOperation: jsii.String("CREATE"),
				Version:           jsii.String(icebergVersion),
				IcebergTableInput: p.icebergTable(),
			},
		},
	}
}

// icebergTable is the schema and the partitions. The columns have the ids 1, 2,
// … in the contract's order; nested fields follow after the last column.
func (p *TableProps) icebergTable() *awsglue.CfnTable_IcebergTableInputProperty {
	columnIDs := map[string]int{}
	lastID := len(p.Table.Columns)
	fields := make([]any, len(p.Table.Columns))
	for i, c := range p.Table.Columns {
		columnIDs[c.Name] = i + 1
		fields[i] = &awsglue.CfnTable_IcebergStructFieldProperty{
			Id:       jsii.Number(i + 1),
			Name:     jsii.String(c.Name),
			Type:     jsii.String(typeOf(c).IcebergSchema(&lastID)),
			Required: jsii.Bool(c.Required),
		}
	}
	return &awsglue.CfnTable_IcebergTableInputProperty{
		Location: jsii.String(strings.TrimSuffix(p.location(), "/") + "/"),
		Schema: &awsglue.CfnTable_IcebergSchemaProperty{
			Type:   jsii.String("struct"),
			Fields: &fields,
		},
		PartitionSpec: p.icebergPartitions(columnIDs),
		WriteOrder:    p.icebergOrder(columnIDs),
		Properties:    p.icebergProperties(),
	}
}

// icebergPartitions is a partition field per partition key; nil is none.
func (p *TableProps) icebergPartitions(columnIDs map[string]int) any {
	keys := p.Table.PartitionColumns()
	if len(keys) == 0 {
		return nil
	}
	fields := make([]any, len(keys))
	for i, key := range keys {
		fields[i] = &awsglue.CfnTable_IcebergPartitionFieldProperty{
			Name:      jsii.String(key.Transform.FieldName(key.Name)),
			SourceId:  jsii.Number(columnIDs[key.Name]),
			Transform: jsii.String(transform(key.Transform)),
			FieldId:   jsii.Number(firstPartitionField + i),
		}
	}
	return &awsglue.CfnTable_IcebergPartitionSpecProperty{SpecId: jsii.Number(0), Fields: &fields}
}

func transform(t contract.Transform) string {
	return string(cmp.Or(t, contract.TransformIdentity))
}

// icebergOrder is the sort order of the table; nil is none. Its id is 1, because
// 0 is the id of no order.
func (p *TableProps) icebergOrder(columnIDs map[string]int) any {
	if len(p.Table.SortOrder) == 0 {
		return nil
	}
	fields := make([]any, len(p.Table.SortOrder))
	for i, field := range p.Table.SortOrder {
		direction, nulls := field.Order()
		fields[i] = &awsglue.CfnTable_IcebergSortFieldProperty{
			SourceId:  jsii.Number(columnIDs[field.Column]),
			Transform: jsii.String(transform(field.Transform)),
			Direction: jsii.String(direction),
			NullOrder: jsii.String(nulls),
		}
	}
	return &awsglue.CfnTable_IcebergSortOrderProperty{OrderId: jsii.Number(1), Fields: &fields}
}

// icebergProperties are those of the contract and the names of the contract.
func (p *TableProps) icebergProperties() map[string]any {
	out := p.identity()
	for name, value := range p.Table.Properties {
		out[name] = value
	}
	return out
}

// checkDeployed reports each difference between the table as it was deployed and
// as the contract has it, with the statement that makes it.
func (p *TableProps) checkDeployed(list *problem.List) {
	accepted := cdkx.Value(p.AcceptChanges, false)
	if p.Deployed == nil {
		if accepted {
			list.Addf("AcceptChanges", "true without Deployed", "the table as it was first deployed", "set Deployed, or leave AcceptChanges out")
		}
		return
	}
	if p.Deployed.Format != contract.FormatIceberg {
		list.Addf("Deployed", "a table that is no Iceberg table", "an Iceberg table", "leave it out: CloudFormation updates external tables")
		return
	}
	deployed := TableProps{Database: p.Database, DatabaseName: p.DatabaseName, Table: p.Deployed, Location: p.Location, Contract: p.Contract, After: p.After}
	if deployed.Location == nil && p.Deployed.Location == "" {
		deployed.Location = &p.Table.Location
	}
	// Where both have the same mistake, one message is enough.
	if len(*list) == 0 {
		for _, mistake := range deployed.problems() {
			mistake.Path = "Deployed: " + mistake.Path
			list.Add(mistake)
		}
	}
	if accepted {
		return
	}
	for _, change := range contract.IcebergChanges(*p.Deployed, *p.Table) {
		path := "Table: " + change.Path
		if change.Impossible != "" {
			list.Addf(path, change.Summary, "the table as it was deployed: CloudFormation must not update an Iceberg table", "none: "+change.Impossible)
			continue
		}
		list.Addf(path, change.Summary, "the table as it was deployed: CloudFormation must not update an Iceberg table",
			"run in "+change.Engine+": "+change.DDL+"; then set AcceptChanges")
	}
}
