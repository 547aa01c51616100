package healthomics_test

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
)

func Example() {
	const ohio = "us-east-2"
	fmt.Println(slices.Contains(healthomics.StoreRegions(), ohio), slices.Contains(healthomics.WorkflowRegions(), ohio))
	// Output:
	// false true
}
