package cdkx

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Check panics once with every problem found in the props of the construct id
// in scope, beside a scope or an id that is missing; it returns when there is
// none. Call it before the construct is created, so that nothing half-made is
// left in the tree. Checks that ask the scope leave a Missing one to it.
func Check(scope constructs.Construct, id *string, problems problem.List) {
	all := append(placeProblems(scope, id), problems...)
	if len(all) == 0 {
		return
	}
	panic(fmt.Errorf("%s: %w", place(scope, id), all.Err()))
}

// placeProblems are those of where a construct is put.
func placeProblems(scope constructs.Construct, id *string) problem.List {
	var list problem.List
	if Missing(scope) {
		list.Addf("scope", "nothing", "a construct, such as a stack", "pass the construct that this one belongs to")
	}
	switch {
	case id == nil:
		list.Addf("id", "nothing", "an id", `pass one like jsii.String("Lake")`)
	case *id == "":
		list.Addf("id", "an empty text", "an id", `pass one like jsii.String("Lake")`)
	case HoldsToken(*id):
		list.Addf("id", Quote(*id), "plain text", "leave out what is known only at deployment: ids make logical ids")
	}
	return list
}

// place is the path of what is about to be made, as far as it is known.
func place(scope constructs.Construct, id *string) string {
	name := "(no id)"
	if id != nil && *id != "" && !HoldsToken(*id) {
		name = *id
	}
	if Missing(scope) {
		return name
	}
	return *scope.Node().Path() + "/" + name
}

// Fail panics with errors found after the props were checked, named by the
// construct they concern.
func Fail(scope constructs.Construct, errs ...error) {
	if err := errors.Join(errs...); err != nil {
		panic(fmt.Errorf("%s: %w", *scope.Node().Path(), err))
	}
}

// Argument panics, named by the construct, where a method that needs an argument
// was given nothing. expected says what it takes.
func Argument(scope constructs.Construct, name string, value any, expected string) {
	if Missing(value) {
		Fail(scope, problem.Problem{Path: name, Got: "nothing", Expected: expected, Fix: "pass one"})
	}
}

// Missing reports whether a value is nil, also a nil pointer behind an interface
// and a construct of this module that no constructor has made.
func Missing(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func:
		if v.IsNil() {
			return true
		}
	default:
		return false
	}
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return false
	}
	base, embeds := v.Elem().Type().FieldByName("Construct")
	return embeds && base.Anonymous && len(base.Index) == 1 && base.Type.Kind() == reflect.Interface && v.Elem().Field(base.Index[0]).IsNil()
}
