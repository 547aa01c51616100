package imagestore

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
)

// MetadataTable is the schema of the table that Metadata keeps: an Iceberg table
// with one row for each series of each image set. Every column that holds one of
// the 18 Safe Harbor identifiers names it; those and free text are PHI, the others
// say something of a patient without identifying one. It belongs into a contract
// of yours, whose product is then PHI.
//
// The name is up to you; the columns are not, though they may stand in any order:
// the statement that fills the table names them.
func MetadataTable(name string) contract.Table { return schema.Series(name) }
