package catalog

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

func (p *TableProps) external(stack awscdk.Stack) *awsglue.CfnTableProps {
	serde := serdeOf(p.Table)
	parameters := p.parameters()
	parameters["EXTERNAL"] = "TRUE"
	parameters["classification"] = serde.classification
	if p.Table.CSV.Header {
		parameters["skip.header.line.count"] = "1"
	}
	project(parameters, p.Table, p.location())
	return &awsglue.CfnTableProps{
		CatalogId:    cdkx.Account(stack),
		DatabaseName: jsii.String(p.databaseName()),
		TableInput: &awsglue.CfnTable_TableInputProperty{
			Name:          jsii.String(p.Table.Name),
			Description:   optional(printable(p.Table.Description)),
			TableType:     jsii.String("EXTERNAL_TABLE"),
			Parameters:    parameters,
			PartitionKeys: columns(p.Table.PartitionColumns()),
			StorageDescriptor: &awsglue.CfnTable_StorageDescriptorProperty{
				Columns:      columns(p.Table.DataColumns()),
				Location:     jsii.String(p.location()),
				InputFormat:  jsii.String(serde.input),
				OutputFormat: jsii.String(serde.output),
				SerdeInfo: &awsglue.CfnTable_SerdeInfoProperty{
					SerializationLibrary: jsii.String(serde.library),
					Parameters:           stringMap(serde.parameters),
				},
			},
		},
	}
}

func columns(in []contract.Column) *[]any {
	out := make([]any, len(in))
	for i, c := range in {
		out[i] = &awsglue.CfnTable_ColumnProperty{
			Name:    jsii.String(c.Name),
			Type:    jsii.String(c.Type),
			Comment: comment(c.Description),
		}
	}
	return &out
}

func stringMap(in map[string]string) any {
	if len(in) == 0 {
		return nil
	}
	out := map[string]any{}
	for key, value := range in {
		out[key] = value
	}
	return out
}

// project adds the parameters of Athena's partition projection. Source: "Set up
// partition projection" in the Athena user guide.
func project(parameters map[string]any, table *contract.Table, location string) {
	if !table.Projected() {
		return
	}
	parameters["projection.enabled"] = "true"
	put(parameters, "storage.location.template", table.PartitionTemplate(location))
	for _, column := range table.PartitionColumns() {
		p := column.Projection
		prefix := "projection." + column.Name + "."
		put(parameters, prefix+"type", string(p.Type))
		put(parameters, prefix+"values", strings.Join(p.Values, ","))
		put(parameters, prefix+"range", p.Range)
		put(parameters, prefix+"format", p.Format)
		put(parameters, prefix+"interval.unit", p.IntervalUnit)
		putNumber(parameters, prefix+"interval", p.Interval)
		putNumber(parameters, prefix+"digits", p.Digits)
	}
}

func putNumber(into map[string]any, key string, value int) {
	if value != 0 {
		into[key] = strconv.Itoa(value)
	}
}
