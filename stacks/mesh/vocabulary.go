package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// vocabulary is one key that the products of a domain can be tagged with.
type vocabulary struct {
	facet  string   // part of the LF-Tag key after the mesh: consent, or genomics.assay
	values []string // the least restrictive first
	whole  bool     // of the whole mesh, not of the domain alone
}

// last is the most restrictive value; "" for a key without values, which is
// reported.
func (v vocabulary) last() string {
	if len(v.values) == 0 {
		return ""
	}
	return v.values[len(v.values)-1]
}

// rank orders values from the least to the most restrictive; an unknown one is
// the most restrictive of all.
func (v vocabulary) rank(value string) int {
	if i := slices.Index(v.values, value); i >= 0 {
		return i
	}
	return len(v.values)
}

// domainFacet is the facet of a key that belongs to one domain.
func domainFacet(domain, key string) string { return domain + "." + key }

// vocabularies are the keys that the products of a domain can be tagged with, as
// contracts and subscriptions write them: those of the mesh and its own.
func (d *Definition) vocabularies(domain string) map[string]vocabulary {
	if d.index != nil {
		if known, ok := d.index.vocabularies[domain]; ok {
			return known
		}
	}
	out := map[string]vocabulary{}
	for _, known := range d.Domains {
		if known.Name != domain {
			continue
		}
		for key, values := range known.Ontology {
			out[key] = vocabulary{facet: domainFacet(domain, key), values: values}
		}
	}
	for key, values := range d.Ontology {
		out[key] = vocabulary{facet: key, values: values, whole: true}
	}
	return out
}

// used reports whether any contract of the mesh says something for a key of the
// whole mesh.
func (d *Definition) used(key string) bool { return d.indexed().index.used[key] }

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

// ontologyWord is what keys and values of the ontology are made of, which Lake
// Formation takes without folding it (rule 2.10).
var ontologyWord = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

const (
	maxTagKey       = 128
	maxResourceTags = 50   // on one resource (rule 2.10)
	maxTagKeys      = 1000 // in one account
	maxNarrowing    = 2    // keys, as a policy has 5 conditions and 3 are taken (rule 2.9)
)

// builtIn are the keys that every mesh has.
func builtIn() []string {
	return []string{ontology.TagKeyDomain, ontology.TagKeyProduct, ontology.TagKeySensitivity, ontology.TagKeyZone}
}

// ontology checks the keys and values that the mesh and its domains declare.
func (c *checker) ontology() {
	c.keys("ontology", "", c.d.Ontology)
	total := len(builtIn()) + len(c.d.Ontology)
	for i, domain := range c.d.Domains {
		path := at("domains", i, "ontology")
		c.keys(path, domain.Name, domain.Ontology)
		total += len(domain.Ontology)
		if n := len(builtIn()) + len(c.d.Ontology) + len(domain.Ontology); n > maxResourceTags {
			c.addf(cmp.Or(ifAny(domain.Ontology, path), "ontology"), fmt.Sprintf("%d keys for the tables of domain %s, with those of the mesh and %d built-in ones", n, domain.Name, len(builtIn())),
				atMost(maxResourceTags, "LF-Tags on one resource"), "join keys")
		}
	}
	if total > maxTagKeys {
		c.addf("ontology", fmt.Sprintf("%d LF-Tag keys with those of the domains", total), atMost(maxTagKeys, "in an account"), "join keys, or split the mesh")
	}
}

func ifAny(declared map[string][]string, path string) string {
	if len(declared) == 0 {
		return ""
	}
	return path
}

// keys checks what stands under one ontology; domain is "" for the mesh's own.
func (c *checker) keys(path, domain string, declared map[string][]string) {
	for _, key := range slices.Sorted(maps.Keys(declared)) {
		here, facet := path+"."+at(key), key
		if strings.HasPrefix(at(key), "[") {
			here = path + at(key)
		}
		if domain != "" {
			facet = domainFacet(domain, key)
		}
		_, ofMesh := c.d.Ontology[key]
		full := ontology.Key(c.d.Name, facet)
		switch {
		case !ontologyWord.MatchString(key):
			c.addf(here, quote(key), "a key of lower-case letters, digits and single hyphens or _", "rename the key, for example consent")
		case slices.Contains(builtIn(), key):
			c.addf(here, quote(key)+", which every mesh has", "a key beyond "+strings.Join(builtIn(), ", "), "take it out: its values are fixed, or follow from the mesh")
		case domain != "" && ofMesh:
			c.addf(here, quote(key)+", which the ontology of the mesh has too", "each key once", "take one of the two out, or rename it")
		case len(full) > maxTagKey:
			c.addf(here, fmt.Sprintf("the LF-Tag key %q, which has %d characters", full, len(full)), atMost(maxTagKey, "characters"), "shorten the key")
		}
		c.values(here, key, declared[key])
	}
}

func (c *checker) values(path, key string, values []string) {
	if n := len(values); n < 1 || n > maxTagValues {
		c.addf(path, fmt.Sprintf("%d values of %s", n, key), fmt.Sprintf("1 to %d values, the least restrictive first", maxTagValues), "list its values, or split it over two keys")
	}
	for i, value := range values {
		here := path + at(i)
		switch {
		case !ontologyWord.MatchString(value):
			c.addf(here, quote(value), "a value of lower-case letters, digits and single hyphens or _", "rename the value")
		case len(value) > maxTagValue:
			c.addf(here, fmt.Sprintf("a value of %d characters", len(value)), atMost(maxTagValue, "characters"), "shorten it")
		case slices.Contains(values[:i], value):
			c.addf(here, quote(value)+" again", "each value once", "take it out")
		}
	}
}
