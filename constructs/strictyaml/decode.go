package strictyaml

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// value decodes a node into v, which stands at the path.
func (d *decoder) value(n *node, path string, v reflect.Value, fd field) {
	if n.broken {
		return
	}
	if v.CanAddr() && v.Addr().CanInterface() {
		if own, ok := v.Addr().Interface().(Decoder); ok {
			if n.kind != Null {
				own.DecodeStrict(Node{n: n, path: path, dec: d})
			}
			return
		}
	}
	if v.Kind() == reflect.Interface && v.NumMethod() == 0 {
		switch {
		case n.kind == Null:
		case fd.spelled:
			v.Set(reflect.ValueOf(n.spelled()))
		default:
			v.Set(reflect.ValueOf(n.plain()))
		}
		return
	}
	if n.kind == Null {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, path, v.Elem(), fd)
	case reflect.Struct:
		d.structure(n, path, v)
	case reflect.Map:
		d.mapping(n, path, v, fd)
	case reflect.Slice:
		d.sequence(n, path, v, fd)
	case reflect.String:
		d.text(n, path, v, fd)
	case reflect.Bool:
		if b, ok := n.value.(bool); ok {
			v.SetBool(b)
			return
		}
		d.wrong(n, path, "true or false")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.integer(n, path, v)
	case reflect.Float32, reflect.Float64:
		d.float(n, path, v)
	default:
		panic(fmt.Sprintf("strictyaml: cannot decode into %s", v.Type()))
	}
}

// structure decodes a mapping into a struct and reports unknown and missing keys.
func (d *decoder) structure(n *node, path string, v reflect.Value) {
	known := fieldsOf(v.Type())
	if n.kind != Mapping {
		d.wrong(n, path, "a mapping")
		return
	}
	for _, e := range n.entries {
		i, ok := known.index[e.key]
		if !ok {
			if known.rest != nil {
				d.keep(e, v.FieldByIndex(known.rest))
				continue
			}
			d.unknownKey(e, path, d.keys(known))
			continue
		}
		fd := known.list[i]
		if !d.has(fd.edition) {
			d.otherEdition(e, path, fd.edition)
			continue
		}
		d.value(e.value, problem.Key(path, e.key), v.FieldByIndex(fd.index), fd)
	}
	for _, fd := range known.list {
		if !fd.required || !d.has(fd.edition) {
			continue
		}
		e := n.entry(fd.name)
		isAny := v.FieldByIndex(fd.index).Kind() == reflect.Interface
		switch {
		case e == nil:
			d.add(n.line, n.column, problem.Key(path, fd.name), "nothing", "the key "+fd.name, "add it")
		case e.value.kind == Null && !e.value.broken && !isAny:
			d.add(e.line, e.column, problem.Key(path, fd.name), "a key without a value", "a value", "give it a value")
		}
	}
}

func (d *decoder) unknownKey(e entry, path string, known []string) {
	expected, fix := problem.OneOf(known), "remove it"
	if near, ok := problem.Nearest(e.key, known); ok {
		expected, fix = "a key that is known here", fmt.Sprintf("did you mean %s?", near)
	}
	d.add(e.line, e.column, problem.Key(path, e.key), fmt.Sprintf("the unknown key %q", shorten(e.key)), expected, fix)
}

func (d *decoder) mapping(n *node, path string, v reflect.Value, fd field) {
	if v.Type().Key().Kind() != reflect.String {
		panic(fmt.Sprintf("strictyaml: cannot decode into %s: its keys are no strings", v.Type()))
	}
	if n.kind != Mapping {
		d.wrong(n, path, "a mapping")
		return
	}
	d.checkEmpty(n, path, len(n.entries), "a mapping", fd)
	out := reflect.MakeMapWithSize(v.Type(), len(n.entries))
	for _, e := range n.entries {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(e.value, problem.Key(path, e.key), item, field{enum: fd.enum, spelled: fd.spelled})
		out.SetMapIndex(reflect.ValueOf(e.key).Convert(v.Type().Key()), item)
	}
	v.Set(out)
}

func (d *decoder) sequence(n *node, path string, v reflect.Value, fd field) {
	if n.kind != Sequence {
		d.wrong(n, path, "a list")
		return
	}
	d.checkEmpty(n, path, len(n.items), "a list", fd)
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		at := problem.Index(path, i)
		if item.kind == Null && !item.broken && v.Type().Elem().Kind() != reflect.Interface {
			d.add(item.line, item.column, at, "an empty item", "a value", "give it a value, or remove the dash")
			continue
		}
		d.value(item, at, out.Index(i), field{enum: fd.enum, spelled: fd.spelled})
	}
	v.Set(out)
}

func (d *decoder) text(n *node, path string, v reflect.Value, fd field) {
	if n.kind != String {
		d.wrong(n, path, "a text")
		return
	}
	d.checkEmpty(n, path, len(strings.TrimSpace(n.text)), "a text", fd)
	v.SetString(n.text)
	words := d.words(fd.enum)
	if len(fd.enum) == 0 || slices.Contains(words, n.text) || fd.nonempty && n.text == "" {
		return
	}
	fix := problem.DidYouMean(n.text, words, "write one of them")
	if since := sinceOf(fd.enum, n.text); since != "" {
		fix = fmt.Sprintf("write one of them, or the document in %s, which has it", since)
	}
	d.add(n.line, n.column, path, strconv.Quote(shorten(n.text)), problem.OneOf(words), fix)
}

