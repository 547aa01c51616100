package mesh

import (
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// What resources are long in a template, in bytes, never less than they turn out: the text
// of each without its names, as the CDK writes it with the paths of constructs in it, and
// its names as often as they come. A test holds the sums against templates.
const (
	templateShape = 1_300 // parameter and rule of the bootstrap, description, lists

	tableShape    = 950   // of Iceberg without columns, and of other formats with SerDe
	columnShape   = 100   // in the schema
	keyShape      = 130   // of a partition field, and of a sort order
	deployedShape = 60    // of a column in the metadata of a changed table
	viewShape     = 1_100 // without columns and query
	optimizeShape = 2_050 // of three optimizers
	tagsShape     = 640   // of an association without tags
	tagShape      = 95    // of an LF-Tag with its value
	grantShape    = 660   // of a grant without its permissions
	rightShape    = 36    // of a permission, twice where it may be passed on
	filterShape   = 560   // of a data cells filter
	wordShape     = 16    // of a word in a list

	jobShape       = 17_000 // of a job without statements
	statementShape = 2_700  // of a statement in the definition of a machine, and of its table in the policy
	earlierShape   = 1_900  // of a machine that a job looks at
	waitShape      = 60     // of a grant that a job waits for, without its id

	endingShape       = 18_500 // of the workflow that ends access, without what it knows
	endingGrantShape  = 170    // of a grant in its definition, without resource, principal and names
	subscriptionShape = 60     // of a subscription in its definition

	qualityShape = 17_000 // of an evaluation without statements
	attemptShape = 4_000  // of a statement in the definition of its machine

	hashes = 24 // at the end of the logical ids of a resource and of what it waits for
)

// Bytes is how long the template of the product is at most.
func (p *ProductPlan) Bytes() int {
	n := templateShape + 2*len(p.StackName)
	for _, t := range p.Tables {
		n += p.tableBytes(t)
	}
	for _, a := range p.Associations {
		n += p.pathBytes() + associationBytes(a)
	}
	for _, job := range p.jobs() {
		n += jobResources*p.pathBytes() + job.bytes() + len(p.Grants)*(waitShape+len(job.Role))
	}
	if p.Quality != nil {
		n += qualityResources*p.pathBytes() + p.Quality.bytes() + len(p.Grants)*waitShape
	}
	return n + grantsBytes(p.StackName, p.Grants)
}

// bytes is how long an evaluation is in a template at most, without the names of its stack.
func (q *QualityPlan) bytes() int {
	n := qualityShape + 20*(len(q.StateMachine)+len(q.Metric)) + attemptShape + definitionBytes(q.Summary)
	for _, sql := range q.Inserts {
		n += attemptShape + definitionBytes(sql)
	}
	for _, machine := range q.After {
		n += earlierShape + 6*len(machine)
	}
	return n
}

// bytes is how long a job is in a template at most, without the names of its stack.
func (j *JobPlan) bytes() int {
	n := jobShape + 10*(len(j.Role)+len(j.WorkGroup)+len(j.StateMachine))
	for _, s := range j.Statements {
		n += statementShape + 4*len(s.Location) + 4*(len(s.Database)+len(s.Table)) + definitionBytes(s.SQL)
	}
	for _, machine := range j.After {
		n += earlierShape + 6*len(machine)
	}
	return n
}

// definitionBytes is how long a text is in the definition of a state machine, which is JSON
// in a text of JSON.
func definitionBytes(s string) int {
	n := textBytes(s)
	return n + 2*strings.Count(s, `"`) + 2*strings.Count(s, `\`) + strings.Count(s, "\n") + strings.Count(s, "\t")
}

// pathBytes is what the stack's name adds to each resource, whose metadata name its path.
func (p *ProductPlan) pathBytes() int { return len(p.StackName) }

func (p *ProductPlan) tableBytes(t TablePlan) int {
	shown := t.Table
	n := p.pathBytes() + 4*len(shown.Name) + len(t.Database) + len(t.Location) + len(t.Contract.ID) + len(t.Product) + hashes
	if shown.View != nil {
		n += viewShape + textBytes(shown.Description) + (2*textBytes(shown.View.SQL)+len(t.Database))*4/3
	} else {
		n += tableShape
	}
	if t.Deployed != nil {
		shown = *t.Deployed
		for _, c := range t.Table.Columns {
			n += deployedShape + len(c.Name) + len(c.Type)
		}
	}
	last := len(shown.Columns)
	for _, c := range shown.Columns {
		n += columnShape + len(c.Name)
		parsed, err := gluetype.Parse(c.Type)
		switch {
		case shown.View != nil:
			n += len(c.Type) + textBytes(c.Description) + 2*(len(c.Name)+2*len(c.Type)+30)
		case shown.Format == contract.FormatIceberg && err == nil:
			n += textBytes(parsed.IcebergSchema(&last))
		default:
			n += len(c.Type) + textBytes(c.Description)
		}
		if c.Partition > 0 {
			n += keyShape + len(c.Name)
		}
		if c.Projection != nil {
			n += 8*(len(c.Name)+wordShape) + projectionBytes(c)
		}
	}
	if shown.Format != contract.FormatIceberg {
		n += textBytes(shown.Description) + len(t.Contract.Version) + len(t.Contract.Owner) + 2*textBytes(shown.LocationTemplate)
	}
	n += keyShape * len(shown.SortOrder)
	for key, value := range shown.Properties {
		n += wordShape + textBytes(key) + textBytes(value)
	}
	if p.OptimizerARN != "" && t.optimized() {
		n += optimizeShape + 3*(3*len(shown.Name)+len(t.Database)+len(p.OptimizerARN)+2*hashes+p.pathBytes())
	}
	return n
}

func projectionBytes(c contract.Column) int {
	n := 8*wordShape + len(c.Projection.Range) + len(c.Projection.Format)
	for _, value := range c.Projection.Values {
		n += textBytes(value) + 1
	}
	return n
}

func associationBytes(a lf.TagAssociation) int {
	// The target stands in the id, in the path and in the properties, and a target like it
	// in what the association waits for.
	n := tagsShape + 2*hashes + 4*(len(a.Resource.Database)+len(a.Resource.Table)) + 4*wordsBytes(a.Resource.Columns)
	for _, tag := range a.Tags {
		n += tagShape + 2*len(tag.Key) + wordsBytes(tag.Values)
	}
	return n
}

// grantsBytes is how long grants are in the template of a stack at most.
func grantsBytes(stack string, grants []lf.Grant) int {
	n := 0
	for _, g := range grants {
		n += grantShape + len(stack) + 4*len(g.Principal) + rightShape*(len(g.Permissions)+len(g.Grantable)) + resourceBytes(g.Resource)
	}
	return n
}

func resourceBytes(r lf.Resource) int {
	n := len(r.Database) + len(r.Table) + len(r.Filter) + len(r.Location) + wordsBytes(r.Columns) + wordsBytes(r.Excluded)
	for _, condition := range r.Expression {
		n += tagShape + len(condition.Key) + wordsBytes(condition.Values)
	}
	return n
}

// filtersBytes is how long data cells filters are in the template of a stack at most.
func filtersBytes(stack string, filters []lf.DataCellsFilter) int {
	n := 0
	for _, f := range filters {
		n += filterShape + len(stack) + 3*len(f.Database) + 4*len(f.Name) + len(f.Table) + textBytes(f.Rows) + wordsBytes(f.Columns) + wordsBytes(f.Excluded)
	}
	return n
}

// Bytes is how long the template of the shares is at most.
func (s *SharePlan) Bytes() int {
	n := grantsStackBytes(s.StackName, s.Filters, s.Grants) + s.Ending.bytes(s.StackName)
	for _, r := range s.Readiness {
		const arn = 40 // of a role, but its name
		n += readinessShape + len(r.Role) + 2*len(s.StackName) + 6*len(r.Consumer) + wordsBytes(r.StateMachineARNs) + wordsBytes(r.Readers) + arn*len(r.Readers)
	}
	return n
}

// readinessShape is a role and its policy without names.
const readinessShape = 1000

// Bytes is how long the template of the subscriptions is at most.
func (c *ConsumerPlan) Bytes() int {
	return grantsStackBytes(c.StackName, c.Filters, c.Grants) + c.Ending.bytes(c.StackName)
}

// bytes is how long the workflow that ends access is in the template of a stack at most.
func (e *EndingPlan) bytes(stack string) int {
	if e == nil {
		return 0
	}
	n := endingShape + endingResources*len(stack) + 6*(len(e.StateMachine)+len(e.Role))
	for _, s := range e.Subscriptions {
		n += subscriptionShape + 2*textBytes(s.Name) + textBytes(s.Purpose) + textBytes(s.Approver)
	}
	for _, g := range e.Grants {
		n += endingGrantShape + len(g.Principal) + resourceBytes(g.Resource) + wordsBytes(g.Needs) + rightShape*(2*len(g.Permissions)+len(g.Grantable))
	}
	return n
}

// grantsStackBytes is how long the template of a stack of filters and grants is at most.
func grantsStackBytes(stack string, filters []lf.DataCellsFilter, grants []lf.Grant) int {
	return templateShape + filtersBytes(stack, filters) + grantsBytes(stack, grants)
}

func wordsBytes(words []string) int {
	n := 0
	for _, w := range words {
		n += wordShape + len(w)
	}
	return n
}

// textBytes is how long a text is between the quotes of JSON.
func textBytes(s string) int {
	n := len(s) + strings.Count(s, `"`) + strings.Count(s, `\`)
	for _, r := range s {
		if r < ' ' || r == utf8.RuneError {
			n += 5
		}
	}
	return n
}
