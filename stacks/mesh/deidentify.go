package mesh

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// DeidentifyPlan is the job that fills the tables of a domain that say what they are
// de-identified from. It is one job, so that never two make a key at a time, and the
// only one whose role reads keys. The statement that makes the key reads nothing.
type DeidentifyPlan struct {
	JobPlan
	Keys *KeysPlan // where the key is kept; nil for a job that needs none
}

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
}

// deidentifySchedule is every week, also when nothing has changed: people grow older, and
// turn 90.
const deidentifySchedule = "cron(15 3 ? * SUN *)"

// deidentify plans the job of a domain whose tables are planned; nil without tables
// that are made from others.
func (l *lake) deidentify() *DeidentifyPlan {
	out := &DeidentifyPlan{JobPlan: l.newJob("deidentify", deidentifySchedule)}
	keys := l.newKeys()
	for _, target := range l.tables {
		if target.Table.Deidentify == nil {
			continue
		}
		statement, needsKey := l.deidentifyTable(target, keys)
		out.Statements = append(out.Statements, statement)
		if needsKey {
			out.Keys = keys
		}
	}
	if len(out.Statements) == 0 {
		return nil
	}
	l.limit("de-identification", contract.MaxStatements-1, out.Statements) // one makes the key
	if out.Keys != nil {
		sql, err := deidentify.CreateKey(deidentify.Options{KeyDatabase: keys.Database, KeyID: keys.KeyID})
		l.refuse(err)
		create := StatementPlan{Database: keys.Database, Table: keys.Table.Table.Name, Location: keys.Table.Location, SQL: sql}
		out.Statements = slices.Insert(out.Statements, 0, create)
	}
	return out
}

func (l *lake) newKeys() *KeysPlan {
	n := l.names
	out := &KeysPlan{KeyID: l.domain, Bucket: n.Bucket(l.domain, naming.Keys), Database: n.Database(l.domain, naming.Keys)}
	out.Location = n.S3ARN(out.Bucket)
	out.Table = TablePlan{
		Database: out.Database,
		Location: s3uri.Parse(out.Bucket + "/keys/").URI(),
		Table:    deidentify.KeyTable(),
	}
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

// admitTo lets the role of the job reach the files of the tables that it writes.
func (d *DeidentifyPlan) admitTo(files *FilesPlan, l *lake) {
	if d != nil {
		d.JobPlan.admitTo(files, l)
	}
}

// associations tag the database of keys: what it holds is phi, and it belongs to no
// domain and no product, so that no policy of tags which names one reaches it.
func (d *DeidentifyPlan) associations(n naming.Names) []lf.TagAssociation {
	if d == nil || d.Keys == nil {
		return nil
	}
	return []lf.TagAssociation{{
		Resource: lf.Database(d.Keys.Database),
		Tags:     []lf.Condition{condition(n.Mesh, ontology.TagKeySensitivity, string(ontology.PHI))},
	}}
}

// grants are what the role of the job needs. It reads the key, and makes it once.
func (d *DeidentifyPlan) grants(l *lake) []lf.Grant {
	if d == nil {
		return nil
	}
	if d.Keys == nil {
		return d.JobPlan.grants(l)
	}
	job := d.JobPlan
	job.Statements = job.Statements[1:] // without the one that makes the key
	database, table := d.Keys.Database, d.Keys.Table.Table.Name
	return append(job.grants(l), lf.GrantTo(d.RoleARN, append(lf.ReadTable(database, table),
		lf.Grant{Resource: lf.Database(database), Permissions: []lf.Permission{lf.Describe}},
		lf.Grant{Resource: lf.Table(database, table), Permissions: []lf.Permission{lf.Describe, lf.Insert, lf.Alter}},
		lf.UseLocation(d.Keys.Location),
	)...)...)
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
	case source != nil && source.View != nil:
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, a view", from.Name()), "a table", viewFix)
	case source != nil:
		for _, found := range problem.Of(deidentify.Check(source, &t)) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
	}
}
