package mesh

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// A person index is made of what identifies people in several domains, and its table persons
// leads from tokens back to them. Two kinds of subscriptions show phi for it, each to a job alone:
//
//   - the jobs of the index's domain read the columns of the sources that the index compares;
//   - the jobs of a source's domain read the rows of their own records in the index.
//
// PHIStaysInDomain lets both through where Definition.PersonIndex names the product.

// personIndexOf is the person index of a product; nil without one.
func personIndexOf(k *contract.Contract) *contract.PersonIndex {
	if k == nil {
		return nil
	}
	if t := k.Table(contract.PersonsTable); t != nil {
		return t.PersonIndex
	}
	return nil
}

// ofPersonIndexes are the subscriptions that show phi for a person index.
type personAccess struct {
	index  product                 // with the person index
	ofOwn  []contract.PersonSource // the sources in the consumer's domain, which reads the index
	source []contract.PersonSource // the sources in the product, which the index reads
}

// personAccess finds what a subscription has to do with a person index; nil is nothing.
func (c *subscriptionChecker) personAccess(s Subscription) *personAccess {
	domain, name := s.producer()
	for _, p := range c.products {
		index := personIndexOf(p.contract)
		if index == nil {
			continue
		}
		out := &personAccess{index: p}
		for _, source := range index.Sources {
			owner := cmp.Or(source.From.Domain, p.owner)
			switch {
			case p.owner == domain && p.contract.Name == name && owner == s.Consumer:
				out.ofOwn = append(out.ofOwn, source)
			case p.owner == s.Consumer && owner == domain && source.From.Product == name:
				out.source = append(out.source, source)
			}
		}
		if p.owner == domain && p.contract.Name == name || out.source != nil {
			return out
		}
	}
	return nil
}

// checkPHI checks a level phi of a subscription at a path: of a person index nobody reads more
// than the rows of their own records, and else phi stays in its domain where the guardrail is on.
func (c *subscriptionChecker) checkPHI(i int, path string, s Subscription) {
	producer, _ := s.producer()
	refuse := func(expected, fix string) {
		c.addf(path, fmt.Sprintf("phi of domain %s for domain %s", producer, s.Consumer), expected, fix)
	}
	a := c.personAccess(s)
	if a == nil || a.source != nil && !c.isOn(PHIStaysInDomain) {
		if c.isOn(PHIStaysInDomain) {
			refuse("levels below phi ("+PHIStaysInDomain+")", "subscribe to a deidentified product, or take the guardrail out")
		}
		return
	}
	if a.source == nil && a.ofOwn == nil {
		refuse("levels below phi, as "+s.Product+" is a person index and "+s.Consumer+" no source of it", "read the tokens only: they identify nobody")
		return
	}
	if name := a.index.owner + "." + a.index.contract.Name; c.isOn(PHIStaysInDomain) && c.personIndex != name {
		refuse("levels below phi ("+PHIStaysInDomain+"), or personIndex: "+name+" in the mesh, which lets the jobs of the index read what it compares, and those of the sources their own rows",
			"write personIndex: "+name+", if the privacy office has agreed")
		return
	}
	if len(s.Principals) != 1 || s.Principals[0] != JobPrincipal(s.Consumer) {
		c.addf(at("subscriptions", i, "principals"), "others than the jobs of the domain beside phi of a person index", JobPrincipal(s.Consumer)+" alone", "let nobody else read it")
	}
	if a.source != nil {
		c.checkColumnsOf(i, s, sourceColumns(a.source), "the columns that the person index reads")
		return
	}
	c.checkColumnsOf(i, s, publicColumns(), "columns of "+contract.PersonsTable+" and "+contract.TokensTable)
	var names []string
	for _, source := range a.ofOwn {
		names = append(names, source.Name)
	}
	if allowed := ownRows(names); !slices.Contains(allowed, plainText(s.Rows.Text())) {
		got := "every row"
		if !s.Rows.IsZero() {
			got = quote(s.Rows.Text())
		}
		c.addf(at("subscriptions", i, "rows"), got, "the rows of the records of "+s.Consumer+": "+allowed[0], "write rows: "+allowed[0])
	}
}

// ownRows are the conditions that keep the rows of sources.
func ownRows(names []string) []string {
	slices.Sort(names)
	out := []string{plainText(rowfilter.In("source", names...).Text())}
	if len(names) == 1 {
		out = []string{plainText(rowfilter.Equals("source", names[0]).Text()), out[0]}
	}
	return out
}

// plainText is a condition without what means nothing in it.
func plainText(condition string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(condition, `"`, "")), " ")
}

// checkColumnsOf refuses columns of a subscription beyond those allowed, and a missing list.
func (c *subscriptionChecker) checkColumnsOf(i int, s Subscription, allowed []string, expected string) {
	path := at("subscriptions", i, "columns")
	if len(s.Columns) == 0 {
		c.addf(path, "every column", expected+": "+strings.Join(allowed, ", "), "list those that the job needs")
	}
	for j, name := range s.Columns {
		if !slices.Contains(allowed, name) {
			c.addf(at("subscriptions", i, "columns", j), quote(name), expected+": "+strings.Join(allowed, ", "), "take it out")
		}
	}
}

// sourceColumns are those that a person index reads of sources, sorted.
func sourceColumns(sources []contract.PersonSource) []string {
	var out []string
	for _, s := range sources {
		out = append(out, s.Columns()...)
	}
	return sortedOnce(out)
}

