package optimizer_test

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
)

func ExampleRegions() {
	fmt.Println(slices.Contains(optimizer.Regions(), "eu-west-1"), slices.Contains(optimizer.Regions(), "us-gov-west-1"))
	// Output:
	// true false
}
