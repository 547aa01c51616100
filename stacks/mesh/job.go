package mesh

import (
	"fmt"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// JobPlan is a job of a domain: SQL that makes tables out of others, run by a
// schedule in the domain's workgroup.
type JobPlan struct {
	Role       string // name of the job's role
	RoleARN    string
	WorkGroup  string
	Schedule   string          // six-field cron in UTC
	Statements []StatementPlan // in the order in which they run
}

// StatementPlan is one statement of a job.
type StatementPlan struct {
	Reads          []string `json:",omitempty"` // the tables of the domain that it reads, as database.table
	ReadsFhirStore bool     `json:",omitempty"` // it reads tables of the domain's FHIR store
	Database       string   // of the table that it writes
	Table          string
	Location       string // of that table's files; an s3:// URI that ends in "/"
	SQL            string
}

// What a job takes (query.JobProps). All statements stand in one state machine, and
// that in one template, of 1 MB at most.
const (
	maxStatements     = 20
	maxStatementBytes = 400_000
)

// fits notes what a job does not take: more than a number of tables, or longer SQL.
func (p *planner) fits(domain, how string, most int, statements []StatementPlan) {
	path := at("domains", p.index(domain), "products")
	if n := len(statements); n > most {
		p.statements.Addf(path, fmt.Sprintf("%d tables made by %s", n, how),
			fmt.Sprintf("at most %d in a domain, as one job makes them all", most), "split the domain")
	}
	sum := 0
	for _, s := range statements {
		sum += len(s.SQL)
	}
	if sum > maxStatementBytes {
		p.statements.Addf(path, fmt.Sprintf("statements of %d bytes for the tables made by %s", sum, how),
			fmt.Sprintf("at most %d in a domain, as they stand in one workflow", maxStatementBytes), "split the domain")
	}
}

// jobGrants are what the role of a job needs, table by table. Lake Formation wants
// ALTER and the location of who commits to an Iceberg table.
func (p *planner) jobGrants(d DomainPlan, job *JobPlan, keys *KeysPlan) []lf.Grant {
	var grants []lf.Grant
	give := func(r lf.Resource, permissions ...lf.Permission) {
		grants = append(grants, lf.Grant{Principal: job.RoleARN, Resource: r, Permissions: permissions})
	}
	on := func(table []lf.Grant) {
		for _, g := range table {
			give(g.Resource, g.Permissions...)
		}
	}
	for _, s := range job.Statements {
		give(lf.Database(s.Database), lf.Describe)
		if keys != nil && s.Database == keys.Database {
			on(lf.ReadTable(s.Database, s.Table))
			give(lf.Table(s.Database, s.Table), lf.Describe, lf.Insert, lf.Alter)
			give(lf.Location(keys.Location), lf.DataLocationAccess)
			continue
		}
		for _, source := range s.Reads {
			database, table, _ := strings.Cut(source, ".")
			give(lf.Database(database), lf.Describe)
			on(lf.ReadTable(database, table))
		}
		on(lf.WriteTable(s.Database, s.Table))
		for _, l := range d.Locations {
			if !l.ReadOnly && s3uri.Parse(l.ARN).Contains(s3uri.Parse(s.Location)) {
				give(lf.Location(l.ARN), lf.DataLocationAccess)
			}
		}
	}
	return grants
}

// unmade notes why a statement could not be made.
func (p *planner) unmade(path string, err error) {
	for _, found := range problem.Of(err) {
		found.Path = path
		p.statements.Add(found)
	}
}
