package schema

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/internal/metadata"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Series is the schema of the table of series: an Iceberg table with one row for
// each series of each image set. Every column that holds one of the 18 Safe
// Harbor identifiers names it; those and free text are PHI, the others say
// something of a patient without identifying one.
func Series(name string) contract.Table {
	out := contract.Table{
		Name: name, Title: "Image series", Description: "Series of the images in HealthImaging, from their DICOM attributes.",
		Format: contract.FormatIceberg,
	}
	for _, c := range metadata.Columns() {
		column := contract.Column{
			Name: c.Name, Type: c.Type, Description: c.Description, Identifier: ontology.Identifier(c.Identifier),
			Sensitivity: ontology.Deidentified,
		}
		if c.Identifier != "" || c.FreeText {
			column.Sensitivity = ontology.PHI
		}
		column.Classification = string(column.Sensitivity)
		out.Columns = append(out.Columns, column)
	}
	for i, key := range []string{ImageSetColumn, SeriesColumn} {
		column := out.Column(key)
		column.Required, column.PrimaryKey = true, i+1
	}
	return out
}

// The columns that identify a row; the others may be empty.
const (
	ImageSetColumn = "image_set_id"
	SeriesColumn   = "series_instance_uid"
)

// LandingTable is the schema of the table of arrived metadata at an s3:// URI: JSON
// lines in a partition per day, a line for each series of an image set that an event told of. All of its
// columns with data are PHI. Dates are text here: what is no date must not keep
// the other columns from being read.
func LandingTable(name, location string) contract.Table {
	out := contract.Table{
		Name: name, Title: "Inbox of image series", Format: contract.FormatJSON, Location: location,
		Description:      "Image sets as they were when an event told of them; a statement takes them into the table of series.",
		LocationTemplate: "${" + DayColumn + "}/",
	}
	for _, c := range metadata.Columns() {
		glueType := c.Type
		if glueType == TypeDate || glueType == TypeTimestamp {
			glueType = typeString
		}
		out.Columns = append(out.Columns, contract.Column{Name: c.Name, Type: glueType, Sensitivity: ontology.PHI})
	}
	out.Columns = append(out.Columns,
		contract.Column{Name: "deleted", Type: "boolean", Description: "The image set has no series any more", Sensitivity: ontology.Internal},
		contract.Column{
			Name: DayColumn, Type: typeString, Description: "Day on which the object was written, UTC", Sensitivity: ontology.Internal, Partition: 1,
			Projection: &contract.Projection{Type: contract.ProjectDate, Range: "2026-01-01,NOW", Format: "yyyy-MM-dd", Interval: 1, IntervalUnit: "DAYS"},
		})
	return out
}

// LandingTableName is the name of the landing table that belongs to a table of series.
func LandingTableName(series string) string { return series + "_inbox" }

// DayColumn is the partition column of the landing table.
const DayColumn = "day"

// The types of Series that are text in the landing table.
const (
	TypeDate      = "date"
	TypeTimestamp = "timestamp"
	typeString    = "string"
)

// Regions are those of "AWS HealthImaging endpoints and quotas", sorted.
func Regions() []string {
	return []string{"ap-southeast-2", "eu-west-1", "eu-west-2", "us-east-1", "us-west-2"}
}
