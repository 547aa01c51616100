package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// icebergVersion is the table format version: row-level deletes, which erasure
// and merges need.
const icebergVersion = "2"

// icebergTypes are the Glue types that Iceberg spells differently.
var icebergTypes = map[string]string{
	"bigint":    "long",
	"tinyint":   "int",
	"smallint":  "int",
	"integer":   "int",
	"timestamp": "timestamp",
}

func (p *TableProps) checkIceberg(list *problem.List) {
	if len(partitionKeys(p.Table)) == 0 {
		return
	}
	for i, c := range p.Table.Columns {
		if strings.Contains(c.Type, "<") {
			list.Addf(fmt.Sprintf("Table.Columns[%d].Type", i), fmt.Sprintf("%q in a partitioned Iceberg table", c.Type),
				"primitive types only", "leave the partition keys out here and add them with ALTER TABLE … ADD PARTITION FIELD, or flatten the column")
		}
	}
}

// iceberg renders only what does not change while the table lives: any later
// difference would make CloudFormation update the table and damage it (rule
// 6.6). Descriptions, owner and contract version are therefore left out.
func (p *TableProps) iceberg(stack awscdk.Stack) *awsglue.CfnTableProps {
	props := &awsglue.CfnTableProps{
		CatalogId:    stack.Account(),
		DatabaseName: jsii.String(p.databaseName()),
	}
	input := &awsglue.CfnTable_IcebergInputProperty{
		MetadataOperation: jsii.String("CREATE"),
		Version:           jsii.String(icebergVersion),
	}
	if len(partitionKeys(p.Table)) > 0 {
		props.Name = jsii.String(p.Table.Name)
		input.IcebergTableInput = p.icebergTable()
	} else {
		props.TableInput = &awsglue.CfnTable_TableInputProperty{
			Name:       jsii.String(p.Table.Name),
			TableType:  jsii.String("EXTERNAL_TABLE"),
			Parameters: p.identity(),
			StorageDescriptor: &awsglue.CfnTable_StorageDescriptorProperty{
				Columns:  columns(bare(p.Table.Columns)),
				Location: jsii.String(p.location()),
			},
		}
	}
	props.OpenTableFormatInput = &awsglue.CfnTable_OpenTableFormatInputProperty{IcebergInput: input}
	return props
}

// icebergTable is the schema with field ids from 1 in the contract's order, and
// an identity partition per partition key.
func (p *TableProps) icebergTable() *awsglue.CfnTable_IcebergTableInputProperty {
	ids := map[string]int{}
	fields := make([]any, len(p.Table.Columns))
	for i, c := range p.Table.Columns {
		ids[c.Name] = i + 1
		fields[i] = &awsglue.CfnTable_IcebergStructFieldProperty{
			Id:       jsii.Number(i + 1),
			Name:     jsii.String(c.Name),
			Type:     jsii.String(icebergType(c.Type)),
			Required: jsii.Bool(c.Required),
		}
	}
	keys := partitionKeys(p.Table)
	partitions := make([]any, len(keys))
	for i, key := range keys {
		partitions[i] = &awsglue.CfnTable_IcebergPartitionFieldProperty{
			Name:      jsii.String(key.Name),
			SourceId:  jsii.Number(ids[key.Name]),
			Transform: jsii.String("identity"),
			FieldId:   jsii.Number(1000 + i),
		}
	}
	return &awsglue.CfnTable_IcebergTableInputProperty{
		Location:      jsii.String(strings.TrimSuffix(p.location(), "/")),
		Schema:        &awsglue.CfnTable_IcebergSchemaProperty{Type: jsii.String("struct"), Fields: &fields},
		PartitionSpec: &awsglue.CfnTable_IcebergPartitionSpecProperty{Fields: &partitions},
		Properties:    p.identity(),
	}
}

func icebergType(glue string) string {
	if name, differs := icebergTypes[glue]; differs {
		return name
	}
	if strings.HasPrefix(glue, "varchar") || strings.HasPrefix(glue, "char") {
		return "string"
	}
	return glue
}

// bare is the columns without their descriptions.
func bare(in []contract.Column) []contract.Column {
	out := slices.Clone(in)
	for i := range out {
		out[i].Description = ""
	}
	return out
}
