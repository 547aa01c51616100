package strictyaml_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

func Example() {
	type crawler struct {
		Zone string `strict:"required,enum=raw|curated" yaml:"zone"`
		Path string `yaml:"path"`
	}
	type domain struct {
		Name     string    `strict:"required" yaml:"name"`
		Account  string    `yaml:"account"`
		Crawlers []crawler `yaml:"crawlers"`
	}
	doc, err := strictyaml.Parse("mesh.yaml", []byte(`name: clinical
acount: clinical
crawlers:
  - {zone: rwa, path: claims}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var d domain
	list := doc.Decode(&d)
	if path := d.Crawlers[0].Path; path != "claims/" {
		list.Add(doc.Problem("crawlers[0].path", path, "a prefix that ends in /", "write "+path+"/"))
	}
	fmt.Println(list.Err())
	// Output:
	// mesh.yaml:2:1: acount: got the unknown key "acount"; expected a key that is known here; fix: did you mean account?
	//      1 | name: clinical
	//      2 | acount: clinical
	//        | ^
	// mesh.yaml:4:12: crawlers[0].zone: got "rwa"; expected one of raw, curated; fix: did you mean raw?
	//      3 | crawlers:
	//      4 |   - {zone: rwa, path: claims}
	//        |            ^
	// mesh.yaml:4:23: crawlers[0].path: got claims; expected a prefix that ends in /; fix: write claims/
	//      3 | crawlers:
	//      4 |   - {zone: rwa, path: claims}
	//        |                       ^
}