func (d *decoder) integer(n *node, path string, v reflect.Value) {
	tooBig := false
	switch x := n.value.(type) {
	case int64:
		if v.CanInt() && !v.OverflowInt(x) {
			v.SetInt(x)
			return
		}
		if v.CanUint() && x >= 0 && !v.OverflowUint(uint64(x)) {
			v.SetUint(uint64(x))
			return
		}
		tooBig = true
	case uint64:
		if v.CanUint() && !v.OverflowUint(x) {
			v.SetUint(x)
			return
		}
		if v.CanInt() && x <= math.MaxInt64 && !v.OverflowInt(int64(x)) {
			v.SetInt(int64(x))
			return
		}
		tooBig = true
	}
	switch {
	case tooBig && v.CanUint():
		bits := v.Type().Bits()
		d.add(n.line, n.column, path, describe(n), fmt.Sprintf("a whole number from 0, of at most %d bits", bits), "write a number in that range")
		return
	case tooBig:
		d.add(n.line, n.column, path, describe(n), fmt.Sprintf("a whole number of at most %d bits", v.Type().Bits()), "write a smaller number")
		return
	}
	d.wrong(n, path, "a whole number")
}

func (d *decoder) float(n *node, path string, v reflect.Value) {
	var f float64
	switch x := n.value.(type) {
	case int64:
		f = float64(x)
	case uint64:
		f = float64(x)
	case float64:
		f = x
	default: // the parser takes 1e3 for a text
		var err error
		if f, err = strconv.ParseFloat(n.text, 64); err != nil || n.kind != String || n.quoted {
			d.wrong(n, path, "a number")
			return
		}
	}
	if math.IsNaN(f) || math.IsInf(f, 0) || v.OverflowFloat(f) {
		d.add(n.line, n.column, path, describe(n), "a finite number", "write a number")
		return
	}
	v.SetFloat(f)
}

// wrong reports a value of the wrong kind.
func (d *decoder) wrong(n *node, path, expected string) {
	d.add(n.line, n.column, path, describe(n), expected, proposeFix(n, expected))
}

// proposeFix says how to turn a value of the wrong kind into the expected one.
func proposeFix(n *node, expected string) string {
	scalar := n.kind < Sequence
	switch {
	case expected == "a text" && scalar:
		return fmt.Sprintf("put it in quotes: %q", shorten(n.text))
	case expected == "a list" && scalar:
		return fmt.Sprintf("write it as a list: [%s]", shorten(n.text))
	case expected == "a list":
		return "start each item with a dash"
	case expected == "true or false" && n.quoted && slices.Contains([]string{"true", "false"}, n.text):
		return "remove the quotes"
	case (expected == "a number" || expected == "a whole number") && n.quoted && isNumeric(n.text):
		return "remove the quotes"
	case expected == "a mapping" && n.kind == Sequence:
		return "write keys and values, without the dashes"
	default:
		return "write " + expected
	}
}

func isNumeric(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func (d *decoder) checkEmpty(n *node, path string, size int, noun string, fd field) {
	if fd.nonempty && size == 0 {
		d.add(n.line, n.column, path, "an empty value", noun+" that is not empty", "give it a value, or remove the key")
	}
}

// Decode fills the struct that into points to and returns every mistake in the
// document, sorted by place. What could be decoded is set even when there are
// mistakes, so that later checks can report theirs in the same go.
//
// A null value counts as a key that is not there, except in a field of type
// any. Fields of type any get bool, int64, uint64, float64, string, []any,
// map[string]any or nil.
//
// Decode panics when into is not a pointer, or when a type in it cannot be
// decoded (a channel, a map with keys that are no strings): mistakes of the
// program, not of the document.
func (d *Document) Decode(into any) problem.List { return d.DecodeEdition(into, "", nil) }

// DecodeEdition is Decode for a document of one of the editions of a format,
// which are given oldest first: a key of another edition is unknown, and the
// problem says which has it.
func (d *Document) DecodeEdition(into any, edition string, editions []string) problem.List {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic("strictyaml: Decode needs a pointer")
	}
	dec := &decoder{doc: d, list: append(problem.List(nil), d.problems...), edition: edition, editions: editions}
	dec.value(d.root, problem.Root, v.Elem(), field{})
	if dec.more {
		dec.list.Add(d.at(len(d.lines), 1, problem.Root, fmt.Sprintf("more than %d mistakes", maxProblems), "fewer", "correct these first"))
	}
	return dec.list.Sorted()
}

// Decode fills the value that into points to, as Document.Decode does; its
// mistakes are reported with those of the document. A Decoder that decodes into
// itself does so through a type without the method.
func (n Node) Decode(into any) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic("strictyaml: Decode needs a pointer")
	}
	n.dec.value(n.n, n.path, v.Elem(), field{})
}
