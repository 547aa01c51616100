package origin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// FromPlan is where the tables of a plan come from.
func FromPlan(p *mesh.Plan) *Mesh {
	r := &reader{plan: p, tables: map[Name]mesh.TablePlan{}, named: map[string]Name{}, other: map[Name]Kind{}}
	for i := range p.Domains {
		d := &p.Domains[i]
		for _, t := range d.Tables() {
			name := Name{d.Name, t.Product, t.Table.Name}
			r.tables[name], r.named[t.Database+"."+t.Table.Name] = t, name
		}
	}
	out := &Mesh{Stage: p.Stage}
	for i := range p.Domains {
		for _, t := range p.Domains[i].Tables() {
			out.Tables = append(out.Tables, r.table(&p.Domains[i], t))
		}
	}
	for name, kind := range r.other {
		out.Tables = append(out.Tables, Table{Name: name, Kind: kind})
	}
	slices.SortFunc(out.Tables, func(a, b Table) int { return compareNames(a.Name, b.Name) })
	return out
}

// reader reads a plan.
type reader struct {
	plan   *mesh.Plan
	tables map[Name]mesh.TablePlan
	named  map[string]Name // by database.table
	other  map[Name]Kind   // what is read and no product has
}

func (r *reader) table(d *mesh.DomainPlan, t mesh.TablePlan) Table {
	out := Table{Name: Name{d.Name, t.Product, t.Table.Name}, Database: t.Database}
	switch {
	case t.Table.Deidentify != nil:
		out.Kind = Deidentified
		r.deidentified(&out, t)
	case r.indexOf(d, t) != nil:
		out.Kind = PersonIndex
		r.personIndex(&out, r.indexOf(d, t))
	case t.Table.TransformLogic != "":
		out.Kind = MadeByQuery
		r.query(&out, t.Table.TransformLogic, t)
	case t.Table.View != nil:
		out.Kind = View
		r.query(&out, t.Table.View.SQL, t)
	case d.Variants != nil && t.Product == schema.Product:
		out.Kind, out.Role = Variants, d.Variants.JobRoleARN
	case d.ImageStore != nil && d.ImageStore.Series != nil && d.ImageStore.Series.Product == t.Product && d.ImageStore.Series.Table == t.Table.Name:
		out.Kind, out.Role = Images, d.ImageStore.Series.RoleARN
	case d.Evaluator != nil && t.Product == measure.ResultsProduct:
		out.Kind, out.Role = Quality, d.Evaluator.RoleARN
	case t.Table.Location != "":
		out.Kind, out.Files = Outside, t.Location
	default:
		out.Kind = Delivered
	}
	if out.Columns == nil {
		for _, c := range t.Table.Columns {
			out.Columns = append(out.Columns, Column{Name: c.Name})
		}
	}
	if job := jobOf(d, out.Name, out.Kind); job != nil {
		out.Job, out.Role, out.Schedule = job.StateMachine, job.RoleARN, job.Schedule
		for _, arn := range job.After {
			out.After = append(out.After, lastPart(arn))
		}
		for _, elsewhere := range job.AfterElsewhere {
			for _, arn := range elsewhere.StateMachineARNs {
				out.After = append(out.After, lastPart(arn))
			}
		}
		slices.Sort(out.After)
	}
	return out
}

// jobOf is the job that makes a table. The jobs of a product in parts stand in one of them.
func jobOf(d *mesh.DomainPlan, name Name, kind Kind) *mesh.JobPlan {
	for _, p := range d.Products {
		switch {
		case p.Name != name.Product:
		case (kind == MadeByQuery || kind == PersonIndex) && p.Materialization != nil:
			return p.Materialization
		case kind == Deidentified && p.Deidentify != nil:
			return p.Deidentify
		}
	}
	return nil
}

