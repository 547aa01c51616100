// Package randommesh draws meshes that have nothing wrong, with all that a mesh may have:
// products of every zone, format and level, an ontology, stores, crawlers, jobs, and
// subscriptions narrowed in every way. Properties that hold for any mesh are tested on
// them: of plans, and of the templates that are made of plans.
package randommesh

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/fhirstore/healthlake"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/promised"
)

// Draw draws a definition that has nothing wrong.
func Draw(t *rapid.T) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion,
		Name:       rapid.StringMatching(`[b-r][a-z0-9]{0,6}(-[a-z0-9]{1,3})?`).Draw(t, "mesh"),
		Stages:     map[string]mesh.Stage{},
		Principals: map[string]string{},
	}
	regions := rapid.SampledFrom([][]string{{"us-east-1", "eu-west-1"}, {"cn-north-1"}, {"us-gov-west-1", "us-gov-east-1"}}).Draw(t, "regions")
	iam := "arn:" + mesh.Partition(regions[0]) + ":iam::"
	for i := range rapid.IntRange(1, 2).Draw(t, "stages") {
		d.Stages[fmt.Sprintf("s%d", i)] = mesh.Stage{
			Region:  rapid.SampledFrom(regions).Draw(t, "region"),
			Sharing: mesh.Sharing{Organization: Organization(regions[0])},
			// The two names may stand for one account in one stage only.
			Accounts: map[string]string{
				"left":  fmt.Sprintf("1%011d", i),
				"right": fmt.Sprintf("%d%011d", 1+rapid.IntRange(0, 1).Draw(t, "apart"), i),
			},
		}
	}
	d.Admins = rapid.SampledFrom([][]string{nil, {iam + "{left}:role/A"}, {iam + "{left}:role/A", iam + "{left}:user/B"}}).Draw(t, "admins")
	for i := range rapid.IntRange(1, 4).Draw(t, "domains") {
		d.Domains = append(d.Domains, domain(t, i))
	}
	keepRecords(t, d)
	keepImages(t, d)
	keepSequences(t, d)
	for i := range d.Domains {
		crawl(t, &d.Domains[i])
		makeTables(t, &d.Domains[i])
	}
	tagRandomly(t, d)
	subscribe(t, d, iam)
	compose(t, d)
	return d
}

func domain(t *rapid.T, i int) mesh.Domain {
	out := mesh.Domain{
		Name:    fmt.Sprintf("d-%d", i),
		Account: rapid.SampledFrom([]string{"left", "right"}).Draw(t, "account"),
		Owner:   "team@d.example",
	}
	for q := range rapid.IntRange(0, 3).Draw(t, "queries") {
		out.Queries = append(out.Queries, mesh.Query{Name: fmt.Sprintf("q%d", q), SQL: "SELECT 1"})
	}
	for p := range rapid.IntRange(0, 3).Draw(t, "products") {
		k := &contract.Contract{
			Name: fmt.Sprintf("p%d", p),
			Zone: rapid.SampledFrom(append(ontology.Zones(), "")).Draw(t, "zone"),
		}
		for n := range rapid.IntRange(1, 3).Draw(t, "tables") {
			table := contract.Table{
				Name:    fmt.Sprintf("p%d_t%d", p, n),
				Format:  rapid.SampledFrom([]contract.Format{"", contract.FormatIceberg, contract.FormatParquet}).Draw(t, "format"),
				Columns: columns(t),
			}
			if rapid.IntRange(0, 3).Draw(t, "external") == 0 {
				table.Location = fmt.Sprintf("s3://outside-%d/%d/", i, rapid.IntRange(0, 1).Draw(t, "prefix"))
			}
			k.Tables = append(k.Tables, table)
		}
		out.Contracts = append(out.Contracts, k)
	}
	return out
}

// keepRecords draws FHIR stores, where HealthLake is in every stage.
func keepRecords(t *rapid.T, d *mesh.Definition) {
	for _, stage := range d.Stages {
		if !slices.Contains(healthlake.Regions(), stage.Region) {
			return
		}
	}
	for i := range d.Domains {
		if rapid.IntRange(0, 2).Draw(t, "records") > 0 {
			continue
		}
		store := &mesh.FhirStore{Landing: rapid.SampledFrom([]string{"", "in/fhir/"}).Draw(t, "landing")}
		if rapid.Bool().Draw(t, "readers") {
			store.Readers = []string{mesh.JobPrincipal(d.Domains[i].Name)}
		}
		d.Domains[i].FhirStore = store
	}
}

func column(name, glue string, level ontology.Sensitivity) contract.Column {
	return contract.Column{Name: name, Type: glue, Classification: string(level), Sensitivity: level}
}

// columns draws a table's columns; each table has a key that rows can be kept by.
func columns(t *rapid.T) []contract.Column {
	level := rapid.SampledFrom(ontology.Sensitivities())
	out := []contract.Column{column("key", "string", level.Draw(t, "key"))}
	for c := range rapid.IntRange(0, 4).Draw(t, "columns") {
		drawn := column(fmt.Sprintf("c%d", c), "int", level.Draw(t, "level"))
		switch {
		case drawn.Sensitivity == ontology.PHI && rapid.Bool().Draw(t, "identifier"):
			drawn.Identifier = ontology.Name
		case drawn.Sensitivity == ontology.PHI && rapid.Bool().Draw(t, "unclassified"):
			drawn.Classification, drawn.Sensitivity = "", ""
		}
		out = append(out, drawn)
	}
	return out
}

// Organization is the one that the accounts of a drawn mesh in a region are in.
func Organization(region string) string {
	return "arn:" + mesh.Partition(region) + ":organizations::999999999999:organization/o-abcdefghij"
}

