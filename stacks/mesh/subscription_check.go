package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// check checks each subscription by itself, and all of them together.
func (c *subscriptionChecker) check() {
	for i, s := range c.subscriptions {
		c.refuseEmptyLimits(i, s)
		c.checkConsumer(i, s)
		c.checkPrincipals(i, s)
		k := c.checkProduct(i, s)
		levelsKnown := c.checkLevels(i, s)
		if k != nil && levelsKnown {
			c.refuseLevelsWithoutColumns(i, s, k)
		}
		c.checkTags(i, s, k)
		if !s.Rows.IsZero() && !s.isBlank() {
			c.checkRows(i, s.Rows, c.filtered(s, k))
		}
		if levelsKnown {
			c.checkColumns(i, s, k)
		}
		if k != nil {
			c.checkFilters(i, s, k)
		}
		c.checkTerms(i, s)
		c.checkShare(i, s)
	}
	c.refuseRepeatedAccess()
	c.refuseSharedDatabases()
	c.checkViews()
	c.refuseJobCircles()
	c.checkComposed()
	c.checkPersonIndexes()
}

// filtered are the tables that a subscription shows and can filter.
func (c *subscriptionChecker) filtered(s Subscription, k *contract.Contract) []contract.Table {
	if k == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(k.Tables), func(t contract.Table) bool {
		return t.View != nil || len(c.ontologies.columnsFor(s, k, t)) == 0
	})
}

func (c *subscriptionChecker) checkConsumer(i int, s Subscription) {
	path := at("subscriptions", i, "consumer")
	producer, _ := s.producer()
	switch {
	case !c.isDomain(s.Consumer):
		c.addf(path, quote(s.Consumer), "a domain: "+oneOf(c.known), "name the domain that asks"+suggest(s.Consumer, c.known))
	case producer == s.Consumer:
		c.addf(path, fmt.Sprintf("%q, which publishes %s itself", s.Consumer, s.Product), "a product of another domain", "take the subscription out: a domain reads its own products with its own roles")
	}
}

// checkPrincipals checks the principals of a subscription.
func (c *subscriptionChecker) checkPrincipals(i int, s Subscription) {
	if len(s.Principals) == 0 {
		c.addf(at("subscriptions", i, "principals"), "no principal", "the names of those who read", "name principals of the mesh, or "+JobPrincipal(s.Consumer))
	}
	consumerKnown := c.isDomain(s.Consumer)
	for j, name := range s.Principals {
		path := at("subscriptions", i, "principals", j)
		_, named := c.principals[name]
		domain, isJobRole := c.domainOfJobs(name)
		switch {
		case slices.Contains(s.Principals[:j], name):
			c.addf(path, quote(name)+" again", "each principal once", "take it out")
		case named:
		case isJobRole && !consumerKnown: // reported by consumer
		case isJobRole && domain != s.Consumer:
			c.addf(path, fmt.Sprintf("%q, the role of the jobs of domain %s", name, domain), "principals of the mesh, or "+JobPrincipal(s.Consumer), "let domain "+domain+" subscribe to the product itself")
		case !isJobRole && name != JobPrincipal(s.Consumer):
			known := append(slices.Collect(maps.Keys(c.principals)), JobPrincipal(s.Consumer))
			slices.Sort(known)
			c.addf(path, quote(name), oneOf(known), "name a principal of the mesh"+suggest(name, known))
		}
	}
}

// checkProduct finds the product of a subscription, or reports that there is none.
func (c *subscriptionChecker) checkProduct(i int, s Subscription) *contract.Contract {
	if k := c.contractOf(s); k != nil {
		return k
	}
	producer, _ := s.producer()
	for j, domain := range c.domains {
		if domain.name == producer && c.source.isPartial(j) {
			return nil
		}
	}
	var known []string
	for _, p := range c.products {
		known = append(known, p.owner+"."+p.contract.Name)
	}
	slices.Sort(known)
	c.addf(at("subscriptions", i, "product"), quote(s.Product), "<domain>.<product>: "+oneOf(known), "name the product"+suggest(s.Product, known))
	return nil
}

// checkLevels checks the words of a subscription's sensitivity, and reports whether
// all are known.
func (c *subscriptionChecker) checkLevels(i int, s Subscription) bool {
	known := words(ontology.Sensitivities())
	ok := true
	for j, word := range s.Sensitivity {
		path := at("subscriptions", i, "sensitivity", j)
		l, found := ontology.ParseSensitivity(word)
		before := Subscription{Sensitivity: s.Sensitivity[:j]}
		switch {
		case !found:
			c.addf(path, quote(word), oneOf(known), "name a level of the ontology"+suggest(word, known))
			ok = false
		case j > 0 && slices.Contains(before.wanted(), l):
			c.addf(path, quote(word)+" again", "each level once", "take it out")
		case l == ontology.PHI:
			c.checkPHI(i, path, s)
		}
	}
	return ok
}

