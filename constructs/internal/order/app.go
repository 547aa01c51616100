package order

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

const (
	appID   = "LakeMeshApp"
	partKey = "order"
)

// App is what the stacks of an app know of each other. It stands at the root of
// the tree and makes no resource.
type App struct {
	constructs.Construct

	stacks map[string]*Stack // by path
	stages map[string]*Stage // by path
	shared map[shared]any
}

type shared struct {
	environment string
	kind        reflect.Type
}

// StageOf is what a stage of the CDK knows.
func (a *App) StageOf(of awscdk.Stage) *Stage {
	path := cdkx.PathOf(of)
	s := a.stages[path]
	if s == nil {
		s = &Stage{path: path}
		s.settler = &settler{s}
		a.stages[path] = s
	}
	return s
}

// Stack is what a stack knows of the resources in it.
type Stack struct {
	// Stack is the CDK's.
	Stack awscdk.Stack

	// Path is where the stack stands in the tree. It names the stage, so it is for
	// messages and comparisons only, never for an id.
	Path string

	// Name is that of CloudFormation without the name of the stage, which is a
	// part of it where nobody chose one. A nested stack has that of the outermost.
	Name string

	// Account and Region are "" where only the deployment knows.
	Account, Region string

	// Outer is the outermost stack, for one that is not nested the stack itself.
	Outer *Stack

	// Registry is that of the stack.
	Registry *cdkx.Registry

	// Stage is the stage that is synthesized with the stack.
	Stage *Stage

	app        *App
	account    *string
	nodes      []*Node
	named      map[string][]*Node // nil when it must be made anew
	registered map[s3uri.Location]*Node
	previous   map[*Node]*Node              // in the chain of what puts LF-Tags on one thing
	made       map[awscdk.CfnResource]*Node // by what others wait for
	needs      map[*Node][]*Node
	depths     map[*Node]int
	edges      map[[2]*Node]bool
	identities map[string]Identity
}

// Of returns what the stack of a scope knows; nil for a missing scope, which
// cdkx.Check reports.
func Of(scope constructs.IConstruct) *Stack {
	if cdkx.Missing(scope) {
		return nil
	}
	return In(cdkx.RegistryOf(scope))
}

// In is Of for who has the registry of the stack already; nil for none.
func In(registry *cdkx.Registry) *Stack {
	if registry == nil {
		return nil
	}
	part, _ := registry.Part(partKey, func() any {
		s := stackOf(registry.Stack)
		s.Registry = registry
		s.Stage.enter(s)
		return s
	}).(*Stack)
	return part
}

// stackOf returns the stack of a construct without making anything in it.
func stackOf(scope constructs.IConstruct) *Stack {
	stack := cdkx.StackOf(scope)
	app := cdkx.Once(stack, "app", func() *App { return appOf(stack) })
	path := cdkx.PathOf(stack)
	if s := app.stacks[path]; s != nil {
		return s
	}
	stage := cdkx.StageOf(stack)
	s := &Stack{
		Stack: stack, Path: path, Stage: app.StageOf(stage), app: app, account: cdkx.Account(stack),
		edges: map[[2]*Node]bool{}, identities: map[string]Identity{},
	}
	app.stacks[path] = s
	beside := strings.TrimPrefix(strings.TrimPrefix(path, s.Stage.path), "/")
	if parent := nestedIn(stack, beside); parent != nil {
		outer := stackOf(parent).Outer
		s.Outer, s.Name, s.Account, s.Region = outer, outer.Name, outer.Account, outer.Region
		return s
	}
	s.Outer = s
	s.Name = cdkx.StackName(stack)
	if prefix := cdkx.Once(stage, "name", stage.StageName); prefix != nil && *prefix != "" {
		s.Name = strings.TrimPrefix(s.Name, *prefix+"-")
	}
	s.Account, s.Region = known(*s.account), known(*cdkx.Region(stack))
	return s
}

// nestedIn is the stack that a stack is nested in. One that stands in its stage itself,
// or in the app, is nested in none.
func nestedIn(stack awscdk.Stack, place string) awscdk.Stack {
	if !strings.Contains(place, "/") {
		return nil
	}
	return stack.NestedStackParent()
}

func known(text string) string {
	if cdkx.HoldsToken(text) {
		return ""
	}
	return text
}

func appOf(stack awscdk.Stack) *App {
	root, ok := cdkx.RootOf(stack).(constructs.Construct)
	if !ok {
		panic(fmt.Errorf("%s: got a tree whose root is no construct; expected an app; fix: make the stack in an awscdk.App", *stack.Node().Path()))
	}
	return cdkx.Once(root, "app", func() *App {
		if found, ok := cdkx.NodeOf(root).TryFindChild(jsii.String(appID)).(*App); ok {
			return found
		}
		a := &App{stacks: map[string]*Stack{}, stages: map[string]*Stage{}, shared: map[shared]any{}}
		constructs.NewConstruct_Override(a, root, jsii.String(appID))
		return a
	})
}

// Environment names the account and region as the CDK does, for messages.
func (s *Stack) Environment() string {
	account, region := s.Account, s.Region
	if account == "" {
		account = "unknown-account"
	}
	if region == "" {
		region = "unknown-region"
	}
	return "aws://" + account + "/" + region
}

// comparable is equal for stacks that are deployed to one account and region. Where
// those are not fixed nobody can say that of stacks in two stages, which may be
// deployed with two profiles.
func (s *Stack) comparable() string {
	if s.Account != "" && s.Region != "" {
		return s.Environment()
	}
	return s.Stage.path + " " + s.Environment()
}

// OwnAccount is what the account of the stack is.
func (s *Stack) OwnAccount() Identity { return s.Identify(*s.account) }

// Partition is that of the region; "" where only the deployment knows it.
func (s *Stack) Partition() string {
	if s.Region == "" {
		return ""
	}
	return template.PartitionOf(s.Region).Name
}

// Shared is one T for all stacks of the account and region of a stack.
func Shared[T any](s *Stack) *T {
	key := shared{s.comparable(), reflect.TypeFor[T]()}
	value, made := s.app.shared[key].(*T)
	if !made {
		value = new(T)
		s.app.shared[key] = value
	}
	return value
}
