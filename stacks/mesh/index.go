package mesh

import "github.com/lakemesh/lakemesh/constructs/contract"

// index is what is asked of a definition for every column, worked out once. It
// belongs to a copy of the definition, whose own value may change between calls.
type index struct {
	used         map[string]bool                  // keys that any contract says something for
	vocabularies map[string]map[string]vocabulary // by domain; not to be changed
}

// indexed returns a copy of the definition with its index.
func (d *Definition) indexed() *Definition {
	if d.index != nil {
		return d
	}
	out := *d
	known := &index{used: map[string]bool{}, vocabularies: map[string]map[string]vocabulary{}}
	note := func(tags []contract.LFTag) {
		for _, tag := range tags {
			known.used[tag.Key] = true
		}
	}
	for _, domain := range d.Domains {
		known.vocabularies[domain.Name] = d.vocabularies(domain.Name)
		for _, k := range domain.Contracts {
			if k == nil {
				continue
			}
			note(k.LFTags)
			for i := range k.Tables {
				note(k.Tables[i].LFTags)
				for j := range k.Tables[i].Columns {
					note(k.Tables[i].Columns[j].LFTags)
				}
			}
		}
	}
	out.index = known
	return &out
}
