package report

import "github.com/lakemesh/lakemesh/stacks/review"

// changes are what a change means, as the script of the section reads it; without Base there
// was nothing to compare with.
type changes struct {
	Base     string       `json:"base,omitempty"`
	Head     string       `json:"head,omitempty"`
	Kinds    []changeKind `json:"kinds,omitempty"`
	Findings []change     `json:"findings,omitempty"`
}

type changeKind struct {
	ID    review.Kind `json:"id"`
	Title string      `json:"title"`
	Text  string      `json:"text"` // what findings of the kind are about
}

type change struct {
	Kind     review.Kind     `json:"kind"`
	Severity review.Severity `json:"severity"`
	Text     string          `json:"text"`
	Reasons  []string        `json:"reasons,omitempty"`
	Product  string          `json:"product,omitempty"` // domain.product, as far as LF-Tags tell it
	Table    string          `json:"table,omitempty"`
	Stack    string          `json:"stack,omitempty"`
	Place    *review.Place   `json:"place,omitempty"`
}

// changesOf is what the report of the input says.
func changesOf(in *input) any {
	if in.Changes == nil {
		return changes{}
	}
	out := changes{Base: in.Changes.Base, Head: in.Changes.Head}
	for _, kind := range review.Kinds() {
		if len(in.Changes.Of(kind)) > 0 {
			out.Kinds = append(out.Kinds, changeKind{kind, kind.Title(), kind.Description()})
		}
	}
	for _, f := range in.Changes.Findings {
		c := change{Kind: f.Kind, Severity: f.Severity, Text: f.Text, Reasons: f.Reasons(), Table: f.Table, Stack: f.Stack}
		if f.Product != "" {
			c.Product = f.Domain + "." + f.Product
		}
		if f.Place.File != "" {
			c.Place = &f.Place
		}
		out.Findings = append(out.Findings, c)
	}
	return out
}
