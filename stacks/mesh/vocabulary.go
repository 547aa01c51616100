package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// vocabulary is one key that the products of a domain can be tagged with.
type vocabulary struct {
	tagKey string   // part of the LF-Tag key after the mesh: consent, or genomics.assay
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

// domainTagKey is the LF-Tag key that belongs to one domain for a key of its ontology.
func domainTagKey(domain, key string) string { return domain + "." + key }

// ontologies are the keys and values that products can be tagged with, beyond the
// built-in ones.
type ontologies struct {
	mesh    string
	whole   map[string][]string // of the whole mesh
	domains []domainOntology    // in their order
	used    map[string]bool     // keys that any contract says something for
	known   map[string]map[string]vocabulary
}

// domainOntology is the keys and values of one domain.
type domainOntology struct {
	domain string
	keys   map[string][]string
}

func newOntologies(mesh string, whole map[string][]string, domains []domainOntology, all products) *ontologies {
	o := &ontologies{mesh: mesh, whole: whole, domains: domains, used: map[string]bool{}, known: map[string]map[string]vocabulary{}}
	for _, d := range domains {
		if o.known[d.domain] == nil {
			o.known[d.domain] = map[string]vocabulary{}
		}
		for key, values := range d.keys {
			o.known[d.domain][key] = vocabulary{tagKey: domainTagKey(d.domain, key), values: values}
		}
	}
	for key, values := range whole {
		for _, d := range domains {
			o.known[d.domain][key] = vocabulary{tagKey: key, values: values, whole: true}
		}
	}
	note := func(tags []contract.LFTag) {
		for _, tag := range tags {
			o.used[tag.Key] = true
		}
	}
	for _, p := range all {
		note(p.contract.LFTags)
		for _, t := range p.contract.Tables {
			note(t.LFTags)
			for _, column := range t.Columns {
				note(column.LFTags)
			}
		}
	}
	return o
}

// of are the keys that the products of a domain can be tagged with, as contracts and
// subscriptions write them. They are not to be changed.
func (o *ontologies) of(domain string) map[string]vocabulary { return o.known[domain] }

// ontologyWord is what keys and values of the ontology are made of, which Lake
// Formation takes without folding it (rule 2.10).
var ontologyWord = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

const (
	maxTagKey       = 128
	maxResourceTags = 50 // on one resource (rule 2.10)
	maxNarrowing    = 3  // keys, as a policy has 5 conditions and 2 are taken (rule 2.9)
)

// checkOntologies checks the keys and values that the mesh and its domains declare.
func (c *findings) checkOntologies(o *ontologies) {
	c.checkKeys(o, "ontology", "", o.whole)
	builtIn := len(ontology.TagKeys()) + 1 // and that of the domain's products
	common := builtIn + len(o.whole)
	for i, domain := range o.domains {
		path := at("domains", i, "ontology")
		c.checkKeys(o, path, domain.domain, domain.keys)
		if len(domain.keys) == 0 {
			path = "ontology"
		}
		if n := common + len(domain.keys); n > maxResourceTags {
			c.addf(path, fmt.Sprintf("%d keys for the tables of domain %s, with those of the mesh and %d built-in ones", n, domain.domain, builtIn),
				atMost(maxResourceTags, "LF-Tags on one resource"), "join keys")
		}
	}
}

// reservedKeys are not for a mesh file to declare: the built-in ones, and domain, which
// meshes had before each domain got a key of its own, and whose LF-Tag they may keep.
func reservedKeys() []string {
	return []string{"domain", ontology.TagKeyProduct, ontology.TagKeySensitivity, ontology.TagKeyZone}
}

// checkKeys checks what stands under one ontology; domain is "" for the mesh's own.
func (c *findings) checkKeys(o *ontologies, path, domain string, declared map[string][]string) {
	for _, key := range slices.Sorted(maps.Keys(declared)) {
		here, tagKey := problem.Key(path, key), key
		if domain != "" {
			tagKey = domainTagKey(domain, key)
		}
		_, ofMesh := o.whole[key]
		full := ontology.Key(o.mesh, tagKey)
		switch {
		case !ontologyWord.MatchString(key):
			c.addf(here, quote(key), "a key of lower-case letters, digits and single hyphens or _", "rename the key, for example consent")
		case slices.Contains(reservedKeys(), key):
			c.addf(here, quote(key)+", which every mesh has", "a key beyond "+strings.Join(reservedKeys(), ", "), "take it out: its values are fixed, or follow from the mesh")
		case domain != "" && ofMesh:
			c.addf(here, quote(key)+", which the ontology of the mesh has too", "each key once", "take one of the two out, or rename it")
		case len(full) > maxTagKey:
			c.addf(here, fmt.Sprintf("the LF-Tag key %q, which has %d characters", full, len(full)), atMost(maxTagKey, "characters"), "shorten the key")
		}
		c.checkValues(here, key, declared[key])
	}
}

func (c *findings) checkValues(path, key string, values []string) {
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
