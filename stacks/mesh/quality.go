package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/quality/measure"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Quality is about the product quality of a domain, which has the results of the quality rules
// of its products where any contract has rules. Package quality/measure has its contract; a
// contract of that name which the domain lists stands in its place.
type Quality struct {
	Tags map[string]string `yaml:"tags" strict:"nonempty"` // values of the ontology's keys that the product has, as lfTags of a contract
}

// EvaluatorPlan is what the evaluations of a domain share.
type EvaluatorPlan struct {
	Role               string        // name of the role that they run as
	RoleARN            string        // ARN of Role
	WorkGroup          string        // where rules are measured
	StateMachinePrefix string        // begins the names of all that the role looks at
	Database           string        // of the table quality_results
	Zone               ontology.Zone // that it stands in
	Location           string        // of that table's files; an s3:// URI that ends in "/"
}

// QualityPlan evaluates the quality rules of a product.
type QualityPlan struct {
	StateMachine    string   // its name
	StateMachineARN string   // what starts it, and what jobs look at that read the product
	Metric          string   // what the product is called in CloudWatch
	Schedules       []string // six-field crons in UTC: one for each job of the product, else one
	After           []string `json:",omitempty"` // ARNs of the state machines of the product's jobs, sorted
	Inserts         []string // the statements that measure rules and insert results
	Summary         string   // the query that sums results up
	Rules           int      // how many are measured
	Stops           bool     `json:",omitempty"` // a rule is of severity error: jobs that read the product come after this
	Text            []string `json:",omitempty"` // the places of rules of type text, which nobody measures
}

const (
	evaluation = "quality" // the last word of what belongs to an evaluation

	// A product is evaluated two minutes after each of its jobs begins: it waits for the job,
	// and whoever reads the product begins later. Products that somebody else fills are
	// evaluated before the first job, spread over half an hour.
	evaluateLater   = 2 // minutes
	evaluationSlots = 7
)

var evaluateAt = nightly{0, 15, "* * ? *"}

// resultsContract is the contract of results, one for all domains.
var resultsContract = sync.OnceValue(measure.ResultsContract)

// withResults are the contracts of a domain with that of its quality results, where any of its
// contracts has rules that are measured and it lists none of that name.
func (d Domain) withResults() []*contract.Contract {
	listed := slices.ContainsFunc(d.Contracts, func(k *contract.Contract) bool { return k != nil && k.Name == measure.ResultsProduct })
	if listed || !slices.ContainsFunc(d.Contracts, func(k *contract.Contract) bool { return k != nil && measure.HasRules(k) }) {
		return d.Contracts
	}
	results := *resultsContract()
	if d.Quality != nil {
		for _, key := range slices.Sorted(maps.Keys(d.Quality.Tags)) {
			results.LFTags = append(results.LFTags, contract.LFTag{Key: key, Value: d.Quality.Tags[key]})
		}
	}
	return append(slices.Clip(d.Contracts), &results)
}

// planQuality plans the evaluation of a product, whose jobs are planned; nil without rules that
// are measured.
func (p *jobPlanner) planQuality(stack *ProductPlan) *QualityPlan {
	product := measure.Product{Name: stack.Name, Results: p.names.Database(p.domain, ontology.Curated)}
	var text []string
	for i := range p.tables {
		t := &p.tables[i]
		if t.Product != stack.Name {
			continue
		}
		measured := measure.Of(&t.Table)
		text = append(text, measured.Text...)
		if len(measured.Rules) > 0 {
			product.Tables = append(product.Tables, measure.Measured{Database: t.Database, Table: measured})
		}
	}
	if len(product.Tables) == 0 {
		return nil
	}
	n := p.names
	out := &QualityPlan{
		StateMachine: naming.Shorten(n.ProductJob(p.domain, stack.Name, evaluation), maxStateMachine),
		Metric:       naming.Shorten(n.Product(p.domain, stack.Name), maxStateMachine),
		Inserts:      product.Inserts(), Summary: product.Summary(), Rules: product.Rules(), Stops: product.HasErrors(), Text: text,
	}
	out.StateMachineARN = n.StateMachineARN(out.StateMachine)
	for _, kind := range []jobKind{p.retention, p.refresh, p.deidentify} {
		if job := kind.jobs[stack.Name]; job != nil {
			out.After = append(out.After, job.StateMachineARN)
			at := kind.at
			at.minute += evaluateLater
			out.Schedules = append(out.Schedules, at.later(kind.depth[job]))
		}
	}
	slices.Sort(out.After)
	if len(out.Schedules) == 0 {
		slot := 0
		for _, r := range stack.Name {
			slot += int(r)
		}
		out.Schedules = []string{evaluateAt.later(slot % evaluationSlots)}
	}
	p.limitQuality(stack.Name, out)
	return out
}

// limitQuality notes more rules than one evaluation takes.
func (l *lake) limitQuality(product string, plan *QualityPlan) {
	sum := 0
	for _, sql := range plan.Inserts {
		sum += len(sql)
	}
	if n := len(plan.Inserts); n >= contract.MaxStatements || sum > maxStatementBytes {
		l.problems.Addf(l.path, fmt.Sprintf("%d quality rules of the product %s, measured by %d statements of %d bytes", plan.Rules, product, n, sum),
			fmt.Sprintf("at most %d statements of %d bytes, as they stand in one workflow", contract.MaxStatements-1, maxStatementBytes), "split the product")
	}
}