// subscribe draws subscriptions between domains. Each consumer
// has principals of its own, and jobs read from later domains only.
func subscribe(t *rapid.T, d *mesh.Definition, iam string) {
	for i, consumer := range d.Domains {
		var readers []string
		for n := range rapid.IntRange(1, 2).Draw(t, "readers") {
			name := fmt.Sprintf("reader-%d-%d", i, n)
			d.Principals[name] = fmt.Sprintf("%s{%s}:role/%s", iam, consumer.Account, name)
			readers = append(readers, name)
		}
		for j, producer := range d.Domains {
			for _, k := range producer.Contracts {
				if i == j || rapid.Bool().Draw(t, "skip") {
					continue
				}
				who := slices.Clone(readers)
				if i < j && rapid.Bool().Draw(t, "pipeline") {
					who = append(who, mesh.JobPrincipal(consumer.Name))
				}
				levels := someLevels(t, k)
				s := mesh.Subscription{
					Tags:     someTags(t, k, levels),
					Consumer: consumer.Name, Principals: who[rapid.IntRange(0, len(who)-1).Draw(t, "first"):],
					Product:     producer.Name + "." + k.Name,
					Sensitivity: levels,
					Rows:        someRows(t, k),
					Purpose:     "research", Approver: "team@d.example", Expires: "2030-01-01",
					Share: rapid.SampledFrom([]string{"", mesh.ShareAccount, mesh.ShareOrganization, mesh.SharePrincipals}).Draw(t, "share"),
				}
				narrow(t, &s, k)
				d.Subscriptions = append(d.Subscriptions, s)
			}
		}
	}
}

// someRows draws a condition, where every table has the column that it is about.
func someRows(t *rapid.T, k *contract.Contract) rowfilter.Condition {
	for i := range k.Tables {
		if k.Tables[i].Column("key") == nil {
			return rowfilter.Condition{}
		}
	}
	none := rowfilter.Condition{}
	return rapid.SampledFrom([]rowfilter.Condition{none, none, rowfilter.Equals("key", "x"), rowfilter.Raw(`"key" IN ('x', 'y')`)}).Draw(t, "rows")
}

// shown are the columns of a table that a subscription shows.
func shown(s *mesh.Subscription, k *contract.Contract, table contract.Table) []string {
	var out []string
	for _, c := range table.Columns {
		if c.Sensitivity == "" {
			c.Sensitivity = ontology.PHI
		}
		ok := slices.Contains(s.Sensitivity, string(c.Sensitivity)) && !slices.Contains(s.Except, c.Name) && (len(s.Columns) == 0 || slices.Contains(s.Columns, c.Name))
		for key, values := range s.Tags {
			ok = ok && slices.Contains(values, promised.Decided(key, k, table, c))
		}
		if ok {
			out = append(out, c.Name)
		}
	}
	return out
}

// narrow draws columns of those that a subscription shows, to list or to except.
func narrow(t *rapid.T, s *mesh.Subscription, k *contract.Contract) {
	set := map[string]bool{}
	for _, table := range k.Tables {
		for _, name := range shown(s, k, table) {
			set[name] = true
		}
	}
	shown := rapid.Permutation(slices.Sorted(maps.Keys(set))).Draw(t, "narrowed")
	switch rapid.IntRange(0, 3).Draw(t, "narrow") {
	case 0:
		s.Columns = shown[:rapid.IntRange(1, len(shown)).Draw(t, "listed")]
	case 1:
		if n := rapid.IntRange(0, len(shown)-1).Draw(t, "excepted"); n > 0 {
			s.Except = shown[:n]
		}
	}
}

// someLevels draws some of the levels that a product's columns have.
func someLevels(t *rapid.T, k *contract.Contract) []string {
	set := map[string]bool{}
	for _, table := range k.Tables {
		for _, c := range table.Columns {
			if c.Sensitivity == "" {
				c.Sensitivity = ontology.PHI
			}
			set[string(c.Sensitivity)] = true
		}
	}
	all := slices.Sorted(maps.Keys(set))
	return rapid.Permutation(all).Draw(t, "levels")[:rapid.IntRange(1, len(all)).Draw(t, "count")]
}

// Shuffled is the same definition in another order, without a shared slice.
func Shuffled(t *rapid.T, d *mesh.Definition) *mesh.Definition {
	out := *d
	out.Admins = permuted(t, d.Admins)
	out.Guardrails = permuted(t, d.Guardrails)
	out.Stages, out.Principals = maps.Clone(d.Stages), maps.Clone(d.Principals)
	out.Domains = permuted(t, d.Domains)
	for i := range out.Domains {
		out.Domains[i].Contracts = permuted(t, out.Domains[i].Contracts)
		out.Domains[i].Queries = permuted(t, out.Domains[i].Queries)
		out.Domains[i].Crawlers = permuted(t, out.Domains[i].Crawlers)
	}
	out.Subscriptions = permuted(t, d.Subscriptions)
	for i := range out.Subscriptions {
		out.Subscriptions[i].Principals = permuted(t, out.Subscriptions[i].Principals)
		out.Subscriptions[i].Sensitivity = permuted(t, out.Subscriptions[i].Sensitivity)
		out.Subscriptions[i].Columns = permuted(t, out.Subscriptions[i].Columns)
		out.Subscriptions[i].Except = permuted(t, out.Subscriptions[i].Except)
	}
	return &out
}

func permuted[T any](t *rapid.T, in []T) []T {
	if len(in) == 0 {
		return in
	}
	return rapid.Permutation(in).Draw(t, "order")
}
