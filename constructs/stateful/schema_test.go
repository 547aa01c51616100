package stateful

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
)

// readSchemas prints which properties of each type CloudFormation's schemas call
// create-only.
const readSchemas = `
import json, sys
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as schemas
out = {}
for name in json.load(sys.stdin):
    schema = schemas.get_resource_schema("us-east-1", name).schema
    paths = lambda key: [p.removeprefix("/properties/").replace("/", ".") for p in schema.get(key, [])]
    out[name] = [paths("createOnlyProperties"), paths("conditionalCreateOnlyProperties")]
json.dump(out, sys.stdout)
`

// What CloudFormation's schemas say stays what the messages say.
func TestPropertiesAreThoseOfTheSchemas(t *testing.T) {
	var names []string
	for name := range dataOf {
		names = append(names, name)
	}
	input, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(installed.Python(t), "-c", readSchemas) //nolint:gosec // the repository's own interpreter
	command.Stdin, command.Stderr = strings.NewReader(string(input)), os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("cfn-lint is needed, make test installs it: %v", err)
	}
	var schemas map[string][2][]string
	if err := json.Unmarshal(output, &schemas); err != nil {
		t.Fatal(err)
	}
	if len(schemas) != len(dataOf) {
		t.Errorf("got %d schemas of %d types", len(schemas), len(dataOf))
	}
	for name, of := range schemas {
		for i, known := range [][]string{dataOf[name].createOnly, dataOf[name].conditional} {
			for _, property := range of[i] {
				if !slices.Contains(known, property) {
					t.Errorf("%s: the schema has %s among its create-only properties, and the table has %v", name, property, known)
				}
			}
			for _, property := range known {
				if !slices.Contains(of[i], property) && !strings.HasPrefix(name, "AWS::Glue::") && name != "AWS::HealthLake::FHIRDatastore" {
					t.Errorf("%s: the table has %s, and the schema has %v", name, property, of[i])
				}
			}
		}
	}
}
