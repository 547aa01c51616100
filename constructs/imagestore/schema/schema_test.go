package schema_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
)

func Example() {
	table := schema.Series("imaging_series")
	name := table.Column("patient_name")
	fmt.Println(table.Format, len(table.Columns), name.Type, name.Classification, name.Identifier)
	fmt.Println(schema.LandingTableName(table.Name), slices.Contains(schema.Regions(), "eu-central-1"))
	// Output:
	// iceberg 34 string phi name
	// imaging_series_inbox false
}

// What the statement takes from the inbox must be there under the same name.
func TestInboxHasEveryColumnOfSeries(t *testing.T) {
	inbox := schema.LandingTable("inbox", "s3://riverside-raw/inbox/")
	for _, c := range schema.Series("series").Columns {
		of := inbox.Column(c.Name)
		if of == nil {
			t.Errorf("no %s in the inbox", c.Name)
			continue
		}
		if textual := c.Type == schema.TypeDate || c.Type == schema.TypeTimestamp; textual && of.Type != "string" || !textual && of.Type != c.Type {
			t.Errorf("%s is %s in the inbox, %s in the table", c.Name, of.Type, c.Type)
		}
	}
	if day := inbox.Column(schema.DayColumn); day == nil || day.Partition != 1 || inbox.PartitionTemplate(inbox.Location) != "s3://riverside-raw/inbox/${day}/" {
		t.Error("the inbox is not partitioned by day")
	}
}
