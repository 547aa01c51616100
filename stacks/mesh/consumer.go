package mesh

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// ConsumerPlan is everything one domain subscribes to. It is planned for a domain
// without subscriptions too, for the reason that SharePlan gives.
type ConsumerPlan struct {
	Domain        string
	Environment   Environment
	StackName     string
	Catalogs      []Environment // other environments that it reads from
	Subscriptions []SubscriptionPlan
	Filters       []lakeformation.DataCellsFilter // on tables of its own environment
	Grants        []lakeformation.Grant           // in its own environment, of every subscription, merged
}

// consumer plans everything that one domain subscribes to, in its own environment.
func (p *planner) consumer(domain string) ConsumerPlan {
	env := p.environment(domain)
	out := ConsumerPlan{
		Domain:      domain,
		Environment: env,
		StackName:   p.names(env).subscriptionStack(domain),
	}
	var grants []lf.Grant
	for _, s := range p.subscriptions {
		if s.Consumer != domain {
			continue
		}
		filters := p.filters(s)
		out.Subscriptions = append(out.Subscriptions, s)
		if s.Crosses {
			out.Catalogs = append(out.Catalogs, p.environment(s.Producer))
			grants = append(grants, p.crossingGrants(s, filters)...)
			continue
		}
		out.Filters = append(out.Filters, filters...)
		grants = append(grants, toPrincipals(s, p.rights(s, filters))...)
	}
	slices.SortFunc(out.Catalogs, compareEnvironments)
	out.Catalogs = slices.Compact(out.Catalogs)
	out.Filters = sortedFilters(out.Filters)
	out.Grants = lf.MergeGrants(grants)
	return out
}

// sortedFilters sorts filters by what identifies them. Two subscriptions that
// show the same cells share one filter.
func sortedFilters(in []lf.DataCellsFilter) []lf.DataCellsFilter {
	compare := func(a, b lf.DataCellsFilter) int { return strings.Compare(a.Resource().Key(), b.Resource().Key()) }
	slices.SortFunc(in, compare)
	return slices.CompactFunc(in, func(a, b lf.DataCellsFilter) bool { return compare(a, b) == 0 })
}

// product is the tables of a product, as the producer's plan has them, sorted.
func (p *planner) product(domain, product string) []TablePlan {
	n := p.names(p.environment(domain))
	tables := p.tables(p.domains[domain], n, map[ontology.Zone]string{})
	return slices.DeleteFunc(tables, func(t TablePlan) bool { return t.Product != product })
}

// isFiltered reports whether a subscription shows less than whole columns of its
// levels, which tags cannot say.
func (s SubscriptionPlan) isFiltered() bool { return s.Rows != "" || s.isNarrowed() }

func (s SubscriptionPlan) isNarrowed() bool { return len(s.Columns)+len(s.Except) > 0 }

// filters are the data cells filters of a subscription that is filtered: one per
// table that has a column to show.
func (p *planner) filters(s SubscriptionPlan) []lf.DataCellsFilter {
	if !s.isFiltered() {
		return nil
	}
	var out []lf.DataCellsFilter
	for _, t := range p.product(s.Producer, s.Product) {
		columns := narrowed(p.d.shownColumns(s.Producer, t.Contract, t.Table, s.Sensitivity, s.Tags), s.Columns, s.Except)
		if len(columns) == 0 {
			continue
		}
		f := lf.DataCellsFilter{Database: t.Database, Table: t.Table.Name, Rows: s.Rows}
		if s.isNarrowed() || len(columns) < len(t.Table.Columns) {
			f.Columns = columns
		}
		out = append(out, f.Named(filterPrefix(s.Consumer, s.Product)))
	}
	return out
}

// filterPrefix begins the names of a subscription's filters.
func filterPrefix(consumer, product string) string { return consumer + "_" + product }

// rights are what a subscription lets its principals do, without naming them:
// see the product's database, and read either the tables and columns whose tags
// meet the subscription, or the cells of its filters. Filters show one table
// each, tag policies any number of them, so without rows the grants do not grow
// with the tables.
func (p *planner) rights(s SubscriptionPlan, filters []lf.DataCellsFilter) []lf.Grant {
	rights := []lf.Grant{{
		Resource: lf.TagPolicy(lf.Databases,
			p.is(ontology.TagKeyDomain, s.Producer),
			p.is(ontology.TagKeyZone, string(p.productZone(s.Producer, s.Product))),
		),
		Permissions: []lf.Permission{lf.Describe},
	}}
	if !s.isFiltered() {
		rights = append(rights, lf.Grant{
			Resource: lf.TagPolicy(lf.Tables, append(conditions(s.Tags),
				p.is(ontology.TagKeyDomain, s.Producer),
				p.is(ontology.TagKeyProduct, s.Product),
				p.is(ontology.TagKeySensitivity, words(s.Sensitivity)...),
			)...),
			Permissions: []lf.Permission{lf.Describe, lf.Select},
		})
	}
	for _, f := range filters {
		rights = append(rights, lf.Grant{Resource: f.Resource(), Permissions: []lf.Permission{lf.Select}})
	}
	return rights
}

// toPrincipals gives rights to every principal of a subscription.
func toPrincipals(s SubscriptionPlan, rights []lf.Grant) []lf.Grant {
	var out []lf.Grant
	for _, principal := range s.Principals {
		for _, right := range rights {
			right.Principal = principal.Identifier
			out = append(out, right)
		}
	}
	return out
}

func (p *planner) productZone(domain, product string) ontology.Zone {
	for _, c := range p.domains[domain].Contracts {
		if c.Name == product {
			return c.Zone.OrDefault()
		}
	}
	return ontology.Curated
}

// conditions are the values of the ontology as parts of an LF-Tag policy.
func conditions(tags []ontology.Tag) []lf.Condition {
	var out []lf.Condition
	for _, tag := range tags {
		out = append(out, lf.Condition{Key: tag.Key, Values: tag.Values})
	}
	return out
}
