package strictyaml

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// field is what the tags of a struct field say.
type field struct {
	name     string
	index    []int
	required bool
	nonempty bool
	enum     []string
}

// fields are the keys a struct accepts.
type fields struct {
	list  []field
	names []string
	index map[string]int
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
		f.names = append(f.names, name)
	}
}

func (fd *field) options(t reflect.Type, tag string) {
	for option := range strings.SplitSeq(tag, ",") {
		words, isEnum := strings.CutPrefix(option, "enum=")
		switch {
		case option == "":
		case option == "required":
			fd.required = true
		case option == "nonempty":
			fd.nonempty = true
		case isEnum:
			fd.enum = strings.Split(words, "|")
		default:
			panic(fmt.Sprintf("strictyaml: %s.%s has the unknown option %q", t, fd.name, option))
		}
	}
}
