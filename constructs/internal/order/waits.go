package order

import "github.com/aws/aws-cdk-go/awscdk/v2"

// Waits says which stacks are deployed after which, as far as the app says so
// when it is asked, and what was added to it since.
type Waits struct {
	direct map[string][]string
}

// NewWaits knows nothing yet; it asks for each stack once.
func NewWaits() *Waits { return &Waits{direct: map[string][]string{}} }

// After reports whether a stack is deployed after another.
func (w *Waits) After(stack, other *Stack) bool {
	w.ask(stack.Outer.Path, stack.Outer.Stack)
	return w.reaches(stack.Outer.Path, other.Outer.Path, map[string]bool{})
}

// Add notes that a stack is to be deployed after another.
func (w *Waits) Add(stack, other *Stack) {
	path := stack.Outer.Path
	w.ask(path, stack.Outer.Stack)
	w.direct[path] = append(w.direct[path], other.Outer.Path)
	w.ask(other.Outer.Path, other.Outer.Stack)
}

func (w *Waits) reaches(path, other string, seen map[string]bool) bool {
	seen[path] = true
	for _, next := range w.direct[path] {
		if next == other || !seen[next] && w.reaches(next, other, seen) {
			return true
		}
	}
	return false
}

// ask asks the CDK for what a stack waits for, and what that waits for: as
// AddStackDependency and references say it, and as the stack's Node().AddDependency
// does, which the CDK reads only when it synthesizes.
func (w *Waits) ask(path string, stack awscdk.Stack) {
	if _, asked := w.direct[path]; asked {
		return
	}
	w.direct[path] = nil
	next := *stack.Dependencies()
	for _, named := range *stack.Node().Dependencies() {
		if *awscdk.Stack_IsStack(named) {
			next = append(next, awscdk.Stack_Of(named))
		}
	}
	for _, s := range next {
		name := *s.Node().Path()
		w.direct[path] = append(w.direct[path], name)
		w.ask(name, s)
	}
}