// publicColumns are those of the tables that others read, which no working table has.
func publicColumns() []string {
	var out []string
	for _, t := range contract.PersonIndexTables(&contract.PersonIndex{}) {
		if t.Name == contract.PersonsTable || t.Name == contract.TokensTable {
			for _, column := range t.Columns {
				out = append(out, column.Name)
			}
		}
	}
	return sortedOnce(out)
}

// checkPersonIndexes checks the sources of every person index, and the product that the mesh names.
func (c *subscriptionChecker) checkPersonIndexes() {
	var known []string
	for _, p := range c.products {
		index := personIndexOf(p.contract)
		if index == nil {
			continue
		}
		known = append(known, p.owner+"."+p.contract.Name)
		t := p.contract.Table(contract.PersonsTable)
		for i, s := range index.Sources {
			c.checkPersonSource(p, problem.Index(problem.Key(cmp.Or(t.Path, contract.PersonsTable), "sources"), i), s)
		}
	}
	slices.Sort(known)
	if c.personIndex != "" && !slices.Contains(known, c.personIndex) {
		c.addf("personIndex", quote(c.personIndex), "<domain>.<product> of a person index: "+oneOf(known), "name the product"+suggest(c.personIndex, known))
	}
}

// checkPersonSource checks that a source of a person index is there, and that the job sees what
// it compares.
func (c *subscriptionChecker) checkPersonSource(p product, path string, s contract.PersonSource) {
	owner := cmp.Or(s.From.Domain, p.owner)
	from := problem.Key(path, "from")
	if s.From.Domain == p.owner {
		c.inContract(p, from, s.From.Name()+", of the domain itself", "product.table", "leave the domain out")
		return
	}
	k := c.contracts[productName{owner, s.From.Product}]
	var table *contract.Table
	if k != nil {
		table = k.Resolve().Table(s.From.Table)
	}
	switch {
	case table == nil && s.From.Domain != "" && !c.isDomain(owner):
		c.inContract(p, from, s.From.Name(), "a table of a domain: "+oneOf(c.known), "correct it"+suggest(owner, c.known))
	case table == nil && s.From.Name() != "" && (k != nil || !c.source.isPartial(c.index(owner))):
		c.inContract(p, from, fmt.Sprintf("%s, which domain %s does not have", s.From.Name(), owner), "a table of one of its products", "correct it")
	case table == nil: // reported, or not known
	case table.View != nil:
		c.inContract(p, from, s.From.Name()+", a view", "a table", viewFix)
	case k == p.contract:
		c.inContract(p, from, s.From.Name()+", of the index itself", "a table of another product", "put the records into a product of their own")
	default:
		c.checkPersonColumns(p, path, s, table)
	}
}

func (c *subscriptionChecker) checkPersonColumns(p product, path string, s contract.PersonSource, table *contract.Table) {
	var names []string
	for _, column := range table.Columns {
		names = append(names, column.Name)
	}
	shown := names
	if s.From.Domain != "" {
		i := c.subscriptionOfJobs(p.owner, s.From.Source())
		if i < 0 {
			c.inContract(p, problem.Key(path, "from"), s.From.Name()+", to which no subscription lets "+JobPrincipal(p.owner),
				"a subscription of domain "+p.owner+" to "+s.From.Source()+" with the columns "+strings.Join(s.Columns(), ", "), "agree on one with the owner of "+s.From.Source())
			return
		}
		shown = c.ontologies.columnsFor(c.subscriptions[i], c.contracts[productName{s.From.Domain, s.From.Product}].Resolve(), *table)
	}
	for _, name := range s.Columns() {
		switch column := table.Column(name); {
		case column == nil:
			c.inContract(p, path, fmt.Sprintf("column %q of %s", name, s.From.Name()), "one of its columns: "+oneOf(names), "correct it"+suggest(name, names))
		case !slices.Contains(shown, name):
			c.inContract(p, path, fmt.Sprintf("column %q of %s, which is %s", name, s.From.Name(), column.Level()),
				"columns that the subscription of "+JobPrincipal(p.owner)+" shows: "+oneOf(shown), "leave it out, or agree with the owner of "+s.From.Source()+" that the subscription shows it")
		case name == s.OptedOut && column.Type != "boolean":
			c.inContract(p, problem.Key(path, "optedOut"), fmt.Sprintf("column %q, of type %s", name, column.Type), "a boolean column", "name one whose true means that the record is left out")
		}
	}
}

// onlyJobs takes the role of a domain's other jobs out of who reads phi for a person index: only
// the job of the index reads its sources, and only jobs with a query that names the index read it.
func (s *SubscriptionPlan) onlyJobs(lakes map[string]*lake) {
	of := func(domain string, is func(TablePlan) bool) bool {
		return slices.ContainsFunc(lakes[domain].tables, func(t TablePlan) bool { return t.Table.PersonIndex != nil && is(t) })
	}
	isIndex := of(s.Producer, func(t TablePlan) bool { return t.Product == s.Product })
	isSource := of(s.Consumer, func(t TablePlan) bool {
		return slices.ContainsFunc(t.subscribed(), func(r contract.Reference) bool { return r.Domain == s.Producer && r.Product == s.Product })
	})
	if slices.Contains(s.Sensitivity, ontology.PHI) && (isIndex || isSource) {
		s.Principals = slices.DeleteFunc(s.Principals, func(p PrincipalPlan) bool { return p.Name == JobPrincipal(s.Consumer) })
	}
}
