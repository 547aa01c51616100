package order

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Name is what a resource is called by the resources that need it.
type Name struct {
	kind  string
	parts []string
	or    *Name // what is needed where the stack makes no such thing
}

// Settings is the name of an account's Lake Formation settings.
func Settings() Name { return Name{kind: "settings"} }

// Tag is the name of an LF-Tag.
func Tag(key string) Name { return Name{kind: "tag", parts: []string{key}} }

// Database is the name of a database of the stack's own catalog.
func Database(name string) Name { return Name{kind: "database", parts: []string{name}} }

// Table is the name of a table or view of the stack's own catalog. Who needs a
// table that the stack does not make needs its database.
func Table(database, name string) Name {
	in := Database(database)
	return Name{"table", []string{database, name}, &in}
}

// Filter is the name of a data cells filter of the stack's own catalog.
func Filter(database, table, name string) Name {
	on := Table(database, table)
	return Name{"filter", []string{database, table, name}, &on}
}

// Assignments is the name that all tags on databases, tables and columns share.
func Assignments() Name { return Name{kind: "assignments"} }

// Node is a resource that others know by name only.
type Node struct {
	Resource awscdk.CfnResource // that waits and is waited for
	Last     awscdk.CfnResource // of several, one after another, the last; nil where there is one
	Steps    int                // how many there are, with those made for it alone; 0 is one

	Names []Name // what it is called
	Needs []Name // what it needs, where the stack makes it

	Registers string // the ARN of the S3 location that it registers
	Files     string // ARN or URI of what must be registered before, where the stack registers it

	Governed bool // only an administrator may make it: it needs the settings

	// Tags is the database or table that it puts LF-Tags on: one assignment is made
	// after another, by Rank, because they change one thing. Nil for what puts none.
	Tags *Name
	// Rank is where the assignment stands among those of Tags.
	Rank string
}

// Done is what others wait for.
func (n *Node) Done() awscdk.CfnResource {
	if n.Last != nil {
		return n.Last
	}
	return n.Resource
}

// Add enters a resource of the stack.
func (s *Stack) Add(n *Node) {
	s.nodes = append(s.nodes, n)
	for _, resource := range []awscdk.CfnResource{n.Resource, n.Done()} {
		cdkx.Note(resource, s.Stack)
	}
	s.named = nil
	s.Stage.Touch()
}

// index makes the names and places known.
func (s *Stack) index() {
	if s.named != nil {
		return
	}
	s.named, s.registered = map[string][]*Node{}, map[s3uri.Location]*Node{}
	s.made = map[awscdk.CfnResource]*Node{}
	tagging := map[string][]*Node{}
	for _, n := range s.nodes {
		for _, name := range n.Names {
			key := s.key(name)
			s.named[key] = append(s.named[key], n)
		}
		s.made[n.Done()] = n
		if n.Registers != "" {
			s.registered[s.Place(n.Registers)] = n
		}
		if n.Tags != nil {
			tagging[s.key(*n.Tags)] = append(tagging[s.key(*n.Tags)], n)
		}
	}
	s.previous, s.needs, s.depths = map[*Node]*Node{}, map[*Node][]*Node{}, map[*Node]int{}
	assignments := s.key(Assignments())
	for _, key := range slices.Sorted(maps.Keys(tagging)) {
		chain := tagging[key]
		slices.SortStableFunc(chain, func(a, b *Node) int { return strings.Compare(a.Rank, b.Rank) })
		for i := 1; i < len(chain); i++ {
			s.previous[chain[i]] = chain[i-1]
		}
		s.named[assignments] = append(s.named[assignments], chain[len(chain)-1])
	}
}

func (s *Stack) key(n Name) string {
	parts := make([]string, 1, len(n.parts)+1)
	parts[0] = n.kind
	for _, part := range n.parts {
		parts = append(parts, strings.ToLower(s.Identify(part).Same)) // Glue and Lake Formation fold names
	}
	return strings.Join(parts, "\n")
}

// Needed are the nodes of the stack with the names, and those that register the
// place of files or what it lies in.
func (s *Stack) Needed(names []Name, files string) []*Node {
	s.index()
	var out []*Node
	for _, name := range names {
		found := s.named[s.key(name)]
		for or := name.or; len(found) == 0 && or != nil; or = or.or {
			found = s.named[s.key(*or)]
		}
		out = append(out, found...)
	}
	if files != "" {
		for place, ok := s.Place(files), true; ok; place, ok = place.Parent() {
			if n := s.registered[place]; n != nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// Place is where S3 files are.
func (s *Stack) Place(arnOrURI string) s3uri.Location {
	return s3uri.Parse(s.Identify(arnOrURI).Same)
}

// needsOf are what a node waits for, or the settings where it needs nothing else that
// waits for them.
func (s *Stack) needsOf(n *Node) []*Node {
	s.index()
	needed, known := s.needs[n]
	if known {
		return needed
	}
	needed = s.Needed(n.Needs, n.Files)
	if previous := s.previous[n]; previous != nil {
		needed = append(needed, previous)
	}
	if len(needed) == 0 && n.Governed {
		needed = s.Needed([]Name{Settings()}, "")
	}
	s.needs[n] = needed
	return needed
}

// Made is the node of a resource that somebody waits for, nil for none.
func (s *Stack) Made(resource awscdk.CfnResource) *Node {
	s.index()
	return s.made[resource]
}

// Depth is how many resources of nodes are made one after another until a node is: its
// own, those of the nodes that it waits for, and so on.
func (s *Stack) Depth(n *Node) int {
	s.index()
	if depth, known := s.depths[n]; known {
		return depth
	}
	s.depths[n] = 0 // a node that needs itself
	depth := 0
	for _, other := range s.needsOf(n) {
		depth = max(depth, s.Depth(other))
	}
	s.depths[n] = depth + max(n.Steps, 1)
	return s.depths[n]
}

// link makes every node wait for what it needs. What another need waits for is left out.
func (s *Stack) link(b *batch.Batch) {
	s.index()
	for _, n := range s.nodes {
		needs := s.needsOf(n)
		for _, other := range needs {
			implied := slices.ContainsFunc(needs, func(between *Node) bool { return slices.Contains(s.needsOf(between), other) })
			edge := [2]*Node{n, other}
			if other != n && !implied && !s.edges[edge] {
				s.edges[edge] = true
				cdkx.After(b, n.Resource, other.Done())
			}
		}
	}
}
