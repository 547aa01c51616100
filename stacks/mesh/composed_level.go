package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// level is that of a reference, phi where it is not known; false for one that binds
// nothing: a column of the own domain, unless it is phi and the product is not, and what is
// no table of the mesh, which the job is not granted.
func (c *composed) level(ref lineage.ColumnRef) (ontology.Sensitivity, bool) {
	source, known := c.sources[ref.Table]
	if !known {
		return "", false
	}
	var levels []ontology.Sensitivity
	for _, column := range source.columns(ref) {
		levels = append(levels, column.Level())
	}
	level := ontology.MostSensitive(levels...)
	// Of a person index a domain sees phi of its own records alone (checkPHI).
	own := source.domain == c.product.owner || level == ontology.PHI && personIndexOf(source.contract) != nil
	return level, !own || level == ontology.PHI && c.product.contract.MaxSensitivity() != ontology.PHI
}

// most is the most sensitive of references, and its level; false without any.
func (c *composed) most(refs []lineage.ColumnRef) (worst lineage.ColumnRef, level ontology.Sensitivity, found bool) {
	for _, ref := range refs {
		l, known := c.level(ref)
		if known && (!found || l.Compare(level) > 0) {
			worst, level, found = ref, l, true
		}
	}
	return worst, level, found
}

// made is what a column of the table is made of: what the query gives under its name, or all
// that it gives where that is not known.
func (c *composed) made(reads *lineage.Reads, name string) []lineage.ColumnRef {
	var all []lineage.ColumnRef
	for _, out := range reads.Output {
		if out.Name == name {
			return out.From
		}
		all = append(all, out.From...)
	}
	return all
}

// checkLevels refuses columns that are less sensitive than what they are made of.
func (c *composed) checkLevels(reads *lineage.Reads) {
	const fix = "classify it so, and the product; only deidentify leads to a lower level"
	if worst, level, found := c.most(reads.Filters); found && level == ontology.PHI {
		for _, column := range c.table.Columns {
			if column.Level() != ontology.PHI {
				c.refuse(fmt.Sprintf("%s, which is phi and decides which rows there are, for column %q, which is %s", spelled(worst), column.Name, column.Level()),
					"columns that are phi, in a product that is: who is in the result says what the column says",
					"filter by other columns, or make the table by deidentify from one that is phi")
				return
			}
		}
	}
	for _, column := range c.table.Columns {
		worst, level, found := c.most(c.made(reads, column.Name))
		if found && level.Compare(column.Level()) > 0 {
			c.inContract(c.product, columnPath(c.table, c.path, column.Name), fmt.Sprintf("%s for column %q, which is made of %s, which is %s", column.Level(), column.Name, spelled(worst), level),
				"a level that is not lower than "+string(level), fix)
		}
	}
}

// spelled names what a column is made of.
func spelled(ref lineage.ColumnRef) string {
	if ref.Column == "*" {
		return "the rows of " + ref.Table
	}
	return ref.Column + " of " + ref.Table
}

// checkValues refuses columns whose value for a key of the ontology of the mesh restricts less
// than that of what they are made of and chosen by in other domains. No value restricts most: no subscription that
// narrows by the key shows the column.
func (c *composed) checkValues(reads *lineage.Reads) {
	owner := c.product.owner
	known := c.ontologies.of(owner)
	keys := make([]string, 0, len(known))
	for key := range known {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	resolved := c.product.contract.Resolve()
	for _, column := range c.table.Columns {
		has := c.ontologies.columnTags(owner, resolved, c.table, column)
		refs := slices.Concat(c.made(reads, column.Name), reads.Filters)
		for _, key := range keys {
			v := known[key]
			if !v.whole {
				continue // means nothing in other domains
			}
			worst, value := c.mostRestrictive(refs, v)
			if value == "" || has[v.tagKey] == "" || v.rank(has[v.tagKey]) >= v.rank(value) {
				continue
			}
			c.inContract(c.product, columnPath(c.table, c.path, column.Name),
				fmt.Sprintf("%s %s for column %q, which is made of or chosen by %s, whose %s is %s", key, has[v.tagKey], column.Name, spelled(worst), key, value),
				"a value that restricts as much as "+value, "choose it in lfTags of the column, the table or the contract")
			return // of the others the same will be true
		}
	}
}

// mostRestrictive is the value for a key that restricts most among references to other
// domains; "" where none has a value.
func (c *composed) mostRestrictive(refs []lineage.ColumnRef, v vocabulary) (worst lineage.ColumnRef, value string) {
	for _, ref := range refs {
		source, known := c.sources[ref.Table]
		if !known || source.table == nil || source.domain == c.product.owner {
			continue
		}
		for _, column := range source.columns(ref) {
			if has := c.ontologies.columnTags(source.domain, source.contract, *source.table, *column)[v.tagKey]; has != "" && (value == "" || v.rank(has) > v.rank(value)) {
				worst, value = ref, has
			}
		}
	}
	return worst, value
}

// refusePHITables refuses a query that cannot be made out and reads what may be phi, for a
// product that is not: it may take anything along.
func (c *composed) refusePHITables() {
	l := c.product.contract.MaxSensitivity()
	if l == ontology.PHI {
		return
	}
	var phi []string
	for _, r := range c.table.References() {
		if source := c.sources[r.String()]; source.table == nil || source.table.MaxSensitivity() == ontology.PHI {
			phi = append(phi, r.String())
		}
	}
	if len(phi) > 0 {
		c.refuse(fmt.Sprintf("a query that reads %s, which hold phi, for product %q, which is %s", strings.Join(phi, ", "), c.product.contract.Name, l),
			"a product that is phi", "declare it so, or make the table by deidentify from one that is phi: a query may take anything along")
	}
}
