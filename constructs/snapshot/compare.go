package snapshot

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/stateful"
)

// compare says in words how a template differs from its snapshot: a line for each
// resource that was added, removed or changed, with the places that changed, then
// what happens to data.
func compare(snapshot, rendered []byte) (string, error) {
	before, err := parse(snapshot)
	if err != nil {
		return "", err
	}
	after, err := parse(rendered)
	if err != nil {
		return "", err
	}
	d := &differences{}
	d.compareResources(before, after)
	d.compareGrants(before, after)
	for _, section := range sortedKeys(before.sections, after.sections) {
		d.listPlaces(section, before.sections[section], after.sections[section])
	}
	if len(d.lines) == 0 {
		return "  the order or the spelling of the file; its content is the same\n", nil
	}
	var out strings.Builder
	for _, part := range []struct {
		title string
		lines []string
	}{{"", d.lines}, {"What happens to data:\n", d.data}, {"What one deployment cannot do:\n", d.twice}} {
		if len(part.lines) > 0 {
			out.WriteString(part.title + "  " + strings.Join(part.lines, "\n  ") + "\n")
		}
	}
	return out.String(), nil
}

func (d *differences) compareResources(before, after document) {
	for _, id := range sortedKeys(before.resources, after.resources) {
		old, existed := before.resources[id]
		current, exists := after.resources[id]
		switch {
		case !existed:
			d.lines = append(d.lines, fmt.Sprintf("added %s (%s)", id, current.Type))
		case !exists:
			d.lines = append(d.lines, fmt.Sprintf("removed %s (%s)", id, old.Type)+findRenamed(old, before, after))
			d.noteLosses(id, stateful.Removed(old.Resource))
		case !reflect.DeepEqual(old.whole, current.whole):
			d.lines = append(d.lines, fmt.Sprintf("changed %s (%s)", id, current.Type))
			d.listPlaces("", old.whole, current.whole)
			d.noteLosses(id, stateful.Changed(old.Resource, current.Resource))
		}
	}
}

// findRenamed finds a new resource that is the removed one under another logical id.
func findRenamed(removed resource, before, after document) string {
	for _, id := range slices.Sorted(maps.Keys(after.resources)) {
		r := after.resources[id]
		if _, existed := before.resources[id]; !existed && r.Type == removed.Type && reflect.DeepEqual(r.Properties, removed.Properties) {
			return ", the same as the added " + id + ": only the logical id changed, and CloudFormation makes a new one"
		}
	}
	return ""
}

// noteLosses adds what happens to the data of a resource.
func (d *differences) noteLosses(id string, losses []stateful.Loss) {
	for _, l := range losses {
		d.data = append(d.data, id+" "+l.Text)
	}
}
