package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// jobPlanner plans the jobs of a domain's products.
type jobPlanner struct {
	*lake

	keys       *KeysPlan // of the domain
	refresh    jobKind   // the jobs of queries
	deidentify jobKind   // those of de-identification
	retention  jobKind   // those that delete what is older than promised

	quality map[string]*QualityPlan // of products that came before; nil for one without rules

	ready  map[string][]string // the state machines of products that came before, by product
	others *meshJobs           // those of all domains
}

// meshJobs are the jobs of all domains.
type meshJobs struct {
	domains   map[string]*jobPlanner
	depth     map[string]int             // of the jobs of queries, by the ARN of their state machines
	readiness map[string][]ReadinessPlan // by the domain that is looked at, one for each that looks
}

func newMeshJobs() *meshJobs {
	return &meshJobs{map[string]*jobPlanner{}, map[string]int{}, map[string][]ReadinessPlan{}}
}

// ReadinessPlan is what jobs of one domain may see of the jobs of another one, in another
// account: whether they have succeeded.
type ReadinessPlan struct {
	Consumer         string      // the domain whose jobs look
	Environment      Environment // where they run
	Role             string      // name of the role by which they look
	Readers          []string    // names of the roles of these jobs, sorted
	StateMachineARNs []string    // of the jobs that are looked at, sorted
}

// look notes that a job of a domain looks at machines of another one in another account,
// and returns the role by which it does.
func (m *meshJobs) look(producer *jobPlanner, consumer *lake, reader string, machines []string) string {
	n := producer.names
	role := naming.Shorten(n.ReadinessRole(producer.domain, consumer.domain), maxRole)
	all := m.readiness[producer.domain]
	i := slices.IndexFunc(all, func(r ReadinessPlan) bool { return r.Consumer == consumer.domain })
	if i < 0 {
		i = len(all)
		all = append(all, ReadinessPlan{Consumer: consumer.domain, Role: role, Environment: consumer.environment()})
	}
	all[i].Readers = sortedOnce(append(all[i].Readers, reader))
	all[i].StateMachineARNs = sortedOnce(append(all[i].StateMachineARNs, machines...))
	m.readiness[producer.domain] = all
	return n.RoleARN(role)
}

