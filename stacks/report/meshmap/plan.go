package meshmap

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/origin"
)

// FromPlan is the map of a planned mesh: its domains are the groups.
func FromPlan(plan *mesh.Plan) *Map {
	p := &planMap{builder: newBuilder(), plan: plan}
	for i := range plan.Domains {
		p.domain(&plan.Domains[i])
	}
	for i := range plan.FhirStores {
		p.fhirStore(&plan.FhirStores[i])
	}
	made := origin.FromPlan(plan)
	for i := range made.Tables {
		p.outside(&made.Tables[i])
	}
	p.origins(made)
	for _, c := range plan.Consumers {
		for _, s := range c.Subscriptions {
			p.subscription(s, false)
		}
	}
	for _, s := range plan.Expired {
		p.subscription(s, true)
	}
	return p.done()
}

// planMap collects the map of a plan. Keys of nodes begin with their kind, so that no two
// things have the same.
type planMap struct {
	*builder

	plan *mesh.Plan
}

func productKey(domain, product string) string { return "product " + domain + "." + product }
func storeKey(kind Kind, domain string) string { return string(kind) + " " + domain }
func jobKey(name string) string                { return "job " + name }
func readerKey(domain, name string) string     { return "reader " + domain + " " + name }

func (p *planMap) domain(d *mesh.DomainPlan) {
	g := Group{Kind: "domain", Name: d.Name, Account: d.Environment.Account, Region: d.Environment.Region}
	for _, f := range []Fact{{"Team", d.Owner}, {"What it does", d.Description}} {
		if f.Text != "" {
			g.Facts = append(g.Facts, f)
		}
	}
	for _, c := range d.Crawlers {
		g.Facts = append(g.Facts, Fact{"Crawler", "finds tables of files in " + string(c.Zone) + "/" + c.Path})
	}
	p.group(d.Name, g)
	for i := range d.Products {
		p.product(d, &d.Products[i])
	}
	if d.ImageStore != nil {
		p.node(storeKey(ImageStore, d.Name), d.Name, Node{Kind: ImageStore, Name: d.ImageStore.DatastoreName}).
			fact("DICOM studies arrive in", "raw/"+d.ImageStore.Landing)
	}
	if d.Variants != nil {
		n := p.node(storeKey(Variants, d.Name), d.Name, Node{Kind: Variants, Name: d.Variants.Name})
		n.fact("VCF files arrive in", "raw/"+d.Variants.Landing)
		n.fact("Runs", d.Variants.Schedule+" on "+d.Variants.Engine)
	}
	if d.Omics != nil {
		for _, name := range []string{d.Omics.ReferenceStore, d.Omics.SequenceStore} {
			if name != "" {
				p.node("omics "+d.Name+" "+name, d.Name, Node{Kind: Omics, Name: name})
			}
		}
	}
}

// product adds a product with its jobs. One in parts has several plans.
func (p *planMap) product(d *mesh.DomainPlan, plan *mesh.ProductPlan) {
	for _, t := range plan.Tables {
		c := t.Contract
		n := p.node(productKey(d.Name, t.Product), d.Name, Node{
			Kind: Product, Name: t.Product, Level: string(c.Level()), Product: d.Name + "." + t.Product,
		})
		if len(n.Facts) == 0 {
			n.fact("Purpose", c.Description)
			n.fact("Owner", c.Owner)
			n.fact("Version", strings.TrimSuffix(c.Version+", "+c.Status, ", "))
			n.fact("Zone", string(t.Zone))
		}
		n.fact("Table", t.Database+"."+t.Table.Name)
	}
	for _, job := range []struct {
		what string
		plan *mesh.JobPlan
	}{{"refreshes", plan.Materialization}, {"de-identifies", plan.Deidentify}} {
		if job.plan == nil {
			continue
		}
		n := p.node(jobKey(job.plan.StateMachine), d.Name, Node{Kind: Job, Name: plan.Name + " " + jobWords[job.what]})
		n.fact("State machine", job.plan.StateMachine)
		n.fact("Runs", origin.When(job.plan.Schedule))
		n.fact("Runs as", job.plan.Role)
		p.edge(jobKey(job.plan.StateMachine), productKey(d.Name, plan.Name), Edge{
			Relation: Makes, Text: fmt.Sprintf("The job %s %s %s.%s %s.", job.plan.StateMachine, job.what, d.Name, plan.Name, origin.When(job.plan.Schedule)),
		})
	}
}

// jobWords name a job by what it does.
var jobWords = map[string]string{"refreshes": "refresh", "de-identifies": "de-identification"}

