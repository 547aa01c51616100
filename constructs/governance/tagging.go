package governance

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// tagging says which stacks of an account and region make LF-Tags, and put which
// ones on databases and on tables.
type tagging struct {
	made      map[string][]*order.Stack // by LF-Tag key
	databases map[string][]assignment   // by key=value
	tables    map[string][]assignment
}

// assignment is the tags on one database or table.
type assignment struct {
	stack *order.Stack
	tags  []lakeformation.Condition
}

func (t *tagging) make(stack *order.Stack, key string) {
	if t.made == nil {
		t.made = map[string][]*order.Stack{}
	}
	t.made[key] = append(t.made[key], stack)
}

func (t *tagging) assign(stack *order.Stack, a lakeformation.TagAssociation) {
	into := &t.tables
	if a.Resource.Kind == lakeformation.KindDatabase {
		into = &t.databases
	}
	if *into == nil {
		*into = map[string][]assignment{}
	}
	for _, tag := range a.Tags {
		for _, value := range tag.Values {
			(*into)[tag.Key+"="+value] = append((*into)[tag.Key+"="+value], assignment{stack, a.Tags})
		}
	}
}

// carries reports whether a tag is among those of an assignment.
func (a assignment) carries(key, value string) bool {
	return slices.ContainsFunc(a.tags, func(tag lakeformation.Condition) bool {
		return tag.Key == key && slices.Contains(tag.Values, value)
	})
}

// stacks are those that tag what the product is made of, and that make its LF-Tags.
func (t *tagging) stacks(p lakeformation.Product) []*order.Stack {
	var out []*order.Stack
	product := ontology.Key(p.Mesh, ontology.ProductTagKey(p.Domain))
	for _, key := range []string{product, ontology.Key(p.Mesh, ontology.TagKeyZone), ontology.Key(p.Mesh, ontology.TagKeySensitivity)} {
		out = append(out, t.made[key]...)
	}
	for _, a := range t.tables[product+"="+p.Name] {
		out = append(out, a.stack)
	}
	for _, a := range t.databases[product+"="+ontology.NoProduct] {
		if a.carries(ontology.Key(p.Mesh, ontology.TagKeyZone), string(p.Zone)) {
			out = append(out, a.stack)
		}
	}
	return out
}

// waitForTags makes the stack wait for the stacks that tag its products, unless
// those wait for it already. In the stack itself every grant by tags waits for them.
func (p *Permissions) waitForTags(waits *order.Waits) {
	products := slices.SortedFunc(maps.Keys(p.products), func(a, b lakeformation.Product) int {
		return cmp.Or(strings.Compare(a.Mesh, b.Mesh), strings.Compare(a.Domain, b.Domain), strings.Compare(a.Name, b.Name), strings.Compare(string(a.Zone), string(b.Zone)))
	})
	own := p.home.Outer
	for _, product := range products {
		for _, other := range order.Shared[tagging](p.home).stacks(product) {
			if other.Outer == own || other.Stage != own.Stage || waits.After(own, other) || waits.After(other, own) {
				continue
			}
			own.Stack.AddStackDependency(other.Outer.Stack, jsii.String("LF-Tags come before grants"))
			waits.Add(own, other)
		}
	}
}
