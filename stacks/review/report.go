package review

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Kind is what a finding is about.
type Kind string

// The kinds of findings, as they are sorted.
const (
	Gained    Kind = "gained"     // somebody sees or may do what it did not before
	Rows      Kind = "rows"       // somebody sees more, fewer or other rows of what it sees
	WayAround Kind = "way-around" // somebody reaches files past Lake Formation, or does not any more
	Grantor   Kind = "grantor"    // somebody can give access, or cannot any more
	Guardrail Kind = "guardrail"  // a protection is weaker
	Contract  Kind = "contract"   // a promise to the readers of a table is broken
	Resource  Kind = "resource"   // what holds data is replaced or deleted
	Unknown   Kind = "unknown"    // something cannot be read that could be before, or was not there
	Lost      Kind = "lost"       // somebody no longer sees or may do something
)

// Kinds returns every kind, as they are sorted.
func Kinds() []Kind {
	return []Kind{Gained, Rows, WayAround, Grantor, Guardrail, Contract, Resource, Unknown, Lost}
}

// Severity is how much a finding matters, as SARIF names it.
type Severity string

// The severities, the highest first.
const (
	Error   Severity = "error"   // phi is opened, data or a promise is lost, a protection is weaker
	Warning Severity = "warning" // somebody has to know before this is deployed
	Note    Severity = "note"    // worth saying
)

// Severities returns every severity, the highest first.
func Severities() []Severity { return []Severity{Error, Warning, Note} }

// Report is what a change means, finding by finding.
type Report struct {
	Base     string    `json:"base"`     // what the first revision is called
	Head     string    `json:"head"`     // what the second revision is called
	Findings []Finding `json:"findings"` // sorted by severity, then by kind and by what they are about
}

// Finding is one thing that a change means.
type Finding struct {
	Kind     Kind     `json:"kind"`     // what it is about
	Severity Severity `json:"severity"` // how much it matters
	// Text is a sentence without a full stop. Principals are in it by their short names.
	Text string `json:"text"`
	// Why says what of the change leads to it, and what lets it: grants, tags, policies.
	Why           []string                   `json:"why,omitempty"`
	Principal     string                     `json:"principal,omitempty"`     // as Lake Formation takes it
	Account       string                     `json:"account,omitempty"`       // of the catalog or of the stack
	Region        string                     `json:"region,omitempty"`        // of the catalog or of the stack
	Domain        string                     `json:"domain,omitempty"`        // of the table, by its LF-Tags
	Product       string                     `json:"product,omitempty"`       // of the table, by its LF-Tags
	Table         string                     `json:"table,omitempty"`         // as database.table
	Columns       []Column                   `json:"columns,omitempty"`       // that it is about; none is all
	Permissions   []lakeformation.Permission `json:"permissions,omitempty"`   // that are gained or lost
	Subscriptions []access.Subscription      `json:"subscriptions,omitempty"` // that what is gained or lost is for
	Stack         string                     `json:"stack,omitempty"`         // whose template says it
	Resource      string                     `json:"resource,omitempty"`      // logical id in the template
	Place         Place                      `json:"place,omitzero"`          // where somebody would mend it
}

// Column is a column of a table before and after a change. What is empty was not there, or
// is not there any more.
type Column struct {
	Name        string               `json:"name"`                  // as Glue stores it
	LevelBefore ontology.Sensitivity `json:"levelBefore,omitempty"` // or access.Untagged
	LevelAfter  ontology.Sensitivity `json:"levelAfter,omitempty"`  // or access.Untagged
	TypeBefore  string               `json:"typeBefore,omitempty"`  // of findings about contracts, as Glue spells it
	TypeAfter   string               `json:"typeAfter,omitempty"`   // of findings about contracts, as Glue spells it
	RowsBefore  access.RowConditions `json:"rowsBefore,omitempty"`  // in which a principal saw it; none is every row
	RowsAfter   access.RowConditions `json:"rowsAfter,omitempty"`   // in which a principal sees it; none is every row
}

// Place is a line of a file.
type Place struct {
	File string `json:"file"`           // path
	Line int    `json:"line,omitempty"` // from 1; 0 where it is not known
}

// Empty reports whether the report has no findings.
func (r *Report) Empty() bool { return len(r.Findings) == 0 }

// add adds findings.
func (r *Report) add(findings ...Finding) { r.Findings = append(r.Findings, findings...) }

// sort puts the findings into their order.
func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Severities(), a.Severity), slices.Index(Severities(), b.Severity)),
			cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)),
			cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region),
			cmp.Compare(a.Table, b.Table), cmp.Compare(a.Stack, b.Stack), cmp.Compare(a.Resource, b.Resource),
			cmp.Compare(access.Short(a.Principal), access.Short(b.Principal)), cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Text, b.Text),
		)
	})
}

// severityOf is how much it matters that somebody sees columns of some levels: what may
// identify a patient, or has no level, is an error.
func severityOf(levels ...ontology.Sensitivity) Severity {
	switch {
	case len(levels) == 0:
		return Note
	case slices.ContainsFunc(levels, func(l ontology.Sensitivity) bool { return l.Compare(ontology.PHI) >= 0 }):
		return Error
	case slices.ContainsFunc(levels, func(l ontology.Sensitivity) bool { return l.Compare(ontology.Public) > 0 }):
		return Warning
	}
	return Note
}
