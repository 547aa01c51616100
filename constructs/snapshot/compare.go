package snapshot

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// maxPlaces is how many places of one resource a message shows.
const maxPlaces = 12

// resource is what a difference tells of a resource.
type resource struct {
	Type                string
	DeletionPolicy      string
	UpdateReplacePolicy string
	Properties          map[string]any
}

// compare says in words how a template differs from its snapshot: a line for each
// resource that was added, removed or changed, with the places that changed, then
// what happens to data.
func compare(before, after []byte) (string, error) {
	was, err := parse(before)
	if err != nil {
		return "", err
	}
	is, err := parse(after)
	if err != nil {
		return "", err
	}
	d := &differences{}
	d.resources(was, is)
	d.grants(was, is)
	for _, section := range sortedKeys(was.sections, is.sections) {
		d.places(section, was.sections[section], is.sections[section])
	}
	if len(d.lines) == 0 {
		return "  the order or the spelling of the file; its content is the same\n", nil
	}
	var out strings.Builder
	for _, line := range d.lines {
		out.WriteString("  " + line + "\n")
	}
	for _, part := range []struct {
		title string
		lines []string
	}{{"What happens to data:", d.data}, {"What one deployment cannot do:", d.twice}} {
		if len(part.lines) == 0 {
			continue
		}
		out.WriteString(part.title + "\n")
		for _, line := range part.lines {
			out.WriteString("  " + line + "\n")
		}
	}
	return out.String(), nil
}

// document is a template, its resources apart from its other sections.
type document struct {
	resources map[string]map[string]any
	typed     map[string]resource
	sections  map[string]any
}

func parse(data []byte) (document, error) {
	var d document
	if err := json.Unmarshal(data, &d.sections); err != nil {
		return d, fmt.Errorf("got no JSON object (%w); expected a template", err)
	}
	delete(d.sections, "Resources")
	var bodies struct {
		Resources map[string]map[string]any
	}
	var typed struct{ Resources map[string]resource }
	if err := json.Unmarshal(data, &bodies); err != nil {
		return d, fmt.Errorf("got no template (%w)", err)
	}
	if err := json.Unmarshal(data, &typed); err != nil {
		return d, fmt.Errorf("got no template (%w)", err)
	}
	d.resources, d.typed = bodies.Resources, typed.Resources
	return d, nil
}

// differences are the lines of a message.
type differences struct {
	lines []string
	data  []string
	twice []string // what needs two deployments
}

func (d *differences) resources(was, is document) {
	for _, id := range sortedKeys(was.resources, is.resources) {
		before, existed := was.typed[id]
		after, exists := is.typed[id]
		switch {
		case !existed:
			d.lines = append(d.lines, fmt.Sprintf("added %s (%s)", id, after.Type))
		case !exists:
			d.lines = append(d.lines, fmt.Sprintf("removed %s (%s)", id, before.Type)+renamed(before, was, is))
			d.removed(id, before)
		case !reflect.DeepEqual(was.resources[id], is.resources[id]):
			d.lines = append(d.lines, fmt.Sprintf("changed %s (%s)", id, after.Type))
			d.places("", was.resources[id], is.resources[id])
			d.changed(id, before, after)
		}
	}
}

// renamed finds a new resource that is the removed one under another logical id.
func renamed(gone resource, was, is document) string {
	for _, id := range slices.Sorted(maps.Keys(is.typed)) {
		if _, existed := was.typed[id]; !existed && is.typed[id].Type == gone.Type && reflect.DeepEqual(is.typed[id].Properties, gone.Properties) {
			return ", the same as the added " + id + ": only the logical id changed, and CloudFormation makes a new one"
		}
	}
	return ""
}

// removed tells what becomes of the data of a resource that is gone.
func (d *differences) removed(id string, r resource) {
	kept, known := dataOf[r.Type]
	if !known {
		return
	}
	if isRetained(r.DeletionPolicy) {
		d.data = append(d.data, fmt.Sprintf("%s (%s) stays in the account with %s, and no stack manages it any more", id, r.Type, kept.holds))
		return
	}
	d.data = append(d.data, fmt.Sprintf("%s (%s) is deleted with %s: its DeletionPolicy is %s", id, r.Type, kept.holds, policy(r.DeletionPolicy)))
}

