package snapshot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// resource is what a difference tells of a resource.
type resource struct {
	Type                string
	DeletionPolicy      string
	UpdateReplacePolicy string
	Properties          map[string]any
	whole               map[string]any
}

// UnmarshalJSON keeps the whole of the resource too.
func (r *resource) UnmarshalJSON(data []byte) error {
	type fields resource
	if err := json.Unmarshal(data, (*fields)(r)); err != nil {
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
	var template struct{ Resources map[string]resource }
	if err := json.Unmarshal(data, &template); err != nil {
		return d, fmt.Errorf("got no template (%w)", err)
	}
	d.resources = template.Resources
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
