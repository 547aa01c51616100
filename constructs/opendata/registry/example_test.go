package registry_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
)

func Example() {
	clinvar, _ := registry.Find("clinvar")
	fmt.Println(clinvar.Title, clinvar.Status, clinvar.TableNames())

	product, err := clinvar.Contract(registry.Use{Location: "s3://our-open-data/clinvar/"})
	if err != nil {
		fmt.Println(err)
		return
	}
	table := product.Table("variant_summary")
	fmt.Println(product.Name, table.Location, table.Format, len(table.Columns))
	// Output:
	// ClinVar variant summary withdrawn [variant_summary]
	// clinvar s3://our-open-data/clinvar/variant_summary/ parquet 34
}
