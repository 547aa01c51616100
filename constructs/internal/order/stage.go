package order

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
)

// Stage is an app or stage of the CDK: what is synthesized at once.
type Stage struct {
	path    string
	stacks  []*Stack
	part    Part
	settled bool // in the synthesis that runs
	settler *settler
}

// Path is where the stage stands in the tree: for comparisons, never for an id.
func (s *Stage) Path() string { return s.path }

// Part takes part in the synthesis of a stage.
type Part interface {
	// Settle makes the resources that waited for the whole program to be known.
	Settle()

	// Finish is called once in a synthesis, when the CDK knows every dependency
	// between stacks.
	Finish()
}

// Part is what takes part in the synthesis of the stage; create makes it at the
// first call.
func (s *Stage) Part(create func() Part) Part {
	if s.part == nil {
		s.part = create()
	}
	return s.part
}

// Touch settles what came while the stage is synthesized, such as what an aspect
// of the user has made; before, the synthesis does.
func (s *Stage) Touch() {
	if s.settled {
		s.settle()
	}
}

func (s *Stage) settle() {
	if s.part != nil {
		s.part.Settle()
	}
	var b batch.Batch
	for _, stack := range s.Stacks() {
		stack.link(&b)
	}
	b.Send()
}

// enter adds a stack; with the first one the CDK learns of the stage.
func (s *Stage) enter(stack *Stack) {
	if len(s.stacks) == 0 {
		registrar := stack.Registry.Registrar
		awscdk.Aspects_Of(registrar).Add(s.settler, nil)
		registrar.Finally(s.Finish)
	}
	s.stacks = append(s.stacks, stack)
}

// Stacks are those that have something to put in order, sorted by name.
func (s *Stage) Stacks() []*Stack {
	return slices.SortedFunc(slices.Values(s.stacks), Compare)
}

// Compare sorts stacks, in the same way in every stage.
func Compare(a, b *Stack) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Path, b.Path))
}

// settler is the aspect that the CDK calls before it looks for references, on the
// registrar of the stage, which has no children.
type settler struct{ stage *Stage }

// Visit settles the stage.
func (v *settler) Visit(constructs.IConstruct) {
	if !v.stage.settled {
		v.stage.settled = true
		v.stage.settle()
	}
}

// Finish finishes the stage, once in a synthesis.
func (s *Stage) Finish() {
	if !s.settled {
		return
	}
	s.settled = false
	if s.part != nil {
		s.part.Finish()
	}
}