func sortedOnce(in []string) []string {
	slices.Sort(in)
	return slices.Compact(in)
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

// plan plans the jobs of all domains, product by product: each after those that its jobs read.
func (m *meshJobs) plan(lakes map[string]*lake, plans map[string]*DomainPlan) {
	tables := map[string][]TablePlan{}
	for name, l := range lakes {
		m.domains[name] = &jobPlanner{
			lake: l, keys: l.newKeys(), refresh: newJobKind(refresh, materializeAt), deidentify: newJobKind(deidentification, deidentifyAt),
			retention: newJobKind(retention, retainAt), quality: map[string]*QualityPlan{}, ready: map[string][]string{}, others: m,
		}
		tables[name] = l.tables
	}
	for _, p := range meshInOrder(tables) {
		if m.domains[p.domain].planJobs(plans[p.domain].Products, p.name) {
			plans[p.domain].Keys = m.domains[p.domain].keys
		}
	}
}

// planJobs plans the jobs of a product, in its first stack with what its role is granted, and
// reports whether they need the key of the domain. Grants stand with
// the job also where they are on tables of other products, whose stacks come before: a query
// that reads one table more changes nothing of the other product.
// What queries read of other domains is granted by the stack of the domain's subscriptions.
func (p *jobPlanner) planJobs(products []ProductPlan, name string) (needsKey bool) {
	tables, _ := tablesInOrder(p.tables) // circles were refused before
	own := slices.DeleteFunc(tables, func(t TablePlan) bool { return t.Product != name })
	stack := &products[slices.IndexFunc(products, func(s ProductPlan) bool { return s.Name == name })]
	stack.Materialization = p.planMaterialization(name, own)
	stack.Deidentify, needsKey = p.planDeidentify(name, own)
	stack.Retention = p.planRetention(name)
	stack.Quality = p.planQuality(stack)
	p.quality[name] = stack.Quality
	p.ready[name] = stack.Ready()
	stack.Grants = append(stack.Grants, stack.Materialization.grants(p.lake)...)
	stack.Grants = append(stack.Grants, stack.Deidentify.grants(p.lake)...)
	stack.Grants = append(stack.Grants, stack.Retention.grants(p.lake)...)
	if needsKey {
		stack.Grants = append(stack.Grants, p.keys.readGrants(stack.Deidentify.RoleARN)...)
	}
	return needsKey
}

// planMaterialization plans the job that makes the tables of a product whose contract says
// the query that makes them, each after those that it reads; nil without such tables. Its role
// reads what the queries name and writes the tables, and nothing else. It comes after the jobs
// that make what it reads in other products by a query. What is de-identified it reads as the
// last week has left it. Of other domains it reads
// products as all of their jobs have left them.
func (p *jobPlanner) planMaterialization(product string, own []TablePlan) *JobPlan {
	var statements []StatementPlan
	var after []*JobPlan
	for _, t := range own {
		if t.Table.Deidentify != nil {
			continue
		}
		if t.Table.PersonIndex != nil {
			statements = append(statements, p.personIndex(t)...)
		} else {
			statements = append(statements, p.materialize(t))
		}
		after = append(after, p.refresh.makers(t)...)
	}
	if len(statements) == 0 {
		return nil
	}
	return p.newJob(product, p.refresh, statements, after, own)
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
	return p.newJob(product, p.deidentify, statements, after, own), needsKey
}

// newJob plans a job of a product and enters it. It runs five minutes later than the last of its
// own kind that it comes after; it waits for all of them in any case, and for what evaluates the
// other products that its tables are made from, where a rule of theirs stops it.
func (p *jobPlanner) newJob(product string, kind jobKind, statements []StatementPlan, after []*JobPlan, own []TablePlan) *JobPlan {
	p.limit(product, kind.purpose, statements)
	depth, n := 0, p.names
	var machines []string
	for _, other := range after {
		machines = append(machines, other.StateMachineARN)
		if before, own := kind.depth[other]; own {
			depth = max(depth, before+1)
		}
	}
	for _, t := range own {
		made := slices.ContainsFunc(statements, func(s StatementPlan) bool { return s.Table == t.Table.Name })
		for _, r := range t.madeFrom() {
			if made && r.Product != product {
				machines = append(machines, p.stopper(r.Product)...)
			}
		}
	}
	out := newJob(n, n.ProductJob(p.domain, product, kind.purpose), n.ProductWorkGroup(p.domain, product, kind.purpose), "")
	out.Statements = statements
	depth = max(depth, p.comeAfterOthers(out, &machines))
	out.Schedule = kind.at.later(depth)
	out.After = sortedOnce(machines)
	if kind.purpose == refresh {
		p.others.depth[out.StateMachineARN] = depth
	}
	kind.jobs[product], kind.depth[out] = out, depth
	return out
}

// comeAfterOthers lets a job come after those of the products of other domains that it reads,
// and returns how many jobs of queries come before it then. Machines of its own account are
// added to those that it looks at with its own role.
func (p *jobPlanner) comeAfterOthers(job *JobPlan, machines *[]string) int {
	depth := 0
	elsewhere := map[string][]string{} // by domain
	for _, s := range job.Statements {
		for _, r := range s.Subscribed {
			other := p.others.domains[r.Domain]
			for _, machine := range other.ready[r.Product] {
				if before, known := p.others.depth[machine]; known {
					depth = max(depth, before+1)
				}
				if other.environment() == p.environment() {
					*machines = append(*machines, machine)
				} else {
					elsewhere[r.Domain] = append(elsewhere[r.Domain], machine)
				}
			}
			if other.environment() != p.environment() {
				job.Catalogs = append(job.Catalogs, other.environment())
			}
		}
	}
	for _, domain := range slices.Sorted(maps.Keys(elsewhere)) {
		looked := sortedOnce(elsewhere[domain])
		job.AfterElsewhere = append(job.AfterElsewhere, ForeignMachines{
			RoleARN: p.others.look(p.others.domains[domain], p.lake, job.Role, looked), StateMachineARNs: looked,
		})
	}
	slices.SortFunc(job.AfterElsewhere, func(a, b ForeignMachines) int { return strings.Compare(a.RoleARN, b.RoleARN) })
	slices.SortFunc(job.Catalogs, compareEnvironments)
	job.Catalogs = slices.Compact(job.Catalogs)
	return depth
}

// limit notes what a job does not take: more than a number of tables, or longer SQL.
func (l *lake) limit(product, purpose string, statements []StatementPlan) {
	how := map[string]string{refresh: "queries", deidentification: "de-identification", retention: "others and kept for a time"}[purpose]
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
