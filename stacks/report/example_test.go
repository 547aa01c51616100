package report_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/report"
)

// The page of an empty account says so; it is one file of HTML.
func ExampleWrite() {
	state := &access.State{Catalogs: []access.Catalog{{Account: "111111111111", Region: "us-east-1"}}}
	var page bytes.Buffer
	if err := report.Write(&page, report.Input{Title: "riverside", State: state}); err != nil {
		fmt.Println(err)
	}
	first, _, _ := strings.Cut(page.String(), "\n")
	fmt.Println(first)
	fmt.Println(strings.Contains(page.String(), "<title>riverside · Access review</title>"))
	// Output:
	// <!DOCTYPE html>
	// true
}
