package cdkx

import (
	"reflect"
	"strings"
	"sync"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/aws/jsii-runtime-go/runtime"
)

// Add makes a construct of this library in its scope, as constructs.NewConstruct_Override
// does; where it stands need not be asked then.
func Add(made constructs.Construct, scope constructs.Construct, id *string) {
	if bindsQuickly() {
		bind(made, scope, id)
	} else {
		constructs.NewConstruct_Override(made, scope, id)
	}
	answers.Store(question{made, "stack"}, StackOf(scope))
	path := PathOf(scope) + "/" + strings.ReplaceAll(*id, "/", "--") // as constructs.Node does
	answers.Store(question{made, "path"}, strings.TrimPrefix(path, "/"))
}

// NewConstruct_Override compares the type with all some thousand interfaces of the CDK, for
// each construct anew: a fifth of what a synthesis costs in Go. Constructs of this library
// override nothing. So the runtime of jsii makes an object of a type that it takes for its own,
// and then hears by a cast that the construct is another name of that object; what the CDK
// returns is the construct, as it is the only one of the two with its methods.

// jsiiProxy_object is named as the runtime names its own types.
type jsiiProxy_object struct{ _ int } //nolint:revive // see above

// bound is what an object is cast to: the construct that is being made.
type bound interface{ constructs.Construct }

var binding constructs.Construct

func init() {
	runtime.RegisterClass("lakemesh.Bound", reflect.TypeFor[bound](), nil, func() any { return binding })
}

func bind(made constructs.Construct, scope constructs.Construct, id *string) {
	object := &jsiiProxy_object{}
	runtime.Create("constructs.Construct", []any{scope, id}, object)
	fields := reflect.ValueOf(made).Elem()
	for i := range fields.NumField() {
		if field := fields.Field(i); fields.Type().Field(i).Anonymous && field.Kind() == reflect.Interface && field.IsNil() {
			runtime.InitJsiiProxy(field.Addr().Interface())
		}
	}
	binding = made
	var into bound
	jsii.UnsafeCast(object, &into)
}

// bindsQuickly tries it once, beside every app: a later runtime may not take it.
var bindsQuickly = sync.OnceValue(func() (works bool) {
	defer func() { works = recover() == nil && works }()
	type trial struct{ constructs.Construct }
	root, id, made := constructs.NewRootConstruct(jsii.String("Trial")), jsii.String("Made"), &trial{}
	bind(made, root, id)
	found, same := root.Node().FindChild(id).(*trial)
	return same && found == made && *made.Node().Id() == *id
})
