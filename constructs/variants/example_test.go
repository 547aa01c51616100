package variants_test

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/variants"
)

func ExampleTables() {
	for _, statement := range variants.Tables("glue_catalog.genomics_curated") {
		if line, _, _ := strings.Cut(statement, " ("); strings.HasPrefix(line, "CREATE") {
			fmt.Println(line)
		}
	}
	// Output:
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.variants
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.genotypes
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.samples
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.quarantine
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.files
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.annotations
}
