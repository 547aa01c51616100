package snapshot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// resource is a resource with all that the template says of it.
type resource struct {
	template.Resource

	whole map[string]any
}

// UnmarshalJSON keeps the whole of the resource too.
func (r *resource) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &r.Resource); err != nil {
		return err
	}
	return json.Unmarshal(data, &r.whole)
}

// document is a template, its resources apart from its other sections.
type document struct {
	resources map[string]resource
	sections  map[string]any
}

func parse(data []byte) (document, error) {
	var d document
	if err := json.Unmarshal(data, &d.sections); err != nil {
		return d, fmt.Errorf("got no JSON object (%w); expected a template", err)
	}
	delete(d.sections, "Resources")
	var body struct{ Resources map[string]resource }
	if err := json.Unmarshal(data, &body); err != nil {
		return d, fmt.Errorf("got no template (%w)", err)
	}
	d.resources = body.Resources
	return d, nil
}

// differences are the lines of a message.
type differences struct {
	lines []string
	data  []string // what happens to data
	twice []string // what needs two deployments
}

// sortedKeys are the keys that two maps have together.
func sortedKeys[V any](a, b map[string]V) []string {
	both := map[string]V{}
	maps.Copy(both, a)
	maps.Copy(both, b)
	return slices.Sorted(maps.Keys(both))
}
