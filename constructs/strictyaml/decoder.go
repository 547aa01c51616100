package strictyaml

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// decoder fills Go values from nodes and collects the mistakes.
type decoder struct {
	doc  *Document
	list problem.List
	more bool // than maxProblems

	edition  string   // of the document; "" is every one together
	editions []string // that there are, oldest first
}

func (d *decoder) add(line, column int, path, got, expected, fix string) {
	if len(d.list) >= maxProblems {
		d.more = true
		return
	}
	d.list.Add(d.doc.at(line, column, path, got, expected, fix))
}

// has reports whether the document's edition is in the span.
func (d *decoder) has(s span) bool {
	if d.edition == "" {
		return true
	}
	at := slices.Index(d.editions, d.edition)
	return (s.since == "" || at >= slices.Index(d.editions, s.since)) && (s.until == "" || at <= slices.Index(d.editions, s.until))
}

// keys are those of a struct that the document's edition has.
func (d *decoder) keys(known *fields) []string {
	var names []string
	for _, fd := range known.list {
		if d.has(fd.edition) {
			names = append(names, fd.name)
		}
	}
	return names
}

// words are those of an enumeration that the document's edition has.
func (d *decoder) words(enum []word) []string {
	var out []string
	for _, w := range enum {
		if d.has(span{since: w.since}) {
			out = append(out, w.text)
		}
	}
	return out
}

// sinceOf is the edition that a word came with, "" where it has none.
func sinceOf(enum []word, text string) string {
	for _, w := range enum {
		if w.text == text {
			return w.since
		}
	}
	return ""
}

// otherEdition reports a key that editions have, but not that of the document.
func (d *decoder) otherEdition(e entry, path string, s span) {
	which, fix := "came with "+s.since, "remove it, or write the document in "+s.since
	if s.until != "" && slices.Index(d.editions, d.edition) > slices.Index(d.editions, s.until) {
		which, fix = "went after "+s.until, "remove it"
	}
	d.add(e.line, e.column, problem.Key(path, e.key), fmt.Sprintf("the key %q, which %s does not know", shorten(e.key), d.edition),
		fmt.Sprintf("a key of %s; %s %s", d.edition, shorten(e.key), which), fix)
}

// keep puts an unknown key into the field that takes those.
func (d *decoder) keep(e entry, rest reflect.Value) {
	if rest.IsNil() {
		rest.Set(reflect.MakeMap(rest.Type()))
	}
	value := reflect.New(rest.Type().Elem()).Elem()
	if spelled := e.value.spelled(); spelled != nil {
		value.Set(reflect.ValueOf(spelled))
	}
	rest.SetMapIndex(reflect.ValueOf(e.key), value)
}
