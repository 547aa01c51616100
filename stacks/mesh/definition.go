package mesh

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// APIVersion is the version of the mesh file that this package reads.
const APIVersion = "lakemesh/v1"

// Definition describes a whole mesh. Load it from a mesh.yaml, or write it as a
// Go value and put the contracts into Domain.Contracts.
//
// Administrators and principals are the same in every stage. So that an ARN can
// be, the name of an account in braces stands for its id in each stage:
// arn:aws:iam::{research}:role/Analyst.
//
// Contracts choose values of the ontology in lfTags. A column has its own value,
// else its table's, else its contract's. Where none of them says, a key of the
// whole mesh that any contract uses has its last value, the most restrictive, with
// a warning, and a domain's own key has none: nothing less restrictive is had by
// accident. A table has the most restrictive value of its columns. A subscription
// that lists tags shows only columns that have one of the values of each key.
// A key has 1 to 50 values; a subscription narrows by at most two keys (rules 2.9
// and 2.10). The values of domain, zone, product and sensitivity are built in.
type Definition struct {
	APIVersion    string              `yaml:"apiVersion"`    // always APIVersion
	Name          string              `yaml:"name"`          // prefix of every name in the mesh
	Stages        Stages              `yaml:"stages"`        // where the mesh runs, by stage name
	Admins        []string            `yaml:"admins"`        // ARNs of Lake Formation administrators besides the deployment role; {name} stands for an account id
	Ontology      map[string][]string `yaml:"ontology"`      // LF-Tag keys of the whole mesh beyond the built-in ones, with their values, the least restrictive first
	Principals    map[string]string   `yaml:"principals"`    // readers by name, as Lake Formation identifiers; {name} stands for an account id
	Domains       []Domain            `yaml:"domains"`       // the teams and their lakes
	Subscriptions []Subscription      `yaml:"subscriptions"` // who reads products of other domains
	Guardrails    []GuardrailRule     `yaml:"guardrails"`    // rules that are switched on and stop the mesh when they are broken: see Guardrails and Judge

	// PersonIndex is the product, as domain.product, whose person index may be made though
	// PHIStaysInDomain is on: its job reads the columns of other domains that it compares, and
	// jobs of these domains read the tokens of their own records. Nobody else gets any phi by it.
	PersonIndex string `yaml:"personIndex"`

	source *source // the files it was loaded from; nil for a Go value
}

// DecodeStrict reads a mesh file.
func (d *Definition) DecodeStrict(n strictyaml.Node) {
	type plain Definition
	n.Decode((*plain)(d))
	refuseBlankLimits(n, "guardrails")
}

// Validate returns everything that is wrong with the definition at once, as a
// problem.List: each problem with its path, what was found, what was expected
// and how to mend it, and with file, line and column where the definition was
// loaded from files. It has no clock: see ValidateAt.
func (d *Definition) Validate() error { return d.problems().Err() }

// ValidateAt is Validate on a day: it also refuses subscriptions, and exceptions of
// guardrails, that ended before it.
func (d *Definition) ValidateAt(today time.Time) error {
	c := d.newChecker()
	d.subscriptionChecker(c).refuseExpired(today)
	c.refuseEndedExceptions(today)
	return append(d.problems(), c.done()...).Err()
}

// problems runs every check.
func (d *Definition) problems() problem.List {
	c, all, o := d.newChecker(), d.products(), d.ontologies()
	if d.APIVersion != APIVersion {
		c.addf("apiVersion", quote(d.APIVersion), APIVersion, "write apiVersion: "+APIVersion)
	}
	c.checkMeshName()
	c.checkGuardrails()
	c.checkStages()
	c.checkAdmins()
	c.checkPrincipals()
	c.checkOntologies(o)
	c.checkDomains(d.Domains, all, o, d.Subscriptions)
	c.checkLocations(all)
	c.checkNames(d.Domains, all, o)
	d.subscriptionChecker(c).check()
	return c.done()
}

// newChecker collects problems of the definition.
func (d *Definition) newChecker() *checker {
	return &checker{findings: newFindings(d.source), layout: d.layout()}
}

func (d *Definition) subscriptionChecker(c *checker) *subscriptionChecker {
	all := d.products()
	return &subscriptionChecker{checker: c, subscriptions: d.Subscriptions, products: all, contracts: all.byName(), ontologies: d.ontologies()}
}

// layout is what the parts of the mesh call each other by.
func (d *Definition) layout() *layout {
	out := &layout{mesh: d.Name, stages: d.Stages, admins: d.Admins, principals: d.Principals, guardrails: d.Guardrails, personIndex: d.PersonIndex}
	out.places = make(map[string]int, len(d.Domains))
	for i, domain := range d.Domains {
		out.domains = append(out.domains, home{domain.Name, domain.Account})
		if _, taken := out.places[domain.Name]; !taken {
			out.places[domain.Name] = i
		}
	}
	for name := range out.places {
		if name != "" {
			out.known = append(out.known, name)
		}
	}
	slices.Sort(out.known)
	return out
}

