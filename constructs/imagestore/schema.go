package imagestore

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/metadata"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// MetadataTable is the schema of the table that Metadata keeps: an Iceberg table
// with one row for each series of each image set. Every column that holds one of
// the 18 Safe Harbor identifiers names it; those and free text are PHI, the others
// say something of a patient without identifying one. It belongs into a contract
// of yours, whose product is then PHI.
//
// The name is up to you; the columns are not, nor their order: the statement that
// fills the table names them.
func MetadataTable(name string) contract.Table {
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
	for i, key := range []string{keyColumn, seriesColumn} {
		column := out.Column(key)
		column.Required, column.PrimaryKey = true, i+1
	}
	return out
}

// The columns that identify a row.
const (
	keyColumn    = "image_set_id"
	seriesColumn = "series_instance_uid"
)

// inboxTable is the schema of the inbox, which the statement reads: JSON lines as
// the function writes them, in folders by day. Dates are text here: what is no
// date must not keep the other columns from being read.
func inboxTable(name, location string) contract.Table {
	out := contract.Table{
		Name: name, Title: "Inbox of image series", Format: contract.FormatJSON, Location: location,
		Description:      "Image sets as they were when an event told of them; a statement takes them into the table of series.",
		LocationTemplate: location + "${" + inboxDay + "}/",
	}
	for _, c := range metadata.Columns() {
		glueType := c.Type
		if glueType == typeDate || glueType == typeTimestamp {
			glueType = typeString
		}
		out.Columns = append(out.Columns, contract.Column{Name: c.Name, Type: glueType, Sensitivity: ontology.PHI})
	}
	return withInboxColumns(out)
}

func withInboxColumns(t contract.Table) contract.Table {
	t.Columns = append(t.Columns,
		contract.Column{Name: "deleted", Type: "boolean", Description: "The image set has no series any more", Sensitivity: ontology.Internal},
		contract.Column{
			Name: inboxDay, Type: typeString, Description: "Day on which the object was written, UTC", Sensitivity: ontology.Internal, Partition: 1,
			Projection: &contract.Projection{Type: contract.ProjectDate, Range: "2026-01-01,NOW", Format: "yyyy-MM-dd", Interval: 1, IntervalUnit: "DAYS"},
		})
	return t
}

const (
	inboxDay      = "day"
	typeDate      = "date"
	typeTimestamp = "timestamp"
	typeString    = "string"
)
