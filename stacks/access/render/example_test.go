package render_test

import (
	"fmt"
	"os"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

// A table of one product for the text of a pull request.
func ExampleMarkdown() {
	state, err := assembly.Read("../assembly/testdata/riverside")
	if err != nil {
		fmt.Println(err)
		return
	}
	matrix, err := state.Evaluate().Filter(access.MatrixFilter{Product: "clinical.patients", Principal: "Cardiology"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := render.Markdown(os.Stdout, matrix); err != nil {
		fmt.Println(err)
	}
	// Output:
	// | Principal | Product | Table | Columns seen | Rows | Rights |
	// | --- | --- | --- | --- | --- | --- |
	// | CardiologyAnalyst | clinical.patients | patients | public 1/1, deidentified 3/3, phi 0/2 | public: all; deidentified: study\_id = 'NCT0456' | DESCRIBE SELECT |
	//
	// **Notes**
	//
	// - The rows are what Lake Formation allows. The IAM permissions that a principal needs too are not read. Policies of templates are read for ways past Lake Formation only, which --bypasses lists; other policies are not. Who creates a database or table, such as the role that CloudFormation works with, holds all permissions on it, which templates do not tell.
}
