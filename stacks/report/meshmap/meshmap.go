package meshmap

import (
	"cmp"
	"slices"
	"strings"
)

// Map is a graph of groups, nodes in them and edges between nodes.
type Map struct {
	Groups []Group `json:"groups"` // sorted by name
	Nodes  []Node  `json:"nodes"`  // sorted by group, kind and name
	Edges  []Edge  `json:"edges"`  // sorted by their ends and kind
}

// Group is what belongs together: a domain, or of a lake without domains a database, and the
// principals of an account.
type Group struct {
	Kind    string `json:"kind"`              // domain, database, links or principals
	Name    string `json:"name"`              // of the domain or database; the account of links and principals
	Account string `json:"account,omitempty"` // that it stands in
	Region  string `json:"region,omitempty"`  // that it stands in
	Facts   []Fact `json:"facts,omitempty"`   // what else is to be said of it
}

// Kind is what a node is.
type Kind string

// The kinds of nodes, in the order in which they are listed.
const (
	Product    Kind = "product"
	TableNode  Kind = "table"      // of a lake without products
	Job        Kind = "job"        // makes tables of products out of others
	FhirStore  Kind = "fhirStore"  // in HealthLake
	ImageStore Kind = "imageStore" // in HealthImaging
	Variants   Kind = "variants"   // loads VCF files
	Omics      Kind = "omics"      // a store of HealthOmics
	Outside    Kind = "outside"    // files outside the lake
	Reader     Kind = "reader"     // a principal
	Link       Kind = "link"       // a resource link to a database elsewhere
)

// Kinds are all kinds of nodes, in the order in which they are listed.
func Kinds() []Kind {
	return []Kind{Product, TableNode, Job, FhirStore, ImageStore, Variants, Omics, Outside, Reader, Link}
}

// Node is a part of a group.
type Node struct {
	Group   int    `json:"group"`             // number of its group
	Kind    Kind   `json:"kind"`              // what it is
	Name    string `json:"name"`              // as people call it
	Level   string `json:"level,omitempty"`   // most sensitive data of a product or table
	Product string `json:"product,omitempty"` // of the catalogue, as domain.product
	Facts   []Fact `json:"facts,omitempty"`   // what else is to be said of it
}

// Fact is something to be said of a part.
type Fact struct {
	Name string `json:"name"` // what it is about
	Text string `json:"text"` // what is said
}

// Relation is what an edge says of its ends.
type Relation string

// The relations. Data goes along each of them.
const (
	Subscribes Relation = "subscription" // to reads the product from, for a time
	Reads      Relation = "reads"        // to reads from
	Makes      Relation = "makes"        // from makes or fills to
	LeadsTo    Relation = "link"         // to is a name for from
)

// Edge goes the way that data goes.
type Edge struct {
	From     int      `json:"from"`            // number of a node
	To       int      `json:"to"`              // number of a node
	Relation Relation `json:"relation"`        // of the two
	Text     string   `json:"text"`            // the relation in a sentence
	Until    string   `json:"until,omitempty"` // last day of a subscription, YYYY-MM-DD
	Ended    bool     `json:"ended,omitempty"` // the subscription has ended on the day of the plan
}

// builder collects a map. Nodes are found again by their key.
type builder struct {
	groups map[string]*Group
	nodes  map[string]*node
	edges  map[edgeKey]*Edge
}

type node struct {
	Node

	group string // key of its group
}

type edgeKey struct {
	from, to string
	relation Relation
	text     string
}

func newBuilder() *builder {
	return &builder{groups: map[string]*Group{}, nodes: map[string]*node{}, edges: map[edgeKey]*Edge{}}
}

// group adds a group that is not known yet.
func (b *builder) group(key string, g Group) {
	if b.groups[key] == nil {
		b.groups[key] = &g
	}
}

// node adds a node that is not known yet, and returns it.
func (b *builder) node(key, group string, n Node) *node {
	if b.nodes[key] == nil {
		b.nodes[key] = &node{n, group}
	}
	return b.nodes[key]
}

// fact adds what is to be said, unless there is nothing to say.
func (n *node) fact(name, text string) {
	if text != "" {
		n.Facts = append(n.Facts, Fact{name, text})
	}
}

// edge adds an edge between nodes that are known, once.
func (b *builder) edge(from, to string, e Edge) {
	if b.nodes[from] != nil && b.nodes[to] != nil && from != to {
		b.edges[edgeKey{from, to, e.Relation, e.Text}] = &e
	}
}

// done numbers all that was collected.
func (b *builder) done() *Map {
	out := &Map{Groups: []Group{}, Nodes: []Node{}, Edges: []Edge{}}
	groupAt, nodeAt := map[string]int{}, map[string]int{}
	for _, key := range sorted(b.groups, func(x, y *Group) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Account, y.Account), cmp.Compare(x.Region, y.Region))
	}) {
		groupAt[key] = len(out.Groups)
		out.Groups = append(out.Groups, *b.groups[key])
	}
	order := Kinds()
	for _, key := range sorted(b.nodes, func(x, y *node) int {
		return cmp.Or(groupAt[x.group]-groupAt[y.group], slices.Index(order, x.Kind)-slices.Index(order, y.Kind), cmp.Compare(x.Name, y.Name))
	}) {
		nodeAt[key] = len(out.Nodes)
		n := b.nodes[key]
		n.Group = groupAt[n.group]
		out.Nodes = append(out.Nodes, n.Node)
	}
	for key, e := range b.edges {
		e.From, e.To = nodeAt[key.from], nodeAt[key.to]
		out.Edges = append(out.Edges, *e)
	}
	slices.SortFunc(out.Edges, func(x, y Edge) int {
		return cmp.Or(x.From-y.From, x.To-y.To, cmp.Compare(x.Relation, y.Relation), cmp.Compare(x.Text, y.Text), cmp.Compare(x.Until, y.Until))
	})
	return out
}

// sorted are the keys of a map in the order of its values, those of equal values by key.
func sorted[T any](m map[string]T, compare func(a, b T) int) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(compare(m[a], m[b]), strings.Compare(a, b)) })
	return keys
}
