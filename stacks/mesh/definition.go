package mesh

import (
	"fmt"
	"regexp"
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
	APIVersion    string              `yaml:"apiVersion"`
	Name          string              `yaml:"name"`          // prefix of every name in the mesh
	Stages        map[string]Stage    `yaml:"stages"`        // where the mesh runs, by stage name
	Admins        []string            `yaml:"admins"`        // ARNs of Lake Formation administrators besides the deployment role; {name} stands for an account id
	Ontology      map[string][]string `yaml:"ontology"`      // LF-Tag keys of the whole mesh beyond the built-in ones, with their values, the least restrictive first
	Principals    map[string]string   `yaml:"principals"`    // readers by name, as Lake Formation identifiers; {name} stands for an account id
	Domains       []Domain            `yaml:"domains"`       //
	Subscriptions []Subscription      `yaml:"subscriptions"` //
	Guardrails    []string            `yaml:"guardrails"`    // rules that are switched on and stop the mesh when they are broken: see Guardrails

	source *source // the files it was loaded from; nil for a Go value
	index  *index  // of a copy that checks and plans work on; nil in what a caller has
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

// expiresSoon is how many days before its last day a subscription is warned of.
const expiresSoon = 30

// Warnings are the findings that stop nothing and deserve attention, sorted:
// columns that are not classified and so count as phi, tables without a value
// for a key of the ontology, which have its most restrictive one, tables that are
// made less often than promised, guardrails that are listed and always on, FHIR
// stores whose tables are read and paused, stages where Glue does not compact Iceberg
// tables, and what else the contracts were loaded with.
func (d *Definition) Warnings() problem.List {
	c := newChecker(d)
	for _, p := range c.products() {
		c.unclassified(p)
		c.mostRestrictive(p)
		c.promisedMoreOften(p)
	}
	c.alwaysOn()
	c.pausedTables()
	c.compactedByNobody()
	out := c.done()
	for _, p := range c.products() {
		out = append(out, p.contract.Warnings...)
	}
	return out.Sorted()
}

// WarningsAt is Warnings on a day: it also names the subscriptions that end
// within 30 days of it.
func (d *Definition) WarningsAt(today time.Time) problem.List {
	c := newChecker(d)
	first, end := today.Format(time.DateOnly), today.AddDate(0, 0, expiresSoon).Format(time.DateOnly)
	for i, s := range d.Subscriptions {
		last, err := time.Parse(time.DateOnly, s.Expires)
		if day := last.Format(time.DateOnly); err == nil && first <= day && day <= end {
			c.addf(at("subscriptions", i, "expires"), day+", which is within "+fmt.Sprint(expiresSoon)+" days of "+first, "a later day, or an end that is meant", "agree on a new end, or take the subscription out after that day")
		}
	}
	return append(d.Warnings(), c.done()...).Sorted()
}

// The names that people choose are parts of AWS names, so they are limited to
// what all of those accept. What a name is long in full is checked apart.
var (
	meshName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	partName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

const (
	maxMeshName   = 20
	maxDomainName = 32
)

// reservedNames cannot begin the name of a bucket or of an LF-Tag.
var reservedNames = []string{"aws", "sthree", "amzn-s3-demo"}

// meshItself checks what the mesh says about itself.
func (c *checker) meshItself() {
	if c.d.APIVersion != APIVersion {
		c.addf("apiVersion", quote(c.d.APIVersion), APIVersion, "write apiVersion: "+APIVersion)
	}
	c.meshName()
	c.guardrails()
}

func (c *checker) meshName() {
	name := c.d.Name
	switch {
	case !meshName.MatchString(name):
		c.addf("name", quote(name), "a name of lower-case letters, digits and single hyphens that begins with a letter", "name the mesh, for example riverside")
	case len(name) > maxMeshName:
		c.addf("name", fmt.Sprintf("%q, which has %d characters", name, len(name)), atMost(maxMeshName, "characters"), "shorten it: it begins the name of everything in the mesh")
	case slices.ContainsFunc(reservedNames, func(r string) bool { return name == r || strings.HasPrefix(name, r+"-") }):
		c.addf("name", quote(name), "a name that AWS does not keep for itself", "choose another name")
	}
}

// Notes are what whoever decides about the mesh should know before it is
// deployed, such as what costs money while nobody uses it; in the order of the
// domains.
func (d *Definition) Notes() []string {
	var out []string
	for _, domain := range d.Domains {
		if domain.FhirStore != nil {
			out = append(out, fmt.Sprintf("fhirStore of %s costs about 0.27 USD an hour, 200 USD a month, in each stage (%s), used or not; a third-party number, see AWS's price list",
				domain.Name, strings.Join(d.StageNames(), ", ")))
			if nlp := domain.FhirStore.NLP; nlp != nil && *nlp {
				out = append(out, fmt.Sprintf("fhirStore of %s has nlp on: Amazon Comprehend Medical charges for each text, and what it infers stands among the resources of the store", domain.Name))
			}
		}
		if domain.ImageStore != nil {
			out = append(out, fmt.Sprintf("imageStore of %s costs nothing while it is empty, then about 0.105 USD per GB and month, 0.006 for images that rest; a third-party number, see AWS's price list", domain.Name))
		}
	}
	return out
}
