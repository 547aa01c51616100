package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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

// compactedByNobody finds stages in regions where Glue has no table optimizers, of
// meshes with Iceberg tables: none are made there.
func (c *checker) compactedByNobody() {
	iceberg := func(p product) bool {
		return slices.ContainsFunc(p.contract.Tables, func(t contract.Table) bool { return t.Format == contract.FormatIceberg })
	}
	if !slices.ContainsFunc(c.products(), iceberg) {
		return
	}
	for _, name := range c.StageNames() {
		if region := c.d.Stages[name].Region; slices.Contains(Regions(), region) && !slices.Contains(optimizer.Regions(), region) {
			c.addf(at("stages", name, "region"), region+", where Glue does not optimize Iceberg tables", oneOf(optimizer.Regions()),
				"compact them and expire their snapshots by a job: OPTIMIZE and VACUUM in Athena; the mesh makes no optimizers there")
		}
	}
}

// unclassified finds columns of a contract written in Go that say nothing of
// their sensitivity. Loading a file finds them itself.
func (c *checker) unclassified(p product) {
	if p.contract.File != "" {
		return
	}
	for i, t := range p.contract.Tables {
		for j, column := range t.Columns {
			if column.Classification == "" && column.Sensitivity == "" {
				path := cmp.Or(column.Path, tablePath(t, i)+".columns"+at(j))
				c.inContract(p, path, fmt.Sprintf("column %q without a classification", column.Name), oneOf(words(ontology.Sensitivities())), "classify it; until then it counts as phi")
			}
		}
	}
}

// mostRestrictive finds tables with columns for which nobody chose a value of a
// key that the mesh uses.
func (c *checker) mostRestrictive(p product) {
	known := c.d.vocabularies(c.d.Domains[p.domain].Name)
	for _, key := range slices.Sorted(maps.Keys(known)) {
		v := known[key]
		if !v.whole || v.last() == "" || !c.d.used(key) {
			continue
		}
		for i, t := range p.contract.Tables {
			for _, column := range t.Columns {
				if _, said := firstValue(key, column.LFTags, t.LFTags, p.contract.LFTags); !said {
					c.inContract(p, tablePath(t, i), fmt.Sprintf("no %s for the table %s", key, t.Name), oneOf(v.values),
						fmt.Sprintf("choose one in lfTags; until then it is %s, the most restrictive", v.last()))
					break
				}
			}
		}
	}
}
