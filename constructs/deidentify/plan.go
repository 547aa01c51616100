package deidentify

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

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

// New plans how target, which says deidentify, is made from source. The error
// is a problem.List with everything that is wrong at once; paths are those of
// the target's contract.
func New(source, target *contract.Table) (*Plan, error) {
	c := checker{source: source, target: target}
	p := c.plan()
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Check reports what is wrong with how target is made from source: the error
// of New.
func Check(source, target *contract.Table) error {
	_, err := New(source, target)
	return err
}

// NeedsKey reports whether the statements read the key table.
func (p *Plan) NeedsKey() bool {
	for _, c := range p.Columns {
		if c.Method == ontology.HMAC || c.Method == ontology.Shift {
			return true
		}
	}
	return false
}
