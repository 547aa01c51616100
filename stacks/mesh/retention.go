package mesh

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

const retention = "retention" // the last word of what belongs to the job

// retainAt is every night, before the jobs that read what is left.
var retainAt = nightly{0, 30, "* * ? *"}

// ExpirationPlan is a folder whose files are deleted when they are older than promised.
type ExpirationPlan struct {
	Zone   ontology.Zone // whose bucket has the folder
	Folder string        // ends in "/"
	Days   int           // after which S3 expires its objects
}

// retention is how long the rows of the table are kept; nil where nothing is deleted for
// its age, also because a legal hold is on the product.
func (t TablePlan) retention() *contract.Retention {
	if t.Contract.LegalHold != "" {
		return nil
	}
	return t.Table.Retention
}

// planRetention plans the job that deletes rows of the product's Iceberg tables that others
// fill, when they are older than promised; nil without such tables. Rows of tables that are
// made by queries are left out by these.
func (p *jobPlanner) planRetention(product string) *JobPlan {
	var statements []StatementPlan
	for _, t := range p.tables {
		if t.Product != product || t.retention() == nil || t.isMade() || !t.optimized() {
			continue
		}
		statements = append(statements, StatementPlan{Database: t.Database, Table: t.Table.Name, Location: t.Location, SQL: t.Table.DeleteOld(t.Database)})
	}
	if len(statements) == 0 {
		return nil
	}
	return p.newJob(product, p.retention, statements, nil, nil)
}

// expirations are the folders of tables of files, sorted.
func (l *lake) expirations() []ExpirationPlan {
	var out []ExpirationPlan
	for _, t := range l.tables {
		if r := t.retention(); r != nil && r.Column == "" {
			out = append(out, ExpirationPlan{Zone: l.zoneOf(t.Location), Folder: s3uri.Parse(t.Location).Folder(), Days: r.Days()})
		}
	}
	slices.SortFunc(out, func(a, b ExpirationPlan) int {
		return cmp.Or(strings.Compare(string(a.Zone), string(b.Zone)), strings.Compare(a.Folder, b.Folder))
	})
	return out
}

// holds are what the products of a domain with a legal hold are told of, in their order.
func (d *Definition) holds(domain int) []string {
	var out []string
	for _, p := range d.products().of(domain) {
		if p.contract.LegalHold != "" {
			out = append(out, fmt.Sprintf("legal hold on product %s of %s, nothing of it is deleted for its age: %s", p.contract.Name, p.owner, p.contract.LegalHold))
		}
	}
	return out
}
