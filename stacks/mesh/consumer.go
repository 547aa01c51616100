package mesh

import (
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// ConsumerPlan is everything one domain subscribes to. It is planned for a domain
// without subscriptions too, for the reason that SharePlan gives.
type ConsumerPlan struct {
	Domain        string               // name of the domain
	Environment   Environment          // where the domain stands
	StackName     string               // name of its stack
	Catalogs      []Environment        // other environments that it reads from
	Subscriptions []SubscriptionPlan   // those that have not ended, sorted
	Filters       []lf.DataCellsFilter // on tables of its own environment
	Grants        []lf.Grant           // in its own environment, of every subscription, merged
	Ending        *EndingPlan          `json:",omitempty"` // nil for a domain that subscribes to nothing
}

// subscriptionPlanner plans the grants of subscriptions from the lakes of their
// producers.
type subscriptionPlanner struct {
	*site

	ontologies    *ontologies
	subscriptions []SubscriptionPlan            // those that have not ended, sorted
	expired       []SubscriptionPlan            // the others, sorted
	byConsumer    map[string][]SubscriptionPlan // the same, by the domain that reads
	byProducer    map[string][]SubscriptionPlan // the same, by the domain that is read
	lakes         map[string]*lake              // by domain
	jobs          *meshJobs                     // of every domain
}

// group lists the subscriptions by their domains.
func (p *subscriptionPlanner) group() {
	p.byConsumer, p.byProducer = map[string][]SubscriptionPlan{}, map[string][]SubscriptionPlan{}
	for _, s := range p.subscriptions {
		p.byConsumer[s.Consumer] = append(p.byConsumer[s.Consumer], s)
		p.byProducer[s.Producer] = append(p.byProducer[s.Producer], s)
	}
}

// tables are those of the product of a subscription, sorted.
func (p *subscriptionPlanner) tables(s SubscriptionPlan) []TablePlan {
	other := func(t TablePlan) bool { return t.Product != s.Product }
	return slices.DeleteFunc(slices.Clone(p.lakes[s.Producer].tables), other)
}

// planConsumer plans everything that one domain subscribes to, in its own environment.
func (p *subscriptionPlanner) planConsumer(domain string) ConsumerPlan {
	n := p.names(domain)
	out := ConsumerPlan{Domain: domain, Environment: p.environment(domain), StackName: n.SubscriptionStack(domain)}
	var grants []lf.Grant
	for _, s := range p.byConsumer[domain] {
		filters := p.filters(s)
		out.Subscriptions = append(out.Subscriptions, s)
		grants = append(grants, p.consumerGrants(s, filters)...)
		if s.Crosses {
			out.Catalogs = append(out.Catalogs, p.environment(s.Producer))
			continue
		}
		out.Filters = append(out.Filters, filters...)
	}
	slices.SortFunc(out.Catalogs, compareEnvironments)
	out.Catalogs = slices.Compact(out.Catalogs)
	out.Filters = sortedFilters(out.Filters)
	out.Grants = lf.MergeGrants(grants)
	out.Ending = p.planEnding(domain, n.EndingMachine(domain), endSubscriptions,
		p.all(func(s SubscriptionPlan) bool { return s.Consumer == domain }),
		func(s SubscriptionPlan) []lf.Grant { return p.consumerGrants(s, p.filters(s)) })
	return out
}

// consumerGrants are what a subscription grants in the environment of who reads.
func (p *subscriptionPlanner) consumerGrants(s SubscriptionPlan, filters []lf.DataCellsFilter) []lf.Grant {
	if s.Crosses {
		return p.crossingGrants(s, filters)
	}
	return s.toPrincipals(p.grants(s, filters))
}

// crossingGrants are the consumer's half of a subscription that crosses environments:
// what its account passes on, and the sight of the resource link.
func (p *subscriptionPlanner) crossingGrants(s SubscriptionPlan, filters []lf.DataCellsFilter) []lf.Grant {
	grants := []lf.Grant{{
		Resource:    lf.Database(p.tables(s)[0].Database), // the link has its name
		Permissions: []lf.Permission{lf.Describe},
	}}
	if s.Recipient != "" {
		for _, g := range p.grants(s, filters) {
			g.Resource = g.Resource.In(p.environment(s.Producer).Account)
			grants = append(grants, g)
		}
	}
	return s.toPrincipals(grants)
}

// sortedFilters sorts filters by what identifies them. Two subscriptions that
// show the same cells share one filter.
func sortedFilters(in []lf.DataCellsFilter) []lf.DataCellsFilter {
	compare := func(a, b lf.DataCellsFilter) int { return strings.Compare(a.Resource().Key(), b.Resource().Key()) }
	slices.SortFunc(in, compare)
	return slices.CompactFunc(in, func(a, b lf.DataCellsFilter) bool { return compare(a, b) == 0 })
}

// filters are the data cells filters of a subscription that is filtered: one per
// table that has a column to show.
func (p *subscriptionPlanner) filters(s SubscriptionPlan) []lf.DataCellsFilter {
	if !s.isFiltered() {
		return nil
	}
	var out []lf.DataCellsFilter
	for _, t := range p.tables(s) {
		columns := narrowed(p.ontologies.shownColumns(s.Producer, t.Contract, t.Table, s.Sensitivity, s.Tags), s.Columns, s.Except)
		if len(columns) == 0 {
			continue
		}
		f := lf.DataCellsFilter{Database: t.Database, Table: t.Table.Name, Rows: s.Rows.Text()}
		if s.isNarrowed() || len(columns) < len(t.Table.Columns) {
			f.Columns = columns
		}
		out = append(out, f.Named(filterPrefix(s.Consumer, s.Product)))
	}
	return out
}

// grants are what a subscription lets its principals do, without naming them:
// see the product's database, and read either the tables and columns whose tags
// meet the subscription, or the cells of its filters. Filters show one table
// each, tag policies any number of them, so without rows the grants do not grow
// with the tables.
func (p *subscriptionPlanner) grants(s SubscriptionPlan, filters []lf.DataCellsFilter) []lf.Grant {
	product := lf.Product{Mesh: p.mesh, Domain: s.Producer, Name: s.Product, Zone: p.tables(s)[0].Zone}
	grants := []lf.Grant{product.Describe()}
	if !s.isFiltered() {
		grants = append(grants, product.Read(s.Sensitivity, tagConditions(s.Tags)...))
	}
	for _, f := range filters {
		grants = append(grants, lf.Grant{Resource: f.Resource(), Permissions: []lf.Permission{lf.Select}})
	}
	return grants
}

// toPrincipals are grants to every principal of a subscription, and to the jobs that read by
// it.
func (s SubscriptionPlan) toPrincipals(grants []lf.Grant) []lf.Grant {
	var out []lf.Grant
	for _, principal := range s.Principals {
		out = append(out, lf.GrantTo(principal.Identifier, grants...)...)
	}
	for _, job := range s.Jobs {
		out = append(out, lf.GrantTo(job.RoleARN, grants...)...)
	}
	return out
}

// tagConditions are the values of the ontology as parts of an LF-Tag policy.
func tagConditions(tags []ontology.Tag) []lf.Condition {
	var out []lf.Condition
	for _, tag := range tags {
		out = append(out, lf.Condition{Key: tag.Key, Values: tag.Values})
	}
	return out
}
