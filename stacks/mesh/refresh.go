package mesh

import (
	"slices"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/refresh"
)

const (
	// Every night, before the job that de-identifies.
	refreshSchedule = "cron(15 1 * * ? *)"
	refreshEvery    = 24 * time.Hour
	// Behind the name of the domain, the job among the readers of its FHIR store.
	refreshSuffix = "-refresh"
)

// refresh plans the job that makes the tables of a domain whose contracts say the
// query that makes them, each after those that it reads; nil without such tables.
// Its role reads what the queries name and writes the tables, and nothing else.
func (p *planner) refresh(d DomainPlan, n names) *JobPlan {
	job := &JobPlan{Role: n.role(d.Name, "refresh"), WorkGroup: n.jobWorkGroup(d.Name, "refresh"), Schedule: refreshSchedule}
	job.RoleARN = n.roleARN(job.Role)
	ordered, _ := inOrder(d.Tables) // a circle was refused before
	for _, t := range ordered {
		job.Statements = append(job.Statements, p.refreshed(d, t, n))
	}
	if len(job.Statements) == 0 {
		return nil
	}
	p.fits(d.Name, "queries", maxStatements, job.Statements)
	return job
}

// refreshed is the statement that makes a table by its query.
func (p *planner) refreshed(d DomainPlan, t TablePlan, n names) StatementPlan {
	out := StatementPlan{Database: t.Database, Table: t.Table.Name, Location: t.Location}
	o := refresh.Options{Database: t.Database, Databases: map[string]string{contract.FhirStoreReference: n.fhirDatabase(d.Name)}}
	for _, r := range t.Table.References() {
		if r.OfFhirStore() {
			out.ReadsFhirStore = true
			continue
		}
		source := d.Tables[indexOf(d.Tables, r)] // validated
		o.Databases[r.Product] = source.Database
		out.Reads = append(out.Reads, source.Database+"."+source.Table.Name)
	}
	slices.Sort(out.Reads)
	sql, err := refresh.Merge(&t.Table, o)
	p.unmade(at("domains", p.index(d.Name), "products"), err)
	out.SQL = sql
	return out
}

// indexOf is where the table of a reference stands; -1 is nowhere.
func indexOf(tables []TablePlan, r contract.Reference) int {
	return slices.IndexFunc(tables, func(t TablePlan) bool { return t.Product == r.Product && t.Table.Name == r.Table })
}

// inOrder are the tables that are made by queries, each after those it reads, else
// in the order given. Where that is impossible, circle names the tables that lead
// back to themselves.
func inOrder(tables []TablePlan) (ordered []TablePlan, circle []string) {
	const visiting, done = 1, 2
	state := make([]int, len(tables))
	var path []string
	var visit func(i int)
	visit = func(i int) {
		name := tables[i].Product + "." + tables[i].Table.Name
		switch {
		case tables[i].Table.Query == "" || state[i] == done:
			return
		case state[i] == visiting:
			if circle == nil {
				circle = append(slices.Clone(path[slices.Index(path, name):]), name)
			}
			return
		}
		state[i] = visiting
		path = append(path, name)
		for _, r := range tables[i].Table.References() {
			if j := indexOf(tables, r); j >= 0 && j != i { // itself is reported where the table is checked
				visit(j)
			}
		}
		path = path[:len(path)-1]
		state[i] = done
		ordered = append(ordered, tables[i])
	}
	for i := range tables {
		visit(i)
	}
	return ordered, circle
}

// refreshGrants are what the job's role needs; tables of a FHIR store are opened to
// it by the store's own workflow.
func (p *planner) refreshGrants(d DomainPlan) []lf.Grant {
	if d.Refresh == nil {
		return nil
	}
	return p.jobGrants(d, d.Refresh, nil)
}

// readsFhirStore reports whether the job reads tables of the domain's FHIR store.
func (j *JobPlan) readsFhirStore() bool {
	return j != nil && slices.ContainsFunc(j.Statements, func(s StatementPlan) bool { return s.ReadsFhirStore })
}