// changed tells what becomes of the data of a resource that is replaced, or that
// is no longer protected.
func (d *differences) changed(id string, before, after resource) {
	kept, known := dataOf[before.Type]
	if !known {
		return
	}
	fate := "the old one stays in the account beside it"
	if !isRetained(after.UpdateReplacePolicy) {
		fate = fmt.Sprintf("the old one is deleted with %s, as the UpdateReplacePolicy is %s", kept.holds, policy(after.UpdateReplacePolicy))
	}
	if before.Type != after.Type {
		d.data = append(d.data, fmt.Sprintf("%s is a %s now: CloudFormation refuses another type under one logical id, give it another id", id, after.Type))
		return
	}
	for _, property := range kept.createOnly {
		if !reflect.DeepEqual(valueAt(before.Properties, property), valueAt(after.Properties, property)) {
			d.data = append(d.data, fmt.Sprintf("%s (%s) is replaced by a new, empty one, as %s cannot be changed; %s", id, after.Type, property, fate))
		}
	}
	for _, property := range kept.conditional {
		if !reflect.DeepEqual(valueAt(before.Properties, property), valueAt(after.Properties, property)) {
			d.data = append(d.data, fmt.Sprintf("%s (%s) may be replaced by a new, empty one, as some changes of %s cannot be made in place; if so, %s", id, after.Type, property, fate))
		}
	}
	if isRetained(before.DeletionPolicy) && !isRetained(after.DeletionPolicy) {
		d.data = append(d.data, fmt.Sprintf("%s (%s) loses its protection: when the stack or the resource goes, so does what it holds: %s", id, after.Type, kept.holds))
	}
}

// places lists where two values differ.
func (d *differences) places(path string, before, after any) {
	found := differ(path, before, after)
	for i, line := range found {
		if i == maxPlaces {
			d.lines = append(d.lines, fmt.Sprintf("  and %d more places", len(found)-maxPlaces))
			return
		}
		d.lines = append(d.lines, "  "+line)
	}
}

func differ(path string, before, after any) []string {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	if was, ok := before.(map[string]any); ok {
		if is, ok := after.(map[string]any); ok {
			var out []string
			for _, key := range sortedKeys(was, is) {
				out = append(out, differ(join(path, key), was[key], is[key])...)
			}
			return out
		}
	}
	if was, ok := before.([]any); ok {
		if is, ok := after.([]any); ok {
			return differInList(path, was, is)
		}
	}
	return []string{fmt.Sprintf("%s: got %s; the snapshot has %s", path, text(after), text(before))}
}

// differInList compares lists of one length item by item; of others it says which
// items came and which went.
func differInList(path string, was, is []any) []string {
	var out []string
	if len(was) == len(is) {
		for i := range was {
			out = append(out, differ(fmt.Sprintf("%s[%d]", path, i), was[i], is[i])...)
		}
		return out
	}
	for _, item := range without(is, was) {
		out = append(out, path+": added "+text(item))
	}
	for _, item := range without(was, is) {
		out = append(out, path+": removed "+text(item))
	}
	return out
}

// without are the items of a list that another one has not, repetitions counted.
func without(items, other []any) []any {
	left := slices.Clone(other)
	var out []any
	for _, item := range items {
		i := slices.IndexFunc(left, func(o any) bool { return reflect.DeepEqual(o, item) })
		if i < 0 {
			out = append(out, item)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	return out
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// text is a value on one line, shortened.
func text(value any) string {
	if value == nil {
		return "nothing"
	}
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	const longest = 160
	runes := []rune(string(data))
	if len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return string(runes)
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

func isRetained(policy string) bool {
	return strings.HasPrefix(policy, "Retain") || policy == "Snapshot"
}

// policy is a DeletionPolicy or UpdateReplacePolicy in words.
func policy(p string) string {
	if p == "" {
		return "not set"
	}
	return p
}

func sortedKeys[A, B any](a map[string]A, b map[string]B) []string {
	keys := map[string]bool{}
	for key := range a {
		keys[key] = true
	}
	for key := range b {
		keys[key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}
