package mesh

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
)

// ProductPlan is one stack of a domain's product: its tables, or those of one of its
// parts, with all that names them. The jobs of a product in parts stand in the first of them;
// another part without tables has no stack.
type ProductPlan struct {
	Name        string        // name of the product
	Domain      string        // the domain that publishes it
	Zone        ontology.Zone // where its tables stand
	Environment Environment   // where it is deployed
	StackName   string        // name of its stack
	Part        int           `json:",omitempty"` // which part of the product, from 1; 0 is the whole product

	OptimizerARN string // of the role that keeps Iceberg tables tidy; "" without Iceberg tables in the lake, and where Glue has no optimizers

	Materialization *JobPlan `json:",omitempty"` // makes its tables that have a query; nil without any
	Deidentify      *JobPlan `json:",omitempty"` // makes its tables that are de-identified; nil without any

	Retention *JobPlan `json:",omitempty"` // deletes rows of tables that others fill when they are older than promised; nil without any

	Quality *QualityPlan `json:",omitempty"` // evaluates its quality rules; nil without rules that are measured

	Tables       []TablePlan         // sorted by database and name
	Associations []lf.TagAssociation // the LF-Tags of its tables and their columns
	Grants       []lf.Grant          // of its jobs, and on its tables to roles of the domain
}

// products plans the stacks of a domain's products; optimizer is the ARN of the role of
// its optimizers, "" without one.
func (l *lake) products(o *ontologies, env Environment, optimizer string) []ProductPlan {
	byStack := map[string]int{}
	var out []ProductPlan
	stack := func(t TablePlan, part int) *ProductPlan {
		name := l.names.ProductStack(l.domain, t.Product, part)
		i, known := byStack[name]
		if !known {
			i = len(out)
			byStack[name] = i
			out = append(out, ProductPlan{Name: t.Product, Domain: l.domain, Zone: t.Zone, Environment: env, StackName: name, Part: part})
		}
		return &out[i]
	}
	for _, t := range l.tables {
		part := 0
		if t.Contract.Parts > 1 {
			part = contract.PartOf(t.Table.Name, t.Contract.Parts)
			if t.isMade() || len(measure.Of(&t.Table).Rules) > 0 {
				stack(t, 1) // has the jobs, and stays where it is whatever tables come
			}
		}
		p := stack(t, part)
		p.Tables = append(p.Tables, t)
		if t.optimized() {
			p.OptimizerARN = optimizer
		}
	}
	for i := range out {
		out[i].Associations = l.tableAssociations(o, out[i].Tables)
		sortAssociations(out[i].Associations)
	}
	slices.SortFunc(out, func(a, b ProductPlan) int { return strings.Compare(a.StackName, b.StackName) })
	return out
}

// HasJobs reports whether jobs stand in the stack of the product.
func (p *ProductPlan) HasJobs() bool { return len(p.jobs()) > 0 }

// jobs are the jobs of the product.
func (p *ProductPlan) jobs() []*JobPlan { return append(p.makers(), existing(p.Retention)...) }

// makers are the jobs that fill tables of the product.
func (p *ProductPlan) makers() []*JobPlan { return existing(p.Materialization, p.Deidentify) }

func existing(jobs ...*JobPlan) []*JobPlan {
	return slices.DeleteFunc(jobs, func(j *JobPlan) bool { return j == nil })
}

// Ready are the ARNs of the state machines that have to have succeeded before another domain
// reads the product, sorted: all that fill its tables, and what evaluates its quality where a
// rule stops who reads it. The plan of the first of its parts has
// them; none is that somebody else fills the tables.
func (p *ProductPlan) Ready() []string {
	var out []string
	for _, job := range p.makers() {
		out = append(out, job.StateMachineARN)
	}
	if p.Quality != nil && p.Quality.Stops {
		out = append(out, p.Quality.StateMachineARN)
	}
	slices.Sort(out)
	return out
}

// Before are the names of the other products of the domain whose stacks come before that of a
// product, sorted: those whose tables its jobs read, and one that has jobs too. Stacks with
// jobs come one after another, as Lake Formation may fail when two grant on one database or
// location at the same time.
func (d *DomainPlan) Before(p *ProductPlan) []string {
	if len(p.jobs()) == 0 {
		return nil
	}
	product := map[string]string{} // of a table
	hasJobs := map[string]bool{}
	for _, other := range d.Products {
		for _, t := range other.Tables {
			product[t.qualified()] = other.Name
		}
		hasJobs[other.Name] = hasJobs[other.Name] || len(other.jobs()) > 0
	}
	var out []string
	order, _ := productsInOrder(d.Tables())
	for _, name := range order[:slices.Index(order, p.Name)] {
		if hasJobs[name] {
			out = []string{name}
		}
	}
	for _, job := range p.jobs() {
		for _, s := range job.Statements {
			for _, read := range s.Reads {
				if name := product[read]; name != p.Name {
					out = append(out, name)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
	for i := range d.Products {
		d.Products[i].Grants = lf.MergeGrants(d.Products[i].Grants)
	}
}

func sortAssociations(associations []lf.TagAssociation) {
	slices.SortFunc(associations, func(a, b lf.TagAssociation) int { return strings.Compare(a.Key(), b.Key()) })
}
