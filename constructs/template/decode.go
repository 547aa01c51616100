package template

import (
	"fmt"
	"reflect"
)

// Decode fills what out points to, a struct whose fields are named like the
// properties, and resolves on the way. Only properties that have a field are
// looked at, so that what nobody asks for is never reported as unresolved. A
// property of another kind than its field is a problem; see Resolver.
func (r *Resolver) Decode(raw, out any, place string) {
	r.decode(raw, reflect.ValueOf(out).Elem(), place)
}

func (r *Resolver) decode(raw any, out reflect.Value, place string) {
	if m, ok := raw.(map[string]any); ok {
		if name, argument, isCall := intrinsic(m); isCall {
			raw = r.call(name, argument, m, place)
		}
	} else if text, isText := raw.(string); isText && out.Kind() == reflect.String {
		raw = r.literal(text, place)
	}
	if raw == nil || raw == none {
		return
	}
	ok := true
	switch out.Kind() {
	case reflect.Pointer:
		if text, isText := raw.(string); isText && IsUnresolved(text) && out.Type().Elem().Kind() != reflect.String {
			return // it may be there or not, and say anything
		}
		out.Set(reflect.New(out.Type().Elem()))
		r.decode(raw, out.Elem(), place)
	case reflect.Struct:
		var m map[string]any
		if m, ok = raw.(map[string]any); ok {
			for i := range out.NumField() {
				name := out.Type().Field(i).Name
				if property, set := m[name]; set {
					r.decode(property, out.Field(i), place+"."+name)
				}
			}
		}
	case reflect.Slice:
		var list []any
		if list, ok = raw.([]any); ok {
			out.Set(reflect.MakeSlice(out.Type(), 0, len(list)))
			for i, item := range list {
				if item = r.shallow(item, fmt.Sprintf("%s[%d]", place, i)); item == none {
					continue
				}
				element := reflect.New(out.Type().Elem()).Elem()
				r.decode(item, element, fmt.Sprintf("%s[%d]", place, i))
				out.Set(reflect.Append(out, element))
			}
		}
	case reflect.String:
		var text string
		if text, ok = scalar(raw); ok {
			out.SetString(text)
		}
	case reflect.Interface:
		out.Set(reflect.ValueOf(r.value(raw, place)))
	}
	if text, isText := raw.(string); !ok && isText && IsUnresolved(text) {
		return // recorded where it was found unresolved
	}
	if !ok {
		r.OnProblem(place, fmt.Sprintf("%T", raw), "a "+out.Kind().String(), "follow the CloudFormation schema of the property")
	}
}

// shallow resolves a list's item only when it is an intrinsic function.
func (r *Resolver) shallow(item any, place string) any {
	if m, ok := item.(map[string]any); ok {
		if name, argument, isCall := intrinsic(m); isCall {
			return r.call(name, argument, m, place)
		}
	}
	return item
}
