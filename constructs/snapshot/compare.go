package snapshot

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
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
			d.noteRemoved(id, old)
		case !reflect.DeepEqual(old.whole, current.whole):
			d.lines = append(d.lines, fmt.Sprintf("changed %s (%s)", id, current.Type))
			d.listPlaces("", old.whole, current.whole)
			d.noteChanged(id, old, current)
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

func (d *differences) noteData(format string, args ...any) {
	d.data = append(d.data, fmt.Sprintf(format, args...))
}

// noteRemoved says what becomes of the data of a resource that is removed.
func (d *differences) noteRemoved(id string, r resource) {
	kept, known := dataOf[r.Type]
	switch {
	case !known:
	case isRetained(r.DeletionPolicy):
		d.noteData("%s (%s) stays in the account with %s, and no stack manages it any more", id, r.Type, kept.holds)
	default:
		d.noteData("%s (%s) is deleted with %s: its DeletionPolicy is %s", id, r.Type, kept.holds, cmp.Or(r.DeletionPolicy, "not set"))
	}
}

// noteChanged says what becomes of the data of a resource that is replaced, or that
// is no longer protected.
func (d *differences) noteChanged(id string, before, after resource) {
	kept, known := dataOf[before.Type]
	if !known {
		return
	}
	if before.Type != after.Type {
		d.noteData("%s is a %s now: CloudFormation refuses another type under one logical id, give it another id", id, after.Type)
		return
	}
	fate := "the old one stays in the account beside it"
	if !isRetained(after.UpdateReplacePolicy) {
		fate = fmt.Sprintf("the old one is deleted with %s, as the UpdateReplacePolicy is %s", kept.holds, cmp.Or(after.UpdateReplacePolicy, "not set"))
	}
	changed := func(property string) bool {
		return !reflect.DeepEqual(valueAt(before.Properties, property), valueAt(after.Properties, property))
	}
	for _, property := range kept.createOnly {
		if changed(property) {
			d.noteData("%s (%s) is replaced by a new, empty one, as %s cannot be changed; %s", id, after.Type, property, fate)
		}
	}
	for _, property := range kept.conditional {
		if changed(property) {
			d.noteData("%s (%s) may be replaced by a new, empty one, as some changes of %s cannot be made in place; if so, %s", id, after.Type, property, fate)
		}
	}
	if isRetained(before.DeletionPolicy) && !isRetained(after.DeletionPolicy) {
		d.noteData("%s (%s) loses its protection: when the stack or the resource goes, so does what it holds: %s", id, after.Type, kept.holds)
	}
}

func isRetained(policy string) bool {
	return strings.HasPrefix(policy, "Retain") || policy == "Snapshot"
}

// valueAt is the value at a path such as DatabaseInput.Name; nil where there is none.
func valueAt(properties map[string]any, path string) any {
	var at any = properties
	for key := range strings.SplitSeq(path, ".") {
		entries, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = entries[key]
	}
	return at
}
