package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/deidentify"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// DeidentifyPlan is the job that fills the tables of a domain that say what they are
// made from. It is one job, so that never two make a key at a time.
type DeidentifyPlan struct {
	Role       string // name of the job's role, the only one that reads keys
	RoleARN    string
	Schedule   string // six-field cron in UTC
	Keys       *KeysPlan
	Statements []DeidentifyStatement // in the order in which they run
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

// DeidentifyStatement is one statement of the job.
type DeidentifyStatement struct {
	Source   string `json:",omitempty"` // database.table that it reads beside the key; "" for the one that makes the key
	Database string // of the table that it writes
	Table    string
	Location string // of that table's files; an s3:// URI that ends in "/"
	SQL      string
}

const (
	keysWord     = "keys"
	keysLocation = "keys/"
	// Every week, also when nothing has changed: people grow older, and turn 90.
	deidentifySchedule = "cron(15 3 ? * SUN *)"
	// What the job takes (query.JobProps).
	maxDeidentifyTables    = 19
	maxDeidentifyStatement = 260_000
)

// deidentify plans the job of a domain whose tables are planned; nil without tables
// that are made from others.
func (p *planner) deidentify(d DomainPlan, n names) *DeidentifyPlan {
	out := &DeidentifyPlan{Role: n.role(d.Name, "deidentify"), Schedule: deidentifySchedule}
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
	if n := len(out.Statements); n > maxDeidentifyTables {
		p.statements.Addf(at("domains", p.index(d.Name), "products"), fmt.Sprintf("%d tables made by de-identification", n),
			fmt.Sprintf("at most %d in a domain, as one job makes them all", maxDeidentifyTables), "split the domain")
	}
	if out.Keys != nil {
		sql, err := deidentify.CreateKey(deidentify.Options{KeyDatabase: keys.Database, KeyID: keys.KeyID})
		p.unmade(at("domains", p.index(d.Name), "products"), err)
		create := DeidentifyStatement{Database: keys.Database, Table: keys.Table.Table.Name, Location: keys.Table.Location, SQL: sql}
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
func (p *planner) merge(d DomainPlan, target TablePlan, keys *KeysPlan) (statement DeidentifyStatement, needsKey bool) {
	path := at("domains", p.index(d.Name), "products")
	product, table, _ := strings.Cut(target.Table.Deidentify.From, ".")
	i := slices.IndexFunc(d.Tables, func(t TablePlan) bool { return t.Product == product && t.Table.Name == table })
	source := d.Tables[i] // validated
	made, err := deidentify.New(&source.Table, &target.Table)
	if err != nil {
		p.unmade(path, err)
		return DeidentifyStatement{}, false
	}
	sql, err := made.Merge(deidentify.Options{
		SourceDatabase: source.Database, TargetDatabase: target.Database, KeyDatabase: keys.Database, KeyID: keys.KeyID,
	})
	p.unmade(path, err)
	if len(sql) > maxDeidentifyStatement {
		p.statements.Addf(path, fmt.Sprintf("a statement of %d bytes for %s.%s", len(sql), target.Product, target.Table.Name),
			fmt.Sprintf("at most %d, which is what a workflow takes", maxDeidentifyStatement), "split the table, or leave columns out")
	}
	return DeidentifyStatement{
		Source: source.Database + "." + source.Table.Name, Database: target.Database, Table: target.Table.Name,
		Location: target.Location, SQL: sql,
	}, made.NeedsKey()
}

// unmade notes why a statement could not be made.
func (p *planner) unmade(path string, err error) {
	for _, found := range problem.Of(err) {
		found.Path = path
		p.statements.Add(found)
	}
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

// deidentifyGrants are what the role of the job needs, table by table. Lake Formation
// wants ALTER and the location of who commits to an Iceberg table.
func (p *planner) deidentifyGrants(d DomainPlan) []lf.Grant {
	job := d.Deidentify
	if job == nil {
		return nil
	}
	var grants []lf.Grant
	give := func(r lf.Resource, permissions ...lf.Permission) {
		grants = append(grants, lf.Grant{Principal: job.RoleARN, Resource: r, Permissions: permissions})
	}
	for _, s := range job.Statements {
		give(lf.Database(s.Database), lf.Describe)
		if s.Source == "" {
			give(lf.Table(s.Database, s.Table), lf.Describe, lf.Select, lf.Insert, lf.Alter)
			give(lf.Location(job.Keys.Location), lf.DataLocationAccess)
			continue
		}
		database, table, _ := strings.Cut(s.Source, ".")
		give(lf.Database(database), lf.Describe)
		give(lf.Table(database, table), lf.Describe, lf.Select)
		give(lf.Table(s.Database, s.Table), lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter)
		for _, l := range d.Locations {
			if !l.ReadOnly && strings.HasPrefix(s.Location, s3Scheme+l.bucket()+"/") {
				give(lf.Location(l.ARN), lf.DataLocationAccess)
			}
		}
	}
	return grants
}

// bucket is the name of the bucket of a location that is one whole.
func (l LocationPlan) bucket() string { return l.ARN[strings.LastIndex(l.ARN, ":")+1:] }
