package mesh

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/deidentify"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
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

const (
	keysWord     = "keys"
	keysLocation = "keys/"
	// Every week, also when nothing has changed: people grow older, and turn 90.
	deidentifySchedule = "cron(15 3 ? * SUN *)"
)

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
		Location: s3Scheme + out.Bucket + "/" + keysLocation,
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

// keyAssociations tag the database of keys: what it holds is phi, and it belongs to
// no domain and no product, so that no policy of tags which names one reaches it.
func (p *planner) keyAssociations(d DomainPlan) []lf.TagAssociation {
	if d.Deidentify == nil || d.Deidentify.Keys == nil {
		return nil
	}
	return []lf.TagAssociation{{
		Resource: lf.Database(d.Deidentify.Keys.Database),
		Tags:     p.tagSet(map[string]string{ontology.FacetSensitivity: string(ontology.PHI)}),
	}}
}

// deidentifyGrants are what the role of the job needs.
func (p *planner) deidentifyGrants(d DomainPlan) []lf.Grant {
	if d.Deidentify == nil {
		return nil
	}
	return p.jobGrants(d, &d.Deidentify.JobPlan, d.Deidentify.Keys)
}
