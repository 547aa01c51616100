package randommesh

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/promised"
)

// The keys of drawn meshes: one of the whole mesh, one that each domain declares.
const (
	meshKey   = "consent"
	domainKey = "assay"
)

// tagRandomly gives a mesh an ontology, and some of its contracts, tables and
// columns values.
func tagRandomly(t *rapid.T, d *mesh.Definition) {
	if rapid.Bool().Draw(t, "plain") {
		return
	}
	d.Ontology = map[string][]string{meshKey: {"none", "research", "treatment"}}
	for i := range d.Domains {
		d.Domains[i].Ontology = map[string][]string{domainKey: {"wes", "wgs"}}
		for _, k := range d.Domains[i].Contracts {
			k.LFTags = someLFTags(t, d)
			for j := range k.Tables {
				if k.Tables[j].TransformLogic != "" { // not less restricted than what it is made of
					k.Tables[j].LFTags = []contract.LFTag{{Key: meshKey, Value: "treatment"}, {Key: domainKey, Value: "wgs"}}
					continue
				}
				k.Tables[j].LFTags = someLFTags(t, d)
				for n := range k.Tables[j].Columns {
					k.Tables[j].Columns[n].LFTags = someLFTags(t, d)
				}
			}
		}
	}
}

func someLFTags(t *rapid.T, d *mesh.Definition) []contract.LFTag {
	var out []contract.LFTag
	if rapid.IntRange(0, 2).Draw(t, "consents") == 0 {
		out = append(out, contract.LFTag{Key: meshKey, Value: rapid.SampledFrom(d.Ontology[meshKey]).Draw(t, meshKey)})
	}
	if rapid.IntRange(0, 2).Draw(t, "assayed") == 0 {
		out = append(out, contract.LFTag{Key: domainKey, Value: rapid.SampledFrom([]string{"wes", "wgs"}).Draw(t, domainKey)})
	}
	return out
}

// someTags draws tags that a column of one of the levels has.
func someTags(t *rapid.T, k *contract.Contract, levels []string) map[string][]string {
	out := map[string][]string{}
	for _, table := range k.Tables {
		for _, c := range table.Columns {
			level := c.Sensitivity
			if level == "" {
				level = ontology.PHI
			}
			if len(out) > 0 || !slices.Contains(levels, string(level)) {
				continue
			}
			for _, key := range []string{meshKey, domainKey} {
				if value := promised.Decided(key, k, table, c); value != "" && rapid.Bool().Draw(t, "narrowed") {
					out[key] = []string{value}
				}
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
