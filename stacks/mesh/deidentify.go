package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// DeidentifyPlan is the job that fills the tables of a domain that say what they are
// de-identified from. It is one job, so that never two make a key at a time, and the
// only one whose role reads keys. The statement that makes the key reads nothing.
type DeidentifyPlan struct {
	JobPlan
	Keys *KeysPlan
}

// KeysPlan is where a domain's key for codes and date shifts is kept: a database and
// a bucket of their own, in reach of no tag policy and of no path of the lake. The
// database has no tag of the domain or of a product.
type KeysPlan struct {
	KeyID  string // the name of the domain's key: all of its products share their codes
	Bucket string
	// Location is the bucket's ARN, as it is registered.
	Location string
	Database string
	Table    TablePlan
}

// deidentify plans the job of a domain whose tables are planned; nil without tables
// that are made from others.
func (p *planner) deidentify(d DomainPlan, n names) *DeidentifyPlan {
	out := &DeidentifyPlan{JobPlan: JobPlan{Role: n.role(d.Name, "deidentify"), WorkGroup: n.jobWorkGroup(d.Name, "deidentify"), Schedule: deidentifySchedule}}
	out.RoleARN = n.roleARN(out.Role)
	keys := newKeysPlan(d, n)
	for _, target := range d.Tables {
		if target.Table.Deidentify == nil {
			continue
		}
		statement, needsKey := p.merge(d, target, keys)
		out.Statements = append(out.Statements, statement)
		if needsKey {
			out.Keys = keys
		}
	}
	if len(out.Statements) == 0 {
		return nil
	}
	p.fits(d.Name, "de-identification", maxStatements-1, out.Statements) // one makes the key
	if out.Keys != nil {
		sql, err := deidentify.CreateKey(deidentify.Options{KeyDatabase: keys.Database, KeyID: keys.KeyID})
		p.unmade(at("domains", p.index(d.Name), "products"), err)
		create := StatementPlan{Database: keys.Database, Table: keys.Table.Table.Name, Location: keys.Table.Location, SQL: sql}
		out.Statements = slices.Insert(out.Statements, 0, create)
	}
	return out
}

func newKeysPlan(d DomainPlan, n names) *KeysPlan {
	out := &KeysPlan{KeyID: d.Name, Bucket: n.bucket(d.Name, keysWord), Database: n.database(d.Name, keysWord)}
	out.Location = n.s3ARN(out.Bucket)
	out.Table = TablePlan{
		Database: out.Database,
		Location: s3uri.Parse(out.Bucket + "/" + keysLocation).URI(),
		Table:    deidentify.KeyTable(),
	}
	return out
}

// merge is the statement that fills a table; what is wrong with it is noted.
func (p *planner) merge(d DomainPlan, target TablePlan, keys *KeysPlan) (statement StatementPlan, needsKey bool) {
	path := at("domains", p.index(d.Name), "products")
	product, table, _ := strings.Cut(target.Table.Deidentify.From, ".")
	i := slices.IndexFunc(d.Tables, func(t TablePlan) bool { return t.Product == product && t.Table.Name == table })
	source := d.Tables[i] // validated
	made, err := deidentify.New(&source.Table, &target.Table)
	if err != nil {
		p.unmade(path, err)
		return StatementPlan{}, false
	}
	sql, err := made.Merge(deidentify.Options{
		SourceDatabase: source.Database, TargetDatabase: target.Database, KeyDatabase: keys.Database, KeyID: keys.KeyID,
	})
	p.unmade(path, err)
	return StatementPlan{
		Reads: []string{source.Database + "." + source.Table.Name}, Database: target.Database, Table: target.Table.Name,
		Location: target.Location, SQL: sql,
	}, made.NeedsKey()
}

// deidentifyGrants are what the role of the job needs.
func (p *planner) deidentifyGrants(d DomainPlan) []lf.Grant {
	if d.Deidentify == nil {
		return nil
	}
	return p.jobGrants(d, &d.Deidentify.JobPlan, d.Deidentify.Keys)
}

// deidentified checks a table that says what it is made from: that its source is
// in its domain, that its product is declared no more than deidentified, and that
// no identifier comes along.
func (c *checker) deidentified(p product, i int) {
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
	source, known := c.tableOf(p, t.Deidentify.From)
	switch {
	case source == nil && known && t.Deidentify.From != "": // what is empty has been reported
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, which the domain %s does not have", t.Deidentify.From, c.d.Domains[p.domain].Name),
			"a table of a product of the same domain, as product.table", "correct it; what holds identifiers is made harmless in its own domain")
	case source != nil && source.View != nil:
		c.inContract(p, t.Path+".deidentify", fmt.Sprintf("from: %q, a view", t.Deidentify.From), "a table", viewFix)
	case source != nil:
		for _, found := range problem.Of(deidentify.Check(source, &t)) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
	}
}

// tableOf finds a table of the same domain by product.table. Nothing is
// known of it where contracts of the domain could not be read.
func (c *checker) tableOf(p product, from string) (source *contract.Table, known bool) {
	name, table, _ := strings.Cut(from, ".")
	for _, k := range c.d.Domains[p.domain].Contracts {
		if k != nil && k.Name == name {
			return k.Resolve().Table(table), true
		}
	}
	return nil, !c.d.source.isPartial(p.domain)
}
