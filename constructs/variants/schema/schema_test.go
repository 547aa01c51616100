package schema_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
)

func ExampleContract() {
	c := schema.Contract()
	for _, t := range c.Tables {
		fmt.Println(t.Name, len(t.Columns), t.Format)
	}
	position := c.Table("genotypes").Column("pos")
	fmt.Println(position.Type, position.Partition, position.Transform, position.Sensitivity)
	// Output:
	// variants 25 iceberg
	// genotypes 21 iceberg
	// samples 3 iceberg
	// quarantine 4 iceberg
	// files 20 iceberg
	// annotations 25 iceberg
	// bigint 2 truncate[10000000] phi
}

func TestContractIsSound(t *testing.T) {
	c := schema.Contract()
	if len(c.Warnings) > 0 {
		t.Error(c.Warnings)
	}
	if c.Name != schema.Product || c.Zone != ontology.Curated || c.MaxSensitivity() != ontology.PHI {
		t.Errorf("%s in %s, %s", c.Name, c.Zone, c.MaxSensitivity())
	}
	for _, table := range append(slices.Clone(c.Tables), schema.Erased()) {
		if problems := table.StorageProblems(); len(problems) > 0 {
			t.Error(problems)
		}
		if table.Format != contract.FormatIceberg {
			t.Errorf("%s is %s", table.Name, table.Format)
		}
		for _, column := range table.Columns {
			if column.Required { // Spark writes what may be null into none
				t.Errorf("%s.%s is required", table.Name, column.Name)
			}
		}
	}
}

// What singles out a person is phi in every table, and no column of genotypes is less.
func TestWhatSinglesOutAPersonIsPHI(t *testing.T) {
	c := schema.Contract()
	telling := []string{"object", "record", "sample_id", "variant_id", "contig", "pos", "end_pos", "ref", "alt", "ids", "info", "info_unsplit", "text_sha256", "source_id", "clinvar_allele_id", "genes", "af"}
	for _, table := range c.Tables {
		for _, column := range table.Columns {
			whole := table.Name == "genotypes" || table.Name == "samples"
			if (whole || slices.Contains(telling, column.Name)) && column.Sensitivity != ontology.PHI {
				t.Errorf("%s.%s is %s", table.Name, column.Name, column.Sensitivity)
			}
			if column.Name == "sample_id" && column.Identifier != ontology.OtherUniqueID {
				t.Errorf("%s.%s identifies nobody", table.Name, column.Name)
			}
		}
	}
}
