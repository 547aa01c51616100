package mesh

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// ProductPlan is one stack of a domain's product: its tables, or those of one of its
// parts, with all that names them. A part without tables has no stack.
type ProductPlan struct {
	Name        string        // name of the product
	Domain      string        // the domain that publishes it
	Zone        ontology.Zone // where its tables stand
	Environment Environment   // where it is deployed
	StackName   string        // name of its stack
	Part        int           `json:",omitempty"` // which part of the product, from 1; 0 is the whole product

	OptimizerARN string // of the role that keeps Iceberg tables tidy; "" without Iceberg tables in the lake, and where Glue has no optimizers

	Tables       []TablePlan         // sorted by database and name
	Associations []lf.TagAssociation // the LF-Tags of its tables and their columns
	Grants       []lf.Grant          // on its tables, to roles of the domain
}

// products plans the stacks of a domain's products; optimizer is the ARN of the role of
// its optimizers, "" without one.
func (l *lake) products(o *ontologies, env Environment, optimizer string) []ProductPlan {
	byStack := map[string]int{}
	var out []ProductPlan
	for _, t := range l.tables {
		part := 0
		if t.Contract.Parts > 1 {
			part = contract.PartOf(t.Table.Name, t.Contract.Parts)
		}
		name := l.names.ProductStack(l.domain, t.Product, part)
		i, known := byStack[name]
		if !known {
			i = len(out)
			byStack[name] = i
			out = append(out, ProductPlan{Name: t.Product, Domain: l.domain, Zone: t.Zone, Environment: env, StackName: name, Part: part})
		}
		out[i].Tables = append(out[i].Tables, t)
		if t.optimized() {
			out[i].OptimizerARN = optimizer
		}
	}
	for i := range out {
		out[i].Associations = l.tableAssociations(o, out[i].Tables)
		sortAssociations(out[i].Associations)
	}
	slices.SortFunc(out, func(a, b ProductPlan) int { return strings.Compare(a.StackName, b.StackName) })
	return out
}

// moveGrants takes what is granted on a table of a product to where the table stands:
// Lake Formation grants on nothing that does not exist.
func (d *DomainPlan) moveGrants() {
	at := map[string]int{} // the product of a table
	for i, p := range d.Products {
		for _, t := range p.Tables {
			at[t.qualified()] = i
		}
	}
	d.Grants = slices.DeleteFunc(d.Grants, func(g lf.Grant) bool {
		i, named := at[g.Resource.Database+"."+g.Resource.Table]
		if named {
			d.Products[i].Grants = append(d.Products[i].Grants, g)
		}
		return named
	})
}

func sortAssociations(associations []lf.TagAssociation) {
	slices.SortFunc(associations, func(a, b lf.TagAssociation) int { return strings.Compare(a.Key(), b.Key()) })
}
