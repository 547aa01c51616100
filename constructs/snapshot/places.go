package snapshot

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// maxPlaces is how many places of one resource a message shows.
const maxPlaces = 12

// listPlaces lists where two values differ.
func (d *differences) listPlaces(path string, before, after any) {
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
	old, wasObject := before.(map[string]any)
	current, isObject := after.(map[string]any)
	if wasObject && isObject {
		var out []string
		for _, key := range sortedKeys(old, current) {
			out = append(out, differ(strings.TrimPrefix(path+"."+key, "."), old[key], current[key])...)
		}
		return out
	}
	oldList, wasList := before.([]any)
	list, isList := after.([]any)
	if wasList && isList {
		return differInList(path, oldList, list)
	}
	return []string{fmt.Sprintf("%s: got %s; the snapshot has %s", path, text(after), text(before))}
}

// differInList compares lists of one length item by item; of others it says which
// items came and which went.
func differInList(path string, before, after []any) []string {
	var out []string
	if len(before) == len(after) {
		for i := range before {
			out = append(out, differ(fmt.Sprintf("%s[%d]", path, i), before[i], after[i])...)
		}
		return out
	}
	for _, item := range without(after, before) {
		out = append(out, path+": added "+text(item))
	}
	for _, item := range without(before, after) {
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
