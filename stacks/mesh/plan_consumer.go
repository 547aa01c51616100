package mesh

import (
	"cmp"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

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

// compareSubscriptions orders subscriptions. No two of them give the same product
// to the same principal, so no two compare as equal.
func compareSubscriptions(a, b SubscriptionPlan) int {
	byName := func(x, y PrincipalPlan) int { return strings.Compare(x.Name, y.Name) }
	return cmp.Or(
		strings.Compare(a.Consumer, b.Consumer),
		strings.Compare(a.Producer, b.Producer),
		strings.Compare(a.Product, b.Product),
		slices.CompareFunc(a.Principals, b.Principals, byName),
	)
}

// sortedFilters sorts filters by what identifies them. Two subscriptions that
// show the same cells share one filter.
func sortedFilters(in []lf.Filter) []lf.Filter {
	compare := func(a, b lf.Filter) int { return strings.Compare(a.Resource().Key(), b.Resource().Key()) }
	slices.SortFunc(in, compare)
	return slices.CompactFunc(in, func(a, b lf.Filter) bool { return compare(a, b) == 0 })
}

// subscription resolves one subscription.
func (p *planner) subscription(s Subscription) SubscriptionPlan {
	producer, product := s.producer()
	out := SubscriptionPlan{
		Consumer:    s.Consumer,
		Producer:    producer,
		Product:     product,
		Sensitivity: s.wanted(),
		Columns:     slices.Sorted(slices.Values(s.Columns)),
		Except:      slices.Sorted(slices.Values(s.Except)),
		Rows:        s.condition(),
		Tags:        p.d.subscribedTags(s),
		Purpose:     s.Purpose,
		Approver:    s.Approver,
		Expires:     s.Expires,
		Crosses:     p.environment(producer) != p.environment(s.Consumer),
	}
	if out.Crosses {
		out.Recipient = p.recipient(s)
	}
	for _, name := range s.Principals {
		out.Principals = append(out.Principals, PrincipalPlan{Name: name, Identifier: p.d.identifier(p.stage, name)})
	}
	slices.SortFunc(out.Principals, func(a, b PrincipalPlan) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// identifier is what Lake Formation takes for a principal's name in a stage: the
// identifier that the mesh gives it, else the pipeline role of the domain that
// the name is made of, else "".
func (d *Definition) identifier(stage, principal string) string {
	if identifier, ok := d.Principals[principal]; ok {
		return d.resolveAccount(stage, identifier)
	}
	for _, domain := range d.Domains {
		if principal == PipelinePrincipal(domain.Name) {
			n := names{mesh: d.Name, stage: stage, env: d.environment(stage, domain.Account)}
			return n.roleARN(n.pipelineRole(domain.Name))
		}
	}
	return ""
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
func (p *planner) filters(s SubscriptionPlan) []lf.Filter {
	if !s.isFiltered() {
		return nil
	}
	var out []lf.Filter
	for _, t := range p.product(s.Producer, s.Product) {
		columns := narrowed(p.d.shownColumns(s.Producer, t.Contract, t.Table, s.Sensitivity, s.Tags), s.Columns, s.Except)
		if len(columns) == 0 {
			continue
		}
		f := lf.Filter{Database: t.Database, Table: t.Table.Name, Rows: s.Rows}
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
func (p *planner) rights(s SubscriptionPlan, filters []lf.Filter) []lf.Grant {
	rights := []lf.Grant{{
		Resource: lf.TagPolicy(lf.Databases,
			p.is(ontology.FacetDomain, s.Producer),
			p.is(ontology.FacetZone, string(p.productZone(s.Producer, s.Product))),
		),
		Permissions: []lf.Permission{lf.Describe},
	}}
	if !s.isFiltered() {
		rights = append(rights, lf.Grant{
			Resource: lf.TagPolicy(lf.Tables, append(conditions(s.Tags),
				p.is(ontology.FacetDomain, s.Producer),
				p.is(ontology.FacetProduct, s.Product),
				p.is(ontology.FacetSensitivity, words(s.Sensitivity)...),
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
