package strictyaml

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// span is from the first to the last edition that has something; "" is open.
type span struct{ since, until string }

// word is one of an enumeration, and the edition that it came with.
type word struct{ text, since string }

// field is what the tags of a struct field say.
type field struct {
	name     string
	index    []int
	required bool
	nonempty bool
	enum     []word
	spelled  bool
	edition  span // the editions that have the key
}

// fields are the keys a struct accepts.
type fields struct {
	list  []field
	index map[string]int
	rest  []int // of the field that takes unknown keys; nil without one
}

var fieldCache sync.Map // reflect.Type -> *fields

// fieldsOf reads the tags of a struct type, embedded structs included.
func fieldsOf(t reflect.Type) *fields {
	if cached, ok := fieldCache.Load(t); ok {
		if known, ok := cached.(*fields); ok {
			return known
		}
	}
	out := &fields{index: map[string]int{}}
	out.add(t, nil)
	fieldCache.Store(t, out)
	return out
}

func (f *fields) add(t reflect.Type, parent []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(append([]int(nil), parent...), i)
		name, _, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		if sf.Tag.Get("strict") == "rest" {
			f.rest = index
			continue
		}
		if sf.Anonymous && name == "" && sf.Type.Kind() == reflect.Struct {
			f.add(sf.Type, index)
			continue
		}
		if name == "" || name == "-" || !sf.IsExported() {
			continue
		}
		if _, twice := f.index[name]; twice {
			panic(fmt.Sprintf("strictyaml: %s has two fields for the key %s", t, name))
		}
		fd := field{name: name, index: index}
		fd.options(t, sf.Tag.Get("strict"))
		f.index[name] = len(f.list)
		f.list = append(f.list, fd)
	}
}

func (fd *field) options(t reflect.Type, tag string) {
	for option := range strings.SplitSeq(tag, ",") {
		words, isEnum := strings.CutPrefix(option, "enum=")
		since, isSince := strings.CutPrefix(option, "since=")
		until, isUntil := strings.CutPrefix(option, "until=")
		switch {
		case option == "":
		case option == "required":
			fd.required = true
		case option == "nonempty":
			fd.nonempty = true
		case option == "spelled":
			fd.spelled = true
		case isSince:
			fd.edition.since = since
		case isUntil:
			fd.edition.until = until
		case isEnum:
			for item := range strings.SplitSeq(words, "|") {
				text, since, _ := strings.Cut(item, "@")
				fd.enum = append(fd.enum, word{text: text, since: since})
			}
		default:
			panic(fmt.Sprintf("strictyaml: %s.%s has the unknown option %q", t, fd.name, option))
		}
	}
}
