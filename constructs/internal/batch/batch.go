package batch

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/jsii-runtime-go/runtime"
)

// Batch is calls that are made together. The zero value has none.
type Batch struct {
	steps []any
	sent  bool
	got   map[int]any // what wanted steps returned
}

// Step is one call of a batch, as the other process reads it. It may stand in the
// arguments of later calls, for what it returns.
type Step map[string]int

const step = "$step"

// New makes an object of a class of the CDK, such as awss3.Bucket.
func New[T any](b *Batch, args ...any) Step {
	return b.add("new", className(reflect.TypeFor[T]()), "", args)
}

// Static calls a static method of a class of the CDK, by its name in JavaScript.
func Static[T any](b *Batch, method string, args ...any) Step {
	return b.add("static", className(reflect.TypeFor[T]()), method, args)
}

// Call calls a method of an object or step, by its name in JavaScript.
func (b *Batch) Call(of any, method string, args ...any) Step { return b.add("call", of, method, args) }

// Get reads a property of an object or step, by its name in JavaScript.
func (b *Batch) Get(of any, property string) Step { return b.add("get", of, property, nil) }

// Set writes a property of an object or step, by its name in JavaScript.
func (b *Batch) Set(of any, property string, value any) { b.add("set", of, property, []any{value}) }

func (b *Batch) add(kind string, of any, name string, args []any) Step {
	if args == nil {
		args = []any{}
	}
	b.steps = append(b.steps, []any{kind, of, name, args})
	return Step{step: len(b.steps) - 1}
}

// Send makes the calls. Value then has what the wanted ones returned: objects of the CDK
// that are asked for cost more than others. A batch is sent once; an empty one costs nothing.
func (b *Batch) Send(wanted ...Step) {
	if b.sent {
		panic("a batch is sent once")
	}
	b.sent = true
	if len(b.steps) == 0 {
		return
	}
	load()
	indices := make([]int, len(wanted))
	for i, s := range wanted {
		indices[i] = s[step]
	}
	var got []any
	runtime.StaticInvoke(class, "run", []any{b.steps, indices}, &got)
	b.steps, b.got = nil, map[int]any{}
	for i, index := range indices {
		b.got[index] = got[i]
	}
}

// Value is what a wanted step returned: an object of the CDK or, for a property that is
// text, a pointer to it.
func Value[T any](b *Batch, s Step) T {
	got, wanted := b.got[s[step]]
	if !wanted {
		panic("what a step returned was not asked for")
	}
	value, ok := got.(T)
	if text, isText := got.(string); isText && !ok {
		value, ok = any(&text).(T)
	}
	if !ok && got != nil {
		panic(fmt.Sprintf("got %T; expected %v", got, reflect.TypeFor[T]()))
	}
	return value
}

// className is how JavaScript calls a class of the CDK for Go: awss3.Bucket is
// aws-cdk-lib.aws_s3.Bucket.
func className(t reflect.Type) string {
	const cdk = "github.com/aws/aws-cdk-go/awscdk/v2"
	switch path := t.PkgPath(); {
	case path == cdk:
		return "aws-cdk-lib." + t.Name()
	case strings.HasPrefix(path, cdk+"/aws"):
		return "aws-cdk-lib.aws_" + strings.TrimPrefix(path, cdk+"/aws") + "." + t.Name()
	case strings.HasPrefix(path, "github.com/aws/constructs-go/constructs/"):
		return "constructs." + t.Name()
	}
	panic(fmt.Sprintf("%v is no class of the CDK", t))
}