// stopper is the ARN of what evaluates a product of the domain, if its rules stop those who
// read the product.
func (p *jobPlanner) stopper(product string) []string {
	if plan := p.quality[product]; plan != nil && plan.Stops {
		return []string{plan.StateMachineARN}
	}
	return nil
}

// planEvaluator plans what the evaluations of a domain share; nil without any.
func (l *lake) planEvaluator(products []ProductPlan) *EvaluatorPlan {
	i := indexOf(l.tables, measure.ResultsProduct, measure.ResultsTable)
	if i < 0 || !slices.ContainsFunc(products, func(p ProductPlan) bool { return p.Quality != nil }) {
		return nil
	}
	n, t := l.names, l.tables[i]
	out := &EvaluatorPlan{
		Role: n.EvaluatorRole(l.domain), WorkGroup: naming.Shorten(n.JobWorkGroup(l.domain, evaluation), maxWorkGroup),
		StateMachinePrefix: n.WorkGroup(l.domain) + "-", Database: t.Database, Zone: t.Zone, Location: t.Location,
	}
	out.RoleARN = n.RoleARN(out.Role)
	return out
}

// grants are what the role of evaluations needs: to read the tables that have rules, and to
// write the results.
func (e *EvaluatorPlan) grants(l *lake, products []ProductPlan) []lf.Grant {
	if e == nil {
		return nil
	}
	out := append([]lf.Grant{lf.DescribeDatabase(e.Database)}, lf.WriteTable(e.Database, measure.ResultsTable)...)
	for i := range l.tables {
		t := &l.tables[i]
		if slices.ContainsFunc(products, func(p ProductPlan) bool { return p.Name == t.Product && p.Quality != nil }) && len(measure.Of(&t.Table).Rules) > 0 {
			out = append(out, lf.DescribeDatabase(t.Database))
			out = append(out, lf.ReadTable(t.Database, t.Table.Name)...)
		}
	}
	return append(lf.GrantTo(e.RoleARN, out...), l.writeLocation(e.RoleARN, e.Location)...)
}

// checkResults checks a contract that stands in the place of the library's, where a domain has
// rules that are measured.
func (c *findings) checkResults(domain int, own products, given *Quality) {
	i := slices.IndexFunc(own, func(p product) bool { return p.contract.Name == measure.ResultsProduct })
	if given != nil && (i < 0 || own[i].contract.File != measure.ResultsFile) && !c.source.isPartial(domain) {
		c.addf(at("domains", domain, "quality"), "tags of the results of quality rules", "a domain with quality rules that are measured, and no contract of its own for the results", "leave it out, or write them as lfTags of the contract")
	}
	if i < 0 || own[i].contract.File == measure.ResultsFile || !slices.ContainsFunc(own, func(p product) bool { return measure.HasRules(p.contract) }) {
		return
	}
	p := own[i]
	const fix = "take the table from measure.ResultsText(), or give the product another name"
	if zone := p.contract.Zone.OrDefault(); zone != ontology.Curated {
		c.inContract(p, "customProperties", "the zone "+string(zone), string(ontology.Curated)+", where results of quality rules are written", "set the zone to "+string(ontology.Curated))
	}
	if p.contract.Parts > 1 {
		c.inContract(p, "customProperties", "parts", "a product in one stack, which evaluations wait for", "leave parts out")
	}
	want := resultsContract().Tables[0]
	got := p.contract.Resolve().Table(want.Name)
	switch {
	case got == nil:
		c.inContract(p, "schema", fmt.Sprintf("no table %q", want.Name), "the table that the results of the domain's quality rules are written to", fix)
		return
	case got.Format != contract.FormatIceberg || got.Location != "" || got.TransformLogic != "" || got.Deidentify != nil:
		c.inContract(p, tablePath(*got, 0), fmt.Sprintf("the table %q, made otherwise", want.Name), "an Iceberg table of the lake that evaluations alone write", fix)
	}
	for _, column := range want.Columns {
		has := got.Column(column.Name)
		if has == nil || has.Type != column.Type {
			c.inContract(p, tablePath(*got, 0), fmt.Sprintf("no column %q of type %s", column.Name, column.Type), "every column of quality results", fix)
		}
	}
}

// noteNotMeasured finds quality rules that are not measured, and those that ask for a time of
// their own.
func (c *findings) noteNotMeasured(p product) {
	for i := range p.contract.Tables {
		t := &p.contract.Tables[i]
		for _, found := range measure.Of(t).NotMeasured {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
		for j, q := range t.Quality {
			if q.Schedule != "" {
				path := cmp.Or(q.Path, tablePath(*t, i)+".quality"+at(j))
				c.inContract(p, path+".schedule", quote(q.Schedule), "no schedule: rules are evaluated after the jobs of their product, else every night", "leave it out")
			}
		}
	}
}
