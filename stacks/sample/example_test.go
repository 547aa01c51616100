package sample_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

func ExampleFS() {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, domain := range definition.Domains {
		fmt.Println(domain.Name, len(domain.Contracts))
	}
	// Output:
	// clinical 4
	// genomics 4
	// claims 2
	// membership 2
	// research 1
	// member360 1
}
