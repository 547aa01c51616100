package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// LFTag is the value that a product, a table or a column has for a key of the
// mesh's ontology, from the custom property "lfTags". Which keys and values there
// are is known to the mesh only, which checks them.
type LFTag struct {
	Key   string // as the mesh file writes it, without the names of mesh and domain
	Value string // one of the values that the key has there

	// Path is the tag's place in the contract, for messages:
	// odcs.CustomProperties[0].value.consent.
	Path string
}

// lfTags reads the custom property lfTags, a mapping of keys to values, sorted by
// key.
func (b *builder) lfTags(custom odcs.CustomProperties) []LFTag {
	p := custom.Find(customLFTags)
	if p == nil {
		return nil
	}
	path := problem.Key(p.Path, "value")
	values, ok := p.Value.(map[string]any)
	if !ok || len(values) == 0 {
		b.problem(path, fmt.Sprintf("%v as the value of %s", p.Value, p.Property), "keys of the mesh's ontology with a value each", "write for example value: {consent: research}")
		return nil
	}
	var out []LFTag
	for key, value := range values {
		at := problem.Key(path, key)
		text, ok := value.(string)
		if !ok {
			b.problem(at, fmt.Sprintf("%v as the value of %s", value, key), "one value, as a text", "write one of the values that the mesh gives the key")
			continue
		}
		out = append(out, LFTag{Key: key, Value: text, Path: at})
	}
	slices.SortFunc(out, func(x, y LFTag) int { return strings.Compare(x.Key, y.Key) })
	return out
}

// noLFTags reports tags inside a column: Lake Formation tags columns only.
func (b *builder) noLFTags(v *odcs.Value) {
	if p := v.Custom.Find(customLFTags); p != nil {
		b.problem(problem.Key(p.Path, "property"), customLFTags+" on a field inside a column", "tags on columns, as Lake Formation tags no fields", "move them to the column")
	}
}
