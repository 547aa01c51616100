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
	return []string{ontology.FacetDomain, ontology.FacetProduct, ontology.FacetSensitivity, ontology.FacetZone}
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

// productTags checks the LF-Tags of a contract, its tables and its columns
// against the ontology.
func (c *checker) productTags(p product) {
	known := c.d.vocabularies(c.d.Domains[p.domain].Name)
	c.lfTags(p, "", p.contract.LFTags, known)
	for i, t := range p.contract.Tables {
		path := tablePath(t, i)
		c.lfTags(p, path+".", t.LFTags, known)
		for j, column := range t.Columns {
			c.lfTags(p, cmp.Or(column.Path, path+".columns"+at(j))+".", column.LFTags, known)
		}
	}
}

func (c *checker) lfTags(p product, base string, tags []contract.LFTag, known map[string]vocabulary) {
	keys := slices.Sorted(maps.Keys(known))
	for i, tag := range tags {
		path := cmp.Or(tag.Path, base+"lfTags"+at(i))
		v, found := known[tag.Key]
		_, repeated := valueOf(tags[:i], tag.Key)
		switch {
		case !found:
			c.inContract(p, path, fmt.Sprintf("the key %s", quote(tag.Key)), "a key of the ontology: "+oneOf(keys), "correct the key, or declare it in the mesh file"+suggest(tag.Key, keys))
		case repeated:
			c.inContract(p, path, fmt.Sprintf("the key %q again", tag.Key), "each key once", "keep one of the two")
		case !slices.Contains(v.values, tag.Value):
			c.inContract(p, path, fmt.Sprintf("%s for %s", quote(tag.Value), tag.Key), oneOf(v.values), "choose a value of the ontology"+suggest(tag.Value, v.values))
		}
	}
}

// subscribedTags checks what a subscription narrows to.
func (c *checker) subscribedTags(i int, s Subscription, k *contract.Contract) {
	path := at("subscriptions", i, "tags")
	if len(s.Tags) > maxNarrowing {
		c.addf(path, fmt.Sprintf("%d keys", len(s.Tags)), atMost(maxNarrowing, "keys, as an LF-Tag policy has 5 conditions and 3 are taken by domain, product and sensitivity"), "keep the keys that decide")
	}
	if k == nil || len(s.Tags) == 0 {
		return
	}
	domain, _ := s.producer()
	known := c.d.vocabularies(domain)
	keys := slices.Sorted(maps.Keys(known))
	sound := len(s.Tags) <= maxNarrowing
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		here := path + "." + key
		if !plainKey.MatchString(key) {
			here = path + at(key)
		}
		v, found := known[key]
		if !found {
			c.addf(here, quote(key), "a key of the ontology of the mesh or of domain "+domain+": "+oneOf(keys), "correct the key"+suggest(key, keys))
			sound = false
			continue
		}
		sound = c.narrowed(here, v, s.Tags[key]) && sound
	}
	if sound && !c.shows(s, k) {
		c.addf(path, "values that no column of "+s.Product+" has, or none of the levels that are asked for", "tags that some columns of the product have", "ask for values that the contract gives in lfTags")
	}
}

// narrowed checks the values that a subscription lists for one key.
func (c *checker) narrowed(path string, v vocabulary, values []string) bool {
	if len(values) == 0 {
		c.addf(path, "no value", oneOf(v.values), "list the values whose columns are shown, or take the key out")
		return false
	}
	ok := true
	for j, value := range values {
		switch {
		case !slices.Contains(v.values, value):
			c.addf(path+at(j), quote(value), oneOf(v.values), "choose a value of the ontology"+suggest(value, v.values))
			ok = false
		case slices.Contains(values[:j], value):
			c.addf(path+at(j), quote(value)+" again", "each value once", "take it out")
			ok = false
		}
	}
	return ok
}

// shows reports whether a subscription shows any column of its product.
func (c *checker) shows(s Subscription, k *contract.Contract) bool {
	domain, _ := s.producer()
	tags := c.d.subscribedTags(s)
	return slices.ContainsFunc(k.Tables, func(t contract.Table) bool {
		return len(c.d.shownColumns(domain, k, t, s.wanted(), tags)) > 0
	})
}
