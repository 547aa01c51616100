package mesh

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// jobPlanner plans the jobs of a domain's products.
type jobPlanner struct {
	*lake

	keys       *KeysPlan // of the domain
	refresh    jobKind   // the jobs of queries
	deidentify jobKind   // those of de-identification
}

// jobKind is one of the jobs that a product may have.
type jobKind struct {
	purpose string              // the last word of what belongs to it
	at      nightly             // when it runs
	jobs    map[string]*JobPlan // by product, of the products that came before
	depth   map[*JobPlan]int    // how many of its kind come before a job, one after another
}

func newJobKind(purpose string, at nightly) jobKind {
	return jobKind{purpose, at, map[string]*JobPlan{}, map[*JobPlan]int{}}
}

// makers are those of the jobs that make what a table is made from.
func (k jobKind) makers(of TablePlan) []*JobPlan {
	var out []*JobPlan
	for _, r := range of.madeFrom() {
		if job := k.jobs[r.Product]; job != nil && slices.ContainsFunc(job.Statements, func(s StatementPlan) bool { return s.Table == r.Table }) {
			out = append(out, job)
		}
	}
	return out
}

// planJobs plans the jobs of products, each in the first stack of its product with what its
// role is granted, and the table of the key that they need, nil without any. Grants stand with
// the job also where they are on tables of other products, whose stacks come before: a query
// that reads one table more changes nothing of the other product.
func (l *lake) planJobs(products []ProductPlan) *KeysPlan {
	p := &jobPlanner{lake: l, keys: l.newKeys(), refresh: newJobKind(refresh, materializeAt), deidentify: newJobKind(deidentification, deidentifyAt)}
	tables, _ := tablesInOrder(l.tables) // circles were refused before
	order, _ := productsInOrder(l.tables)
	needed := false
	for _, name := range order {
		own := slices.DeleteFunc(slices.Clone(tables), func(t TablePlan) bool { return t.Product != name })
		stack := &products[slices.IndexFunc(products, func(s ProductPlan) bool { return s.Name == name })]
		stack.Materialization = p.planMaterialization(name, own)
		job, needsKey := p.planDeidentify(name, own)
		stack.Deidentify, needed = job, needed || needsKey
		stack.Grants = append(stack.Grants, stack.Materialization.grants(l)...)
		stack.Grants = append(stack.Grants, job.grants(l)...)
		if needsKey {
			stack.Grants = append(stack.Grants, p.keys.readGrants(job.RoleARN)...)
		}
	}
	if !needed {
		return nil
	}
	return p.keys
}

// planMaterialization plans the job that makes the tables of a product whose contract says
// the query that makes them, each after those that it reads; nil without such tables. Its role
// reads what the queries name and writes the tables, and nothing else. It comes after the jobs
// that make what it reads in other products by a query. What is de-identified it reads as the
// last week has left it.
func (p *jobPlanner) planMaterialization(product string, own []TablePlan) *JobPlan {
	var statements []StatementPlan
	var after []*JobPlan
	for _, t := range own {
		if t.Table.Deidentify != nil {
			continue
		}
		statements = append(statements, p.materialize(t))
		after = append(after, p.refresh.makers(t)...)
	}
	if len(statements) == 0 {
		return nil
	}
	return p.newJob(product, p.refresh, statements, after)
}

// planDeidentify plans the job of a product that fills its tables which say what they are
// de-identified from; nil without any. It comes after the jobs that make what it reads, and
// after the one that makes the key, where it needs one.
func (p *jobPlanner) planDeidentify(product string, own []TablePlan) (job *JobPlan, needsKey bool) {
	var statements []StatementPlan
	var after []*JobPlan
	for _, target := range own {
		if target.Table.Deidentify == nil {
			continue
		}
		statement, withKey := p.deidentifyTable(target, p.keys)
		statements = append(statements, statement)
		needsKey = needsKey || withKey
		after = append(after, p.refresh.makers(target)...)
		after = append(after, p.deidentify.makers(target)...)
	}
	if len(statements) == 0 {
		return nil, false
	}
	if needsKey {
		after = append(after, p.keys.Job)
	}
	return p.newJob(product, p.deidentify, statements, after), needsKey
}

// newJob plans a job of a product and enters it. It runs five minutes later than the last of its
// own kind that it comes after; it waits for all of them in any case.
func (p *jobPlanner) newJob(product string, kind jobKind, statements []StatementPlan, after []*JobPlan) *JobPlan {
	p.limit(product, kind.purpose, statements)
	depth, n := 0, p.names
	var machines []string
	for _, other := range after {
		machines = append(machines, other.StateMachineARN)
		if before, own := kind.depth[other]; own {
			depth = max(depth, before+1)
		}
	}
	slices.Sort(machines)
	out := newJob(n, n.ProductJob(p.domain, product, kind.purpose), n.ProductWorkGroup(p.domain, product, kind.purpose), kind.at.later(depth))
	out.After, out.Statements = slices.Compact(machines), statements
	kind.jobs[product], kind.depth[out] = out, depth
	return out
}

// limit notes what a job does not take: more than a number of tables, or longer SQL.
func (l *lake) limit(product, purpose string, statements []StatementPlan) {
	how := map[string]string{refresh: "queries", deidentification: "de-identification"}[purpose]
	if n := len(statements); n > contract.MaxStatements {
		l.problems.Addf(l.path, fmt.Sprintf("%d tables of the product %s made by %s", n, product, how),
			fmt.Sprintf("at most %d in a product, as one job makes them all", contract.MaxStatements), "split the product")
	}
	sum := 0
	for _, s := range statements {
		sum += len(s.SQL)
	}
	if sum > maxStatementBytes {
		l.problems.Addf(l.path, fmt.Sprintf("statements of %d bytes for the tables of the product %s made by %s", sum, product, how),
			fmt.Sprintf("at most %d in a product, as they stand in one workflow", maxStatementBytes), "split the product")
	}
}
