package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// JobPlan is a job of a product, or of a domain: SQL that makes tables out of others, run
// by a schedule in a workgroup of its own.
type JobPlan struct {
	Role            string          // name of the job's role
	RoleARN         string          // ARN of Role
	WorkGroup       string          // where the statements run
	StateMachine    string          // its name
	StateMachineARN string          // what starts it, and what other jobs look at
	Schedule        string          // six-field cron in UTC
	After           []string        `json:",omitempty"` // ARNs of the state machines whose last execution has to have succeeded, sorted
	Statements      []StatementPlan // in the order in which they run

	AfterElsewhere []ForeignMachines `json:",omitempty"` // the same of other accounts, sorted by role
	Catalogs       []Environment     `json:",omitempty"` // other environments that its statements read from, sorted
}

// ForeignMachines are state machines of another account that a job comes after, and the
// role of that account by which it looks at them.
type ForeignMachines struct {
	RoleARN          string   // made by the stack of what the domain there shares
	StateMachineARNs []string // sorted
}

// StatementPlan is one statement of a job.
type StatementPlan struct {
	Reads          []string `json:",omitempty"` // the tables of the domain that it reads, as database.table
	ReadsFhirStore bool     `json:",omitempty"` // it reads tables of the domain's FHIR store
	// Subscribed are the tables of other domains that it reads, sorted by name: what it
	// sees of them is what its domain's subscriptions show.
	Subscribed []contract.Reference `json:",omitempty"`

	Database string // of the table that it writes
	Table    string // name of the table that it writes
	Location string // of that table's files; an s3:// URI that ends in "/"
	SQL      string // the statement in Athena's dialect
}

const (
	// What a job takes (query.JobProps). All statements stand in one state machine, and
	// that in one template, of 1 MB at most.
	maxStatementBytes = 400_000 // of all statements together

	maxStateMachine = 80 // characters of a name
)

// newJob plans a job by the name of its role and its state machine, without its statements.
func newJob(n naming.Names, name, workGroup, schedule string) *JobPlan {
	out := &JobPlan{
		Role: naming.Shorten(name, maxRole), StateMachine: naming.Shorten(name, maxStateMachine),
		WorkGroup: naming.Shorten(workGroup, maxWorkGroup), Schedule: schedule,
	}
	out.RoleARN, out.StateMachineARN = n.RoleARN(out.Role), n.StateMachineARN(out.StateMachine)
	return out
}

// nightly is a schedule of once a day or a week.
type nightly struct {
	hour, minute int
	days         string // what follows the hour in a cron expression
}

// later is the schedule as many times five minutes later, and never on the next day: a job
// waits for those that it comes after in any case. With all products of a domain one after
// another that is four hours.
func (n nightly) later(times int) string {
	at := min(n.hour*60+n.minute+5*times, 24*60-1)
	return fmt.Sprintf("cron(%d %d %s)", at%60, at/60, n.days)
}

// grants are what the role of a job needs, table by table. Lake Formation wants ALTER
// and the location of who commits to an Iceberg table.
func (j *JobPlan) grants(l *lake) []lf.Grant {
	if j == nil {
		return nil
	}
	var grants []lf.Grant
	for _, s := range j.Statements {
		grants = append(grants, lf.Grant{Resource: lf.Database(s.Database), Permissions: []lf.Permission{lf.Describe}})
		for _, source := range s.Reads {
			database, table, _ := strings.Cut(source, ".")
			grants = append(grants, lf.Grant{Resource: lf.Database(database), Permissions: []lf.Permission{lf.Describe}})
			grants = append(grants, lf.ReadTable(database, table)...)
		}
		grants = append(grants, lf.WriteTable(s.Database, s.Table)...)
		grants = append(grants, l.writeLocation(j.RoleARN, s.Location)...)
	}
	return lf.GrantTo(j.RoleARN, grants...)
}

// readsProduct reports whether a statement of the job reads a product of another domain.
func (j *JobPlan) readsProduct(domain, product string) bool {
	return slices.ContainsFunc(j.Statements, func(s StatementPlan) bool {
		return slices.ContainsFunc(s.Subscribed, func(r contract.Reference) bool { return r.Domain == domain && r.Product == product })
	})
}

// admitTo lets the role of a job reach the files of the tables that it writes.
func (j *JobPlan) admitTo(files *FilesPlan, l *lake) {
	if j == nil {
		return
	}
	for _, s := range j.Statements {
		if zone := l.zoneOf(s.Location); zone != "" {
			files.admit(j.RoleARN, zone)
		}
	}
}

// ReadsFhirStore reports whether the job reads tables of the domain's FHIR store; no job
// reads none.
func (j *JobPlan) ReadsFhirStore() bool {
	return j != nil && slices.ContainsFunc(j.Statements, func(s StatementPlan) bool { return s.ReadsFhirStore })
}