func lastPart(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

// query reads what a table is made of from its query.
func (r *reader) query(out *Table, sql string, t mesh.TablePlan) {
	query, err := lineage.Parse(sql)
	if err != nil {
		out.Problems = append(out.Problems, err.Error())
		for _, ref := range t.Table.References() {
			out.Reads = append(out.Reads, r.read(out.Domain, r.meant(out.Domain, t.Database, ref.String()), nil, true))
		}
		return
	}
	meant := func(table string) Name { return r.meant(out.Domain, t.Database, table) }
	reads, problems := query.Resolve(func(table string) ([]string, bool) {
		source, known := r.tables[meant(table)]
		if !known {
			return nil, false
		}
		var columns []string
		for _, c := range source.Table.Columns {
			columns = append(columns, c.Name)
		}
		return columns, true
	})
	for _, p := range problems {
		out.Problems = append(out.Problems, p.Error())
	}
	for _, read := range reads.Tables {
		out.Reads = append(out.Reads, r.read(out.Domain, meant(read.Name), read.Columns, read.Whole))
	}
	slices.SortFunc(out.Reads, func(a, b Read) int { return compareNames(a.Name, b.Name) })
	names := func(refs []lineage.ColumnRef) []ColumnName {
		var list []ColumnName
		for _, ref := range refs {
			list = append(list, ColumnName{meant(ref.Table), ref.Column})
		}
		slices.SortFunc(list, func(a, b ColumnName) int {
			return cmp.Or(compareNames(a.Name, b.Name), cmp.Compare(a.Column, b.Column))
		})
		return list
	}
	for _, c := range t.Table.Columns {
		column := Column{Name: c.Name}
		for _, o := range reads.Output {
			if o.Name == strings.ToLower(c.Name) || o.Name == "*" {
				column.From = append(column.From, names(o.From)...)
			}
		}
		out.Columns = append(out.Columns, column)
	}
	out.Filters = names(reads.Filters)
}

// meant is the table that a query of a domain names, whose plain names are of a database.
func (r *reader) meant(domain, database, name string) Name {
	if inner, reference := strings.CutPrefix(name, "{"); reference {
		ref := contract.ParseReference(strings.TrimSuffix(inner, "}"))
		out := Name{cmp.Or(ref.Domain, domain), ref.Product, ref.Table}
		if ref.OfFhirStore() {
			r.other[out] = FhirStore
		}
		return out
	}
	if known, found := r.named[name]; found {
		return known
	}
	if known, found := r.named[database+"."+name]; found {
		return known
	}
	out := Name{Table: name}
	r.other[out] = Unknown
	return out
}

// read is what a domain reads of a table, with the subscription of its jobs.
func (r *reader) read(domain string, source Name, columns []string, whole bool) Read {
	out := Read{Name: source, Columns: columns, Whole: whole}
	if source.Domain == domain {
		return out
	}
	consumer, _ := r.plan.Consumer(domain)
	for _, s := range consumer.Subscriptions {
		byJobs := len(s.Jobs) > 0 || slices.ContainsFunc(s.Principals, func(p mesh.PrincipalPlan) bool { return p.Name == mesh.JobPrincipal(domain) })
		if byJobs && s.Producer == source.Domain && s.Product == source.Product {
			out.Purpose, out.Expires = s.Purpose, s.Expires
		}
	}
	return out
}

// deidentified reads what a table is made of from how it is de-identified.
func (r *reader) deidentified(out *Table, t mesh.TablePlan) {
	from := t.Table.Deidentify.From
	source := Name{out.Domain, from.Product, from.Table}
	plan, err := deidentify.New(ptr(r.tables[source].Table), ptr(t.Table))
	if err != nil { // a plan has none
		out.Problems = append(out.Problems, err.Error())
		out.Reads = []Read{r.read(out.Domain, source, nil, true)}
		return
	}
	var read []string
	for _, c := range plan.Columns {
		column := Column{Name: c.Name, Method: string(c.Method)}
		for _, path := range c.Sources {
			name, _, _ := strings.Cut(path, ".") // fields are of a column
			column.From = append(column.From, ColumnName{source, name})
			read = append(read, name)
		}
		column.From = slices.Compact(column.From)
		out.Columns = append(out.Columns, column)
	}
	if person := t.Table.Deidentify.Person; person != "" {
		name, _, _ := strings.Cut(person, ".")
		read = append(read, name)
	}
	slices.Sort(read)
	out.Reads = []Read{r.read(out.Domain, source, slices.Compact(read), false)}
}

// indexOf is the definition of the person index that a table is one of; nil for others.
func (r *reader) indexOf(d *mesh.DomainPlan, t mesh.TablePlan) *contract.PersonIndex {
	persons, found := r.tables[Name{d.Name, t.Product, contract.PersonsTable}]
	if !found || persons.Table.PersonIndex == nil {
		return nil
	}
	for _, own := range contract.PersonIndexTables(persons.Table.PersonIndex) {
		if own.Name == t.Table.Name {
			return persons.Table.PersonIndex
		}
	}
	return nil
}

// personIndex enters what a person index compares. Which of it stands behind a column of the
// index is not followed: tokens are random.
func (r *reader) personIndex(out *Table, index *contract.PersonIndex) {
	read := map[Name][]string{}
	for _, s := range index.Sources {
		source := r.meant(out.Domain, out.Database, s.From.String())
		read[source] = append(read[source], s.Record)
		if s.OptedOut != "" {
			read[source] = append(read[source], s.OptedOut)
		}
		for _, a := range s.Attributes {
			read[source] = append(read[source], a.Column)
		}
	}
	for source, columns := range read {
		slices.Sort(columns)
		out.Reads = append(out.Reads, r.read(out.Domain, source, slices.Compact(columns), false))
	}
	slices.SortFunc(out.Reads, func(a, b Read) int { return compareNames(a.Name, b.Name) })
}

func ptr[T any](v T) *T { return &v }
