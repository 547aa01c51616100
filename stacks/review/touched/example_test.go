package touched_test

import (
	"context"
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/review/touched"
)

// Between two equal revisions no line is touched.
func ExampleBetween() {
	lines, err := touched.Between(context.Background(), ".", "HEAD", "HEAD")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(lines.Place(review.Finding{Table: "lake.stays"}) == review.Place{})
	// Output:
	// true
}
