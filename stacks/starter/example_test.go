package starter_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/starter"
)

func ExampleFS() {
	files, err := starter.FS("clinical")
	if err != nil {
		fmt.Println(err)
		return
	}
	definition, err := mesh.LoadFS(files, starter.MeshFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, domain := range definition.Domains {
		fmt.Println(domain.Name, len(domain.Contracts))
	}
	// Output:
	// clinical 5
	// research 0
}