// products are the contracts of every domain.
func (d *Definition) products() products {
	var out products
	for i, domain := range d.Domains {
		for j, k := range domain.withResults() {
			if k != nil {
				out = append(out, product{contract: k, owner: domain.Name, domain: i, index: j})
			}
		}
	}
	return out
}

// ontologies are the keys of the mesh and of every domain.
func (d *Definition) ontologies() *ontologies {
	own := make([]domainOntology, len(d.Domains))
	for i, domain := range d.Domains {
		own[i] = domainOntology{domain.Name, domain.Ontology}
	}
	return newOntologies(d.Name, d.Ontology, own, d.products())
}

// expiresSoon is how many days before its last day a subscription is warned of.
const expiresSoon = 30

// Warnings are the findings that stop nothing and deserve attention, sorted:
// columns that are not classified and so count as phi, tables without a value
// for a key of the ontology, which have its most restrictive one, tables that are
// made less often than promised, promises that nothing watches, quality rules that are not
// measured, guardrails that are listed and always on, FHIR
// stores whose tables are read and paused, stages where Glue does not compact Iceberg
// tables, open data in other regions, and what else the contracts were loaded with.
func (d *Definition) Warnings() problem.List {
	c, all, o := d.newChecker(), d.products(), d.ontologies()
	for _, p := range all {
		c.noteUnclassified(p)
		c.noteMostRestrictive(p, o)
		c.notePromisedMoreOften(p)
		c.noteUnwatched(p, d.Domains[p.domain].ImageStore.series())
		c.noteNotMeasured(p)
	}
	c.noteAlwaysOn()
	for i, domain := range d.Domains {
		c.noteFarOpenData(i, domain.OpenData)
		if domain.FhirStore != nil {
			(&fhirStoreChecker{checker: c, store: domain.FhirStore, domain: i, products: all.of(i)}).notePaused()
		}
	}
	c.noteNoOptimizers(all)
	out := c.done()
	for _, p := range all {
		out = append(out, p.contract.Warnings...)
	}
	return out.Sorted()
}

// WarningsAt is Warnings on a day: it also names the subscriptions that end
// within 30 days of it.
func (d *Definition) WarningsAt(today time.Time) problem.List {
	c := d.newChecker()
	first, end := today.Format(time.DateOnly), today.AddDate(0, 0, expiresSoon).Format(time.DateOnly)
	for i, s := range d.Subscriptions {
		last, err := time.Parse(time.DateOnly, s.Expires)
		if day := last.Format(time.DateOnly); err == nil && first <= day && day <= end {
			c.addf(at("subscriptions", i, "expires"), day+", which is within "+fmt.Sprint(expiresSoon)+" days of "+first, "a later day, or an end that is meant", "agree on a new end, or take the subscription out after that day")
		}
	}
	return append(d.Warnings(), c.done()...).Sorted()
}

// Notes are what whoever decides about the mesh should know before it is
// deployed, such as what costs money while nobody uses it, and legal holds; in the order of the
// domains.
func (d *Definition) Notes() []string {
	var out []string
	for i, domain := range d.Domains {
		out = append(out, d.holds(i)...)
		out = append(out, domain.hybridNotes()...)
		if domain.FhirStore != nil {
			out = append(out, fmt.Sprintf("fhirStore of %s costs about 0.27 USD an hour, 200 USD a month, in each stage (%s), used or not; a third-party number, see AWS's price list",
				domain.Name, strings.Join(d.Stages.Names(), ", ")))
			if nlp := domain.FhirStore.NLP; nlp != nil && *nlp {
				out = append(out, fmt.Sprintf("fhirStore of %s has nlp on: Amazon Comprehend Medical charges for each text, and what it infers stands among the resources of the store", domain.Name))
			}
		}
		if domain.ImageStore != nil {
			out = append(out, fmt.Sprintf("imageStore of %s costs nothing while it is empty, then about 0.105 USD per GB and month, 0.006 for images that rest; a third-party number, see AWS's price list", domain.Name))
		}
		if domain.Variants != nil {
			out = append(out, fmt.Sprintf("variants of %s costs nothing while nothing arrives; jobs of Spark with a jar of their own need credentials of Lake Formation for whole tables, which the settings of its environments allow then: who reads all of a table may read its files, and nobody more", domain.Name))
		}
		if domain.Omics != nil {
			out = append(out, fmt.Sprintf("omics of %s costs nothing while its stores are empty, then about 0.0058 USD per gigabase and month, 0.0012 for reads that rest; a remembered number, see AWS's price list", domain.Name))
		}
	}
	return out
}