// refuseLevelsWithoutColumns refuses levels that no column has: they would show nothing today
// and, without another look, something one day.
func (c *subscriptionChecker) refuseLevelsWithoutColumns(i int, s Subscription, k *contract.Contract) {
	var has []ontology.Sensitivity
	for _, t := range k.Tables {
		if slices.ContainsFunc(t.Columns, misclassified) {
			return // reported in the product, which may yet have the level
		}
		has = append(has, t.Levels()...)
	}
	slices.SortFunc(has, ontology.Sensitivity.Compare)
	has = slices.Compact(has)
	for j, l := range s.wanted() {
		if slices.Contains(has, l) {
			continue
		}
		path, got := at("subscriptions", i, "sensitivity"), "nothing, which stands for public"
		if len(s.Sensitivity) > 0 {
			path, got = at("subscriptions", i, "sensitivity", j), quote(string(l))
			for n, word := range s.Sensitivity {
				if found, _ := ontology.ParseSensitivity(word); found == l {
					path = at("subscriptions", i, "sensitivity", n)
				}
			}
		}
		c.addf(path, got+", which no column of "+s.Product+" has", "levels of its columns: "+strings.Join(words(has), ", "), "ask for levels that the product has")
	}
}

// checkTerms checks why a subscription is there, who agreed to it, and until when.
func (c *subscriptionChecker) checkTerms(i int, s Subscription) {
	if strings.TrimSpace(s.Purpose) == "" {
		c.addf(at("subscriptions", i, "purpose"), quote(s.Purpose), "what the data is used for", "write it, for example purpose: heart-failure cohort")
	}
	if !isEmail(s.Approver) {
		c.addf(at("subscriptions", i, "approver"), quote(s.Approver), "the e-mail address of who agreed on the side of the product", "write for example approver: privacy-office@example.org")
	}
	if _, err := time.Parse(time.DateOnly, s.Expires); err != nil {
		c.addf(at("subscriptions", i, "expires"), quote(s.Expires), "the last day of the access, as YYYY-MM-DD", "write for example expires: 2030-06-30")
	}
}

// refuseExpired refuses the subscriptions that ended before a day.
func (c *subscriptionChecker) refuseExpired(today time.Time) {
	for i, s := range c.subscriptions {
		if s.endedBefore(today) {
			c.addf(at("subscriptions", i, "expires"), s.Expires+", which is over", "a day that is not before "+today.Format(time.DateOnly), "take the subscription out, or agree on a new end")
		}
	}
}

// refuseEmptyLimits refuses limits of a subscription that are written and empty. Read as
// no limit they would show everything; read as a limit they would show nothing.
func (c *subscriptionChecker) refuseEmptyLimits(i int, s Subscription) {
	c.emptyList(at("subscriptions", i, "sensitivity"), s.Sensitivity, "at least one level", "name the levels that are shown, or take the key out to show public columns")
	c.emptyList(at("subscriptions", i, "columns"), s.Columns, "at least one column", "name the columns that are shown, or take the key out to show all columns of the levels")
	c.emptyList(at("subscriptions", i, "except"), s.Except, "at least one column", "name the columns that are hidden, or take the key out")
	if s.isBlank() {
		c.addf(at("subscriptions", i, "rows"), quote(s.Rows.Text()), "a condition", "write which rows are shown, or take the key out to show every row")
	}
	if s.Tags != nil && len(s.Tags) == 0 {
		c.addf(at("subscriptions", i, "tags"), "an empty mapping", "at least one key of the ontology with its values", "name the values that are shown, or take the key out")
	}
}

// checkShare checks whom a subscription's producer grants to.
func (c *subscriptionChecker) checkShare(i int, s Subscription) {
	known := []string{ShareAccount, ShareOrganization, SharePrincipals}
	if s.Share == "" || slices.Contains(known, s.Share) {
		return
	}
	if p, err := lf.ParsePrincipal(s.Share); err == nil && p.Kind == lf.OrganizationalUnit {
		c.inStages(s.Share, func(stage, arn string) bool { return c.partition(at("subscriptions", i, "share"), s.Share, stage, arn) })
		return
	}
	fix := "write for example share: " + SharePrincipals + suggest(s.Share, known)
	if strings.HasPrefix(s.Share, "arn:") {
		fix = "copy the ARN from aws organizations describe-organizational-unit --query OrganizationalUnit.Arn"
	}
	c.addf(at("subscriptions", i, "share"), quote(s.Share), oneOf(known)+", or the ARN of an organizational unit", fix)
}
