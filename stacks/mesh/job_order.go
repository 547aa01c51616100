package mesh

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// reads are the tables that a job makes a table from, of its domain and of others; none for one
// that no job makes.
func (t TablePlan) reads() []contract.Reference {
	switch {
	case t.Table.Deidentify != nil:
		return []contract.Reference{t.Table.Deidentify.From}
	case t.Table.TransformLogic != "":
		return t.Table.References()
	case t.Table.PersonIndex != nil:
		return personSources(t.Table.PersonIndex)
	}
	return nil
}

// madeFrom are the tables of its domain that a job makes a table from.
func (t TablePlan) madeFrom() []contract.Reference {
	return slices.DeleteFunc(t.reads(), func(r contract.Reference) bool { return r.OfFhirStore() || r.Domain != "" })
}

// subscribed are the tables of other domains that a query makes a table from, sorted by name.
func (t TablePlan) subscribed() []contract.Reference {
	out := slices.DeleteFunc(t.reads(), func(r contract.Reference) bool { return r.Domain == "" })
	slices.SortFunc(out, func(a, b contract.Reference) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

// meshInOrder are the products of all domains, given with their tables, each after those that
// its jobs read tables of, else by their names.
func meshInOrder(tables map[string][]TablePlan) []productName {
	edges := map[productName][]productName{}
	for domain, own := range tables {
		for _, t := range own {
			from := productName{domain, t.Product}
			edges[from] = append(edges[from], t.readsOf(domain)...)
		}
	}
	names := slices.SortedFunc(maps.Keys(edges), func(a, b productName) int {
		return cmp.Or(strings.Compare(a.domain, b.domain), strings.Compare(a.name, b.name))
	})
	places := map[productName]int{}
	for i, name := range names {
		places[name] = i
	}
	order, _ := inOrder(len(names), func(i int) []int { // circles were refused before
		var out []int
		for _, to := range edges[names[i]] {
			if at, known := places[to]; known && at != i {
				out = append(out, at)
			}
		}
		return out
	})
	ordered := make([]productName, len(order))
	for i, place := range order {
		ordered[i] = names[place]
	}
	return ordered
}

// readsOf are the products that a table of a domain is made from.
func (t TablePlan) readsOf(domain string) []productName {
	var out []productName
	for _, r := range t.reads() {
		if !r.OfFhirStore() {
			out = append(out, productName{cmp.Or(r.Domain, domain), r.Product})
		}
	}
	return out
}

// isMade reports whether a job makes the table.
func (t TablePlan) isMade() bool {
	return t.Table.Deidentify != nil || t.Table.TransformLogic != "" || t.Table.PersonIndex != nil
}

// tablesInOrder are the tables that jobs make, each after those it is made from, else in the
// order given. Where that is impossible, circle names the tables that lead back to themselves.
func tablesInOrder(tables []TablePlan) (ordered []TablePlan, circle []string) {
	places := map[contract.Reference]int{}
	for i, t := range tables {
		if t.isMade() {
			places[contract.Reference{Product: t.Product, Table: t.Table.Name}] = i
		}
	}
	order, circled := inOrder(len(tables), func(i int) []int {
		var out []int
		for _, r := range tables[i].madeFrom() {
			if j, made := places[r]; made && j != i { // itself is reported where the table is checked
				out = append(out, j)
			}
		}
		return out
	})
	for _, i := range order {
		if tables[i].isMade() {
			ordered = append(ordered, tables[i])
		}
	}
	for _, i := range circled {
		circle = append(circle, tables[i].reference())
	}
	return ordered, circle
}

// productsInOrder are the products of tables, each after those that its jobs read tables of,
// else in the order of their names. Where that is impossible, circle has a table of each
// product that leads back to itself, made from one of the next.
func productsInOrder(tables []TablePlan) (ordered []string, circle []TablePlan) {
	for _, t := range tables {
		ordered = append(ordered, t.Product)
	}
	slices.Sort(ordered)
	names := slices.Compact(ordered)
	places := map[string]int{}
	for i, name := range names {
		places[name] = i
	}
	reader := map[[2]int]TablePlan{} // the first table of a product that is made from one of another
	edges := make([][]int, len(names))
	for _, t := range tables {
		for _, r := range t.madeFrom() {
			from, to := places[t.Product], places[r.Product]
			if _, known := places[r.Product]; !known || from == to || indexOf(tables, r.Product, r.Table) < 0 {
				continue
			}
			if _, known := reader[[2]int{from, to}]; !known {
				reader[[2]int{from, to}] = t
				edges[from] = append(edges[from], to)
			}
		}
	}
	order, circled := inOrder(len(names), func(i int) []int { return edges[i] })
	out := make([]string, len(order))
	for i, place := range order {
		out[i] = names[place]
	}
	for i := 1; i < len(circled); i++ {
		circle = append(circle, reader[[2]int{circled[i-1], circled[i]}])
	}
	return out, circle
}

// inOrder are the numbers below n, each after those that before gives for it, else in their
// own order. Where that is impossible, circle has numbers that lead back to the first of them,
// which stands at the end again.
func inOrder(n int, before func(int) []int) (ordered, circle []int) {
	const visiting, done = 1, 2
	state := make([]int, n)
	var path []int
	var visit func(i int)
	visit = func(i int) {
		switch state[i] {
		case done:
			return
		case visiting:
			if circle == nil {
				circle = append(slices.Clone(path[slices.Index(path, i):]), i)
			}
			return
		}
		state[i] = visiting
		path = append(path, i)
		for _, j := range before(i) {
			visit(j)
		}
		path = path[:len(path)-1]
		state[i] = done
		ordered = append(ordered, i)
	}
	for i := range n {
		visit(i)
	}
	return ordered, circle
}

// refuseCircles refuses tables of a domain that are made from one another, and products: each
// has a stack and a job of its own, and one of two has to come first.
func (c *findings) refuseCircles(own products) {
	var tables []TablePlan
	for _, p := range own {
		for _, t := range p.contract.Tables {
			tables = append(tables, TablePlan{Product: p.contract.Name, Table: t})
		}
	}
	if _, circle := tablesInOrder(tables); circle != nil {
		c.atTable(own, circle[0], "a circle: "+strings.Join(circle, " reads "), "tables that can be made one after another", "take one of the references out")
		return
	}
	_, circle := productsInOrder(tables)
	if circle == nil {
		return
	}
	var words []string
	for i, t := range circle {
		next := circle[(i+1)%len(circle)].Product
		for _, r := range t.madeFrom() {
			if r.Product == next {
				words = append(words, t.reference()+" reads "+r.Name())
				break
			}
		}
	}
	c.atTable(own, circle[0].reference(), "a circle of products: "+strings.Join(words, ", "),
		"products whose jobs can run one after another", "put these tables into one product, or one of them into a product of its own")
}

// atTable reports a finding about how a table is made, by its product and name.
func (c *findings) atTable(own products, reference, got, expected, fix string) {
	for _, p := range slices.Backward(own) {
		for i, t := range p.contract.Tables {
			if p.contract.Name+"."+t.Name != reference {
				continue
			}
			path := tablePath(t, i)
			switch {
			case t.Deidentify != nil:
				path += ".deidentify"
			case t.TransformLogic != "":
				path += ".sql"
			}
			c.inContract(p, path, got, expected, fix)
			return
		}
	}
}
