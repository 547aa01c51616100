package mesh

import (
	"fmt"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// JobPlan is a job of a domain: SQL that makes tables out of others, run by a
// schedule in the domain's workgroup.
type JobPlan struct {
	Role       string          // name of the job's role
	RoleARN    string          // ARN of Role
	WorkGroup  string          // where the statements run
	Schedule   string          // six-field cron in UTC
	Statements []StatementPlan // in the order in which they run
}

// StatementPlan is one statement of a job.
type StatementPlan struct {
	Reads          []string `json:",omitempty"` // the tables of the domain that it reads, as database.table
	ReadsFhirStore bool     `json:",omitempty"` // it reads tables of the domain's FHIR store
	Database       string   // of the table that it writes
	Table          string   // name of the table that it writes
	Location       string   // of that table's files; an s3:// URI that ends in "/"
	SQL            string   // the statement in Athena's dialect
}

// What a job takes (query.JobProps). All statements stand in one state machine, and
// that in one template, of 1 MB at most.
const maxStatementBytes = 400_000 // of all statements together

// newJob plans a job of a domain without its statements.
func (l *lake) newJob(purpose, schedule string) JobPlan {
	role := l.names.Role(l.domain, purpose)
	return JobPlan{Role: role, RoleARN: l.names.RoleARN(role), WorkGroup: l.names.JobWorkGroup(l.domain, purpose), Schedule: schedule}
}

// limit notes what a job does not take: more than a number of tables, or longer SQL.
func (l *lake) limit(how string, most int, statements []StatementPlan) {
	if n := len(statements); n > most {
		l.problems.Addf(l.path, fmt.Sprintf("%d tables made by %s", n, how),
			fmt.Sprintf("at most %d in a domain, as one job makes them all", most), "split the domain")
	}
	sum := 0
	for _, s := range statements {
		sum += len(s.SQL)
	}
	if sum > maxStatementBytes {
		l.problems.Addf(l.path, fmt.Sprintf("statements of %d bytes for the tables made by %s", sum, how),
			fmt.Sprintf("at most %d in a domain, as they stand in one workflow", maxStatementBytes), "split the domain")
	}
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

// readsFhirStore reports whether the job reads tables of the domain's FHIR store.
func (j *JobPlan) readsFhirStore() bool {
	return j != nil && slices.ContainsFunc(j.Statements, func(s StatementPlan) bool { return s.ReadsFhirStore })
}
