package deidentify

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checker plans and collects what is wrong.
type checker struct {
	source, target *contract.Table
	standard       ontology.DeidentifyStandard
	list           problem.List
}

// Plan is what happens to every column of a source and where every column of a
// target comes from.
type Plan struct {
	Source, Target string                      // names of the tables
	Standard       ontology.DeidentifyStandard // the method of the regulation that the plan holds to
	Columns        []Column                    // of the target, in its order
	Dropped        []Dropped                   // columns of the source that nothing is made of, in its order

	target contract.Table
	person string // SQL of the column that tells patients apart; "" where no date is shifted
}

// Column is one column of the target.
type Column struct {
	Name    string          // in the catalog
	Method  ontology.Method // how its values are made
	Sources []string        // columns and fields of the source, without its name
	Reason  string          // why the value may be there, for a privacy officer

	kind   string   // type of the target in the catalog
	inputs []input  // the sources, resolved
	values []string // of generalize
	logic  string   // of constant
}

// Dropped is a column of the source that does not reach the target.
type Dropped struct {
	Name       string              // in the catalog
	Identifier ontology.Identifier // "" is none
	Reason     string              // why it stays behind, for a privacy officer
}

// NeedsKey reports whether the statements read the key table.
func (p *Plan) NeedsKey() bool {
	return slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Method == ontology.HMAC || c.Method == ontology.Shift })
}
