package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// A view of Athena runs with the rights of whoever queries it: it shows nothing to a
// reader who may not read the tables of its SQL. Whether the rows and columns to which
// a reader of those tables is held also hold through the view is not documented, so a
// reader of both reads the tables whole.
// Source: "Considerations and limitations for querying data registered with Lake
// Formation", views.

// baseTable is a table of the mesh below a view.
type baseTable struct {
	domain, product string
	table           *contract.Table
}

// baseTables are the tables of the mesh by database and name, as SQL names them.
func (c *subscriptionChecker) baseTables() map[string]baseTable {
	out := map[string]baseTable{}
	n := naming.Names{Mesh: c.mesh}
	for _, p := range c.products {
		database := n.Database(p.owner, p.contract.Zone.OrDefault())
		for i := range p.contract.Tables {
			t := &p.contract.Tables[i]
			out[database+"."+t.Name] = baseTable{p.owner, p.contract.Name, t}
		}
	}
	return out
}

// checkViews checks the views that subscriptions show: that each of their principals
// reads the tables below.
func (c *subscriptionChecker) checkViews() {
	var tables map[string]baseTable
	for i, s := range c.subscriptions {
		producer, _ := s.producer()
		k := c.contractOf(s)
		if k == nil {
			continue
		}
		for _, t := range k.Tables {
			if t.View == nil || s.limited() || len(c.ontologies.columnsFor(s, k, t)) == 0 {
				continue // filtering has refused a view with a limit
			}
			if tables == nil {
				tables = c.baseTables()
			}
			database := naming.Names{Mesh: c.mesh}.Database(producer, k.Zone.OrDefault())
			c.checkView(i, s, database, t, tables)
		}
	}
}

// checkView checks one view of a subscription, with the views below it.
func (c *subscriptionChecker) checkView(i int, s Subscription, database string, view contract.Table, tables map[string]baseTable) {
	path := at("subscriptions", i, "product")
	visited := map[string]bool{database + "." + view.Name: true}
	var visit func(database string, v *contract.View)
	visit = func(database string, v *contract.View) {
		for _, name := range v.Reads() {
			qualified := strings.Contains(name, ".")
			if !qualified {
				name = database + "." + name
			}
			if visited[name] {
				continue
			}
			visited[name] = true
			below, known := tables[name]
			switch {
			case known:
				c.checkBase(path, s, view.Name, name, below)
				if below.table.View != nil {
					under, _, _ := strings.Cut(name, ".")
					visit(under, below.table.View)
				}
			case qualified && !c.isPartial():
				c.addf(path, fmt.Sprintf("%s, whose view %s reads %s, which no product of the mesh has", s.Product, view.Name, name),
					"views of tables that principals can subscribe to", "publish the table, or make the view a table by a query (sql of a table)")
			}
		}
	}
	visit(database, view.View)
}

// checkBase refuses a view for principals who do not read a table below it whole.
func (c *subscriptionChecker) checkBase(path string, s Subscription, view, name string, below baseTable) {
	var without, limited []string
	for _, principal := range s.Principals {
		reads, whole := c.readsTable(principal, below)
		if !reads {
			without = append(without, principal)
		} else if !whole {
			limited = append(limited, principal)
		}
	}
	product := below.domain + "." + below.product
	if len(without) > 0 {
		c.addf(path, fmt.Sprintf("%s, whose view %s reads %s, which is not read by %s", s.Product, view, name, strings.Join(without, ", ")),
			"principals that read every table of the view's SQL: Athena runs a view with the rights of whoever queries it",
			"subscribe them to "+product+" as well, or make the view a table by a query (sql of a table)")
	}
	if len(limited) > 0 {
		c.addf(path, fmt.Sprintf("%s, whose view %s reads %s, of which %s sees some rows or columns", s.Product, view, name, strings.Join(limited, ", ")),
			"principals that read the tables of the view's SQL without rows, columns or except: nobody documents that these hold through a view",
			"make the view a table by a query (sql of a table), which has limits of its own")
	}
}

// readsTable reports whether a subscription shows a table to a principal, and whether
// one does without limits.
func (c *subscriptionChecker) readsTable(principal string, t baseTable) (reads, whole bool) {
	for _, s := range c.subscriptions {
		if s.Product != t.domain+"."+t.product || !slices.Contains(s.Principals, principal) {
			continue
		}
		if k := c.contractOf(s); k != nil && len(c.ontologies.columnsFor(s, k, *t.table)) > 0 {
			reads = true
			whole = whole || !s.limited()
		}
	}
	return reads, whole
}

// isPartial reports whether contracts of some domain could not be read, so that nobody
// knows all tables.
func (c *subscriptionChecker) isPartial() bool {
	for i := range c.domains {
		if c.source.isPartial(i) {
			return true
		}
	}
	return false
}

// contractOf is the product of a subscription, nil where there is none.
func (c *subscriptionChecker) contractOf(s Subscription) *contract.Contract {
	producer, name := s.producer()
	return c.contracts[productName{producer, name}]
}
