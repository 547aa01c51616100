package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// readersMetadata is where the state machine that opens the tables of a FHIR
// store says whom it grants.
const (
	readersMetadata = "lakemesh:fhirReaders"
	machineType     = "AWS::StepFunctions::StateMachine"
)

func (t *templateReader) fhirStore(res template.Resource, place string) {
	said, _ := res.Metadata[readersMetadata].(map[string]any)
	var s FhirStore
	t.Decode(said["store"], &s.Name, place+"."+readersMetadata+".store")
	t.Decode(said["database"], &s.Database, place+"."+readersMetadata+".database")
	t.Decode(said["principals"], &s.Readers, place+"."+readersMetadata+".principals")
	home := t.home("")
	home.FhirStores = append(home.FhirStores, s)
}

// normalizeFhirStores merges what is said about one store under one database.
func (c *Catalog) normalizeFhirStores() {
	slices.SortFunc(c.FhirStores, func(a, b FhirStore) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Database, b.Database))
	})
	var out []FhirStore
	for _, s := range c.FhirStores {
		if last := len(out) - 1; last >= 0 && out[last].Name == s.Name && out[last].Database == s.Database {
			out[last].Readers = distinct(slices.Concat(out[last].Readers, s.Readers))
			continue
		}
		out = append(out, FhirStore{Name: s.Name, Database: s.Database, Readers: distinct(s.Readers)})
	}
	c.FhirStores = out
}

// fhirReaders notes who will read the tables of FHIR stores, and where. They are no
// rows: which tables there are is known only when the store is active.
func (e *evaluation) fhirReaders() {
	for _, s := range e.FhirStores {
		if len(s.Readers) == 0 {
			e.note("FHIR store %s has no readers: whoever has permissions on database %s loses them", s.Name, s.Database)
			continue
		}
		who := make([]string, len(s.Readers))
		for i, p := range s.Readers {
			who[i] = Short(p)
		}
		e.note("readers of FHIR store %s get SELECT and DESCRIBE on all its tables when it is active, through database %s: %s", s.Name, s.Database, strings.Join(who, ", "))
	}
}
