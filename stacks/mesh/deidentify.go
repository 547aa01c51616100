package mesh

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/deidentify"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// KeysPlan is where a domain's key for codes and date shifts is kept: a database and
// a bucket of their own, in reach of no tag policy and of no path of the lake. The
// database has no tag of the domain or of a product.
type KeysPlan struct {
	KeyID  string // the name of the domain's key: all of its products share their codes
	Bucket string // name of the bucket
	// Location is the bucket's ARN, as it is registered.
	Location string
	Database string    // name of the Glue database
	Table    TablePlan // the table with the key

	// Job makes the key once, and is the only one that writes the table. It is one for the
	// domain, so that never two make a key at a time; the jobs of products that need the
	// key come after it, and read it.
	Job *JobPlan
}

const deidentification = "deidentify" // the last word of what belongs to the job

// deidentifyAt is every week, also when nothing has changed: people grow older, and turn 90.
// The job that makes the key runs five minutes before.
var (
	deidentifyAt = nightly{3, 15, "? * SUN *"}
	makeKeyAt    = nightly{3, 10, "? * SUN *"}
)

// keyJob is the last word of what belongs to the job that makes the key.
const keyJob = "deid-key"

// newKeys plans the key of the domain, whether or not a product needs one.
func (l *lake) newKeys() *KeysPlan {
	n := l.names
	out := &KeysPlan{KeyID: l.domain, Bucket: n.Bucket(l.domain, naming.Keys), Database: n.Database(l.domain, naming.Keys)}
	out.Location = n.S3ARN(out.Bucket)
	out.Table = TablePlan{
		Database: out.Database,
		Location: s3uri.Parse(out.Bucket + "/keys/").URI(),
		Table:    deidentify.KeyTable(),
	}
	sql, err := deidentify.CreateKey(deidentify.Options{KeyDatabase: out.Database, KeyID: out.KeyID})
	l.refuse(err)
	out.Job = newJob(n, n.Role(l.domain, keyJob), n.JobWorkGroup(l.domain, keyJob), makeKeyAt.later(0))
	out.Job.Statements = []StatementPlan{{Database: out.Database, Table: out.Table.Table.Name, Location: out.Table.Location, SQL: sql}}
	return out
}

// deidentifyTable is the statement that fills a table; what is wrong with it is noted.
func (l *lake) deidentifyTable(target TablePlan, keys *KeysPlan) (statement StatementPlan, needsKey bool) {
	from := target.Table.Deidentify.From
	source := l.tables[indexOf(l.tables, from.Product, from.Table)] // validated
	made, err := deidentify.New(&source.Table, &target.Table)
	if err != nil {
		l.refuse(err)
		return StatementPlan{}, false
	}
	sql, err := made.Merge(deidentify.Options{
		SourceDatabase: source.Database, TargetDatabase: target.Database, KeyDatabase: keys.Database, KeyID: keys.KeyID,
	})
	l.refuse(err)
	return StatementPlan{
		Reads: []string{source.qualified()}, Database: target.Database, Table: target.Table.Name,
		Location: target.Location, SQL: sql,
	}, made.NeedsKey()
}

// associations tag the database of keys: what it holds is phi, and it belongs to no
// domain and no product, so that no policy of tags which names one reaches it.
func (k *KeysPlan) associations(n naming.Names) []lf.TagAssociation {
	if k == nil {
		return nil
	}
	return []lf.TagAssociation{{
		Resource: lf.Database(k.Database),
		Tags:     []lf.Condition{condition(n.Mesh, ontology.TagKeySensitivity, string(ontology.PHI))},
	}}
}

// grants are what the role needs that makes the key: it looks whether there is one.
func (k *KeysPlan) grants() []lf.Grant {
	if k == nil {
		return nil
	}
	return append(k.readGrants(k.Job.RoleARN), lf.GrantTo(k.Job.RoleARN,
		lf.Grant{Resource: lf.Table(k.Database, k.Table.Table.Name), Permissions: []lf.Permission{lf.Describe, lf.Insert, lf.Alter}},
		lf.UseLocation(k.Location),
	)...)
}

// readGrants let the role of a job read the key.
func (k *KeysPlan) readGrants(role string) []lf.Grant {
	return lf.GrantTo(role, append(lf.ReadTable(k.Database, k.Table.Table.Name),
		lf.Grant{Resource: lf.Database(k.Database), Permissions: []lf.Permission{lf.Describe}})...)
}

// checkDeidentified checks a table that says what it is made from: that its source is
// in its domain, that its product is declared no more than deidentified, and that
// no identifier comes along.
func (c *findings) checkDeidentified(p product, i int, own products) {
	if p.contract.Tables[i].Deidentify == nil {
		return
	}
	t := p.contract.Resolve().Tables[i]
	t.Path = tablePath(t, i)
	t.Columns = slices.Clone(t.Columns)
	for j := range t.Columns {
		if t.Columns[j].Path == "" {
			t.Columns[j].Path = t.Path + ".columns" + at(j)
		}
	}
	if l := p.contract.MaxSensitivity(); l.Compare(ontology.Deidentified) > 0 {
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("a table made by de-identification in product %q, which is %s", p.contract.Name, l),
			"a product that is at most "+string(ontology.Deidentified), "declare the product as deidentified, and put what is phi into another one")
	}
	from := t.Deidentify.From
	source, known := c.tableOf(own, p.domain, from.Product, from.Table)
	switch {
	case source == nil && known && from.Name() != "": // what is empty has been reported
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, which the domain %s does not have", from.Name(), p.owner),
			"a table of a product of the same domain, as product.table", "correct it; what holds identifiers is made harmless in its own domain")
	case from.Product == p.contract.Name && from.Table == t.Name:
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, the table itself", from.Name()), "another table", "name the table with the identifiers")
	case source != nil && source.View != nil:
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, a view", from.Name()), "a table", viewFix)
	case source != nil:
		for _, found := range problem.Of(deidentify.Check(source, &t)) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
	}
}
