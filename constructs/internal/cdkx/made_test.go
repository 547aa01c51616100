package cdkx_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// own is a construct as this library makes them.
type own struct {
	constructs.Construct

	name string
}

// seen notes the constructs of this type that an aspect meets.
type seen struct{ all []*own }

func (s *seen) Visit(node constructs.IConstruct) {
	if found, ok := node.(*own); ok {
		s.all = append(s.all, found)
	}
}

// What the CDK returns of a construct that was added is that construct, in a child, in a
// scope and in an aspect, however often it is asked; and it is a scope itself.
func TestAddedIsWhatTheCDKReturns(t *testing.T) {
	stack := cdktest.Stack()
	visits := &seen{}
	awscdk.Aspects_Of(stack).Add(visits, nil)
	var all []*own
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		made := &own{name: id}
		cdkx.Add(made, stack, &id)
		inner := &own{name: id + " inside"}
		cdkx.Add(inner, made, jsii.String("Inside"))
		bucket := awss3.NewCfnBucket(inner, jsii.String("Bucket"), nil)
		for range 3 {
			if found, _ := stack.Node().FindChild(&id).(*own); found != made {
				t.Errorf("got the child %v, want %v", found, made)
			}
			if found, _ := bucket.Node().Scope().(*own); found != inner {
				t.Errorf("got the scope %v, want %v", found, inner)
			}
		}
		if got, want := *bucket.Node().Path(), *stack.Node().Path()+"/"+id+"/Inside/Bucket"; got != want {
			t.Errorf("got the path %s, want %s", got, want)
		}
		all = append(all, made, inner)
	}
	cdktest.Of(t, stack)
	if len(visits.all) != len(all) {
		t.Fatalf("an aspect met %d constructs, want %d", len(visits.all), len(all))
	}
	for i, found := range visits.all {
		if found != all[i] {
			t.Errorf("an aspect met %s, want %s", found.name, all[i].name)
		}
	}
}

// A construct is bound to its object in the quick way with the runtime that go.mod names.
func TestConstructsAreBoundQuickly(t *testing.T) {
	cdktest.Stack()
	if !cdkx.BindsQuickly() {
		t.Error("the runtime of jsii does not take it")
	}
}
