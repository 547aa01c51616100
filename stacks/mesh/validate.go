package mesh

import (
	"time"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Validate returns everything that is wrong with the definition at once, as a
// problem.List: each problem with its path, what was found, what was expected
// and how to mend it, and with file, line and column where the definition was
// loaded from files. It has no clock: see ValidateAt.
func (d *Definition) Validate() error { return d.problems().Err() }

// ValidateAt is Validate on a day: it also refuses subscriptions that ended
// before it.
func (d *Definition) ValidateAt(today time.Time) error {
	c := newChecker(d)
	c.expired(today)
	return append(d.problems(), c.done()...).Err()
}

// problems runs every check.
func (d *Definition) problems() problem.List {
	c := newChecker(d)
	c.meshItself()
	c.stages()
	c.admins()
	c.principals()
	c.domains()
	c.ontology()
	c.allProducts()
	c.circles()
	c.fhirStores()
	c.locations()
	c.allNames()
	c.subscriptions()
	return c.done()
}