func (p *planMap) fhirStore(s *mesh.FhirStorePlan) {
	n := p.node(storeKey(FhirStore, s.Domain), s.Domain, Node{Kind: FhirStore, Name: s.DatastoreName})
	n.fact("Resources arrive in", "raw/"+s.Landing)
	n.fact("Queries name", s.Database)
	n.fact("Requests prove who sends them by", s.Authorization)
	jobs := p.jobRoles(s.Domain)
	for _, r := range s.Readers {
		if jobs[r.Identifier] { // told by what its job reads
			continue
		}
		p.reader(s.Domain, r)
		p.edge(storeKey(FhirStore, s.Domain), readerKey(s.Domain, r.Name), Edge{
			Relation: Reads, Text: fmt.Sprintf("%s reads the FHIR store of %s.", r.Name, s.Domain),
		})
	}
}

// jobRoles are the ARNs of the roles of a domain's jobs.
func (p *planMap) jobRoles(domain string) map[string]bool {
	out := map[string]bool{}
	d, _ := p.plan.Domain(domain)
	for i := range d.Products {
		for _, job := range []*mesh.JobPlan{d.Products[i].Materialization, d.Products[i].Deidentify} {
			if job != nil {
				out[job.RoleARN] = true
			}
		}
	}
	return out
}

func (p *planMap) reader(domain string, principal mesh.PrincipalPlan) {
	n := p.node(readerKey(domain, principal.Name), domain, Node{Kind: Reader, Name: principal.Name})
	if len(n.Facts) == 0 {
		n.fact("Principal", principal.Identifier)
	}
}

// outside adds the place of a table whose files stand outside the lake.
func (p *planMap) outside(t *origin.Table) {
	if t.Kind != origin.Outside {
		return
	}
	place := t.Files
	if l, ok := s3uri.FromURI(t.Files); ok {
		place = l.Bucket
	}
	key := "outside " + t.Domain + " " + place
	p.node(key, t.Domain, Node{Kind: Outside, Name: place}).fact("Files", t.Files)
	p.edge(key, productKey(t.Domain, t.Product), Edge{Relation: Makes, Text: fmt.Sprintf("Tables of %s.%s are files of %s.", t.Domain, t.Product, place)})
}

// read is what one product is made of in another.
type read struct {
	from, to string // keys
	source   string // in words
	by       string
	relation Relation
}

// origins adds what jobs and views read, and what stores fill.
func (p *planMap) origins(made *origin.Mesh) {
	tables := map[read][]string{}
	purposes := map[read]origin.Read{}
	for i := range made.Tables {
		t := &made.Tables[i]
		to, by := productKey(t.Domain, t.Product), t.Domain+"."+t.Product
		if t.Job != "" {
			to, by = jobKey(t.Job), "The job "+t.Job
		}
		switch t.Kind {
		case origin.Images:
			p.edge(storeKey(ImageStore, t.Domain), to, Edge{Relation: Makes, Text: fmt.Sprintf("The image store of %s fills %s.", t.Domain, by)})
		case origin.Variants:
			p.edge(storeKey(Variants, t.Domain), to, Edge{Relation: Makes, Text: fmt.Sprintf("VCF files that arrive at %s fill %s.", t.Domain, by)})
		default:
		}
		for _, r := range t.Reads {
			from, source := productKey(r.Domain, r.Product), r.Domain+"."+r.Product
			if known, found := made.Find(r.Name); found && known.Kind == origin.FhirStore {
				from, source = storeKey(FhirStore, r.Domain), "the FHIR store of "+r.Domain
			}
			key := read{from, to, source, by, Reads}
			if r.Domain != t.Domain {
				key.relation = Subscribes
			}
			if !slices.Contains(tables[key], r.Table) {
				tables[key] = append(tables[key], r.Table)
			}
			purposes[key] = r
		}
	}
	for key, names := range tables {
		text := fmt.Sprintf("%s reads %s: %s.", key.by, key.source, strings.Join(names, ", "))
		r := purposes[key]
		if r.Purpose != "" {
			text += " Subscribed: " + r.Purpose + "."
		}
		p.edge(key.from, key.to, Edge{Relation: key.relation, Text: text, Until: r.Expires})
	}
}

// subscription adds what principals read. What jobs read is told by the tables that they make.
func (p *planMap) subscription(s mesh.SubscriptionPlan, ended bool) {
	for _, principal := range s.Principals {
		if principal.Name == mesh.JobPrincipal(s.Consumer) && len(s.Jobs) > 0 {
			continue
		}
		p.reader(s.Consumer, principal)
		text := fmt.Sprintf("%s of %s reads %s.%s", principal.Name, s.Consumer, s.Producer, s.Product)
		var levels []string
		for _, l := range s.Sensitivity {
			levels = append(levels, string(l))
		}
		text += ", levels " + strings.Join(levels, ", ")
		if !s.Rows.IsZero() {
			text += ", rows where " + s.Rows.Text()
		}
		text += ". " + s.Purpose + "."
		p.edge(productKey(s.Producer, s.Product), readerKey(s.Consumer, principal.Name), Edge{Relation: Subscribes, Text: text, Until: s.Expires, Ended: ended})
	}
}
