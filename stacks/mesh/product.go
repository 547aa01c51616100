package mesh

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// catalogName is what Glue and LF-Tags take without folding it (rule 6.5).
var (
	catalogName = regexp.MustCompile(`^[a-z0-9_]+$`)
	notInNames  = regexp.MustCompile(`[^a-z0-9]+`)
)

// checkProducts checks the contracts of a domain. Its tables may be made from those of
// its FHIR store, where it has one.
func (c *findings) checkProducts(own products, o *ontologies, kept copies, hasFhirStore bool) {
	tables := map[string]product{} // by zone and table name
	for _, p := range own {
		for _, found := range problem.Of(p.contract.Validate()) {
			c.inContract(p, found.Path, found.Got, found.Expected, found.Fix)
		}
		c.checkProduct(p, own)
		c.checkTags(p, o.of(p.owner))
		if len(p.contract.Tables) == 0 {
			c.inContract(p, "schema", "no table", "at least one table", "describe the tables of the product")
		}
		for i, t := range p.contract.Tables {
			c.checkTable(p, i, t, tables)
			c.checkDeidentified(p, i, own)
			c.checkQuery(p, i, own, hasFhirStore)
		}
		c.checkDeployed(p, kept, false)
	}
	c.refuseCircles(own)
}

// checkProduct checks what a contract says about the whole product, beyond what
// makes it a contract.
func (c *findings) checkProduct(p product, own products) {
	k := p.contract
	first := own[slices.IndexFunc(own, func(other product) bool { return other.contract.Name == k.Name })]
	switch {
	case strings.TrimSpace(k.Name) == "": // reported by the contract
	case !catalogName.MatchString(k.Name):
		c.atName(p, quote(k.Name), "a name of lower-case letters, digits and _", nameFix(k.Name))
	case len(k.Name) > maxTagValue:
		c.atName(p, fmt.Sprintf("a name of %d characters", len(k.Name)), atMost(maxTagValue, "characters, as it is the value of an LF-Tag"), "shorten it")
	case first.index != p.index:
		c.atName(p, fmt.Sprintf("%q, which %s is called too", k.Name, first.place()), "a name of its own for each product of a domain", "rename one of the two")
	}
	if k.Domain != "" && k.Domain != p.owner {
		c.inContract(p, "domain", quote(k.Domain), "the domain that the mesh lists the contract under, "+p.owner, "correct the contract, or list it under its domain")
	}
	if strings.EqualFold(k.Status, "retired") {
		c.inContract(p, "status", quote(k.Status), "a contract that is not retired", "take the contract out of the mesh; its data is kept")
	}
}

// atName reports a finding about the name of a product where the name stands: in
// the mesh file, or at the key of the contract.
func (c *findings) atName(p product, got, expected, fix string) {
	if path := c.source.nameOf(p.contract); path != "" {
		c.addf(path, got, expected, fix)
		return
	}
	c.inContract(p, cmp.Or(p.contract.NamePath, "name"), got, expected, fix)
}

// nameFix says how a product with a title comes to a name.
func nameFix(title string) string {
	example := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(title), "_"), "_")
	if example == "" {
		example = "lab_results"
	}
	return "name it " + example + "; a title may stay where productNames of the domain, or the custom property product of the contract, has the name"
}

// checkTable checks a table against the others of its domain: those of one zone stand
// in one database.
func (c *findings) checkTable(p product, i int, t contract.Table, seen map[string]product) {
	path, zone := tablePath(t, i), string(p.contract.Zone.OrDefault())
	key := zone + "/" + t.Name
	if other, taken := seen[key]; !taken {
		seen[key] = p
	} else if other.contract != p.contract && t.Name != "" {
		c.inContract(p, path+".name", fmt.Sprintf("%q, which %s has too", t.Name, other.place()), "a name of its own for each table of zone "+zone+" of a domain", "rename one of the two")
	}
	if len(t.Columns) == 0 {
		c.inContract(p, path, "no column", "at least one column", "describe the columns of the table")
	}
	for j, column := range t.Columns {
		c.checkColumn(p, cmp.Or(column.Path, path+".columns"+at(j)), column)
	}
}

// checkColumn checks one column against the ontology and against what its product
// promises.
func (c *findings) checkColumn(p product, path string, column contract.Column) {
	named, _ := ontology.ParseSensitivity(column.Classification)
	switch {
	case column.Classification == "":
	case misclassified(column):
		known := words(ontology.Sensitivities())
		c.inContract(p, path+".classification", quote(column.Classification), oneOf(known), "classify the column with a word of the ontology"+suggest(column.Classification, known))
		return
	case named != column.Level():
		c.inContract(p, path+".classification", fmt.Sprintf("%q on column %q, whose sensitivity is %s", column.Classification, column.Name, column.Level()), "a classification that names the sensitivity", "set only one of the two, or both alike")
	}
	c.checkIdentifier(p, path, column)
}

// checkIdentifier checks that what identifies a patient is phi, and that no column is
// more sensitive than its product says. A product that is declared deidentified
// holds no identifiers, with or without the guardrail of that name.
func (c *findings) checkIdentifier(p product, path string, column contract.Column) {
	declared := p.contract.Level()
	if id := column.Identifier; id != "" {
		if l := column.Level(); l.Compare(ontology.PHI) < 0 {
			c.inContract(p, path+".classification", fmt.Sprintf("%s on the identifier %s in column %q", l, id, column.Name), "phi, as an identifier of a patient is", "classify the column as phi, or say that it holds no identifier")
		}
		if declared.Valid() && declared.Compare(ontology.Deidentified) <= 0 {
			c.inContract(p, path, fmt.Sprintf("the identifier %s in column %q of product %q, which is %s", id, column.Name, p.contract.Name, declared), "no identifiers in a product that is "+string(declared)+" ("+DeidentifiedHasNoIdentifiers+")", "leave the column out of the product, or declare the product as phi")
			return
		}
	}
	if l := column.Level(); declared.Valid() && declared.Compare(l) < 0 {
		c.inContract(p, path, fmt.Sprintf("column %q, which is %s, in product %q, which is declared %s", column.Name, unclassified(column, l), p.contract.Name, declared), "columns that are at most "+string(declared), "leave the column out, classify it lower, or declare the product as "+string(l))
	}
}

// unclassified says of a level that it was not chosen, where it was not.
func unclassified(c contract.Column, l ontology.Sensitivity) string {
	if c.Classification == "" && l == ontology.PHI {
		return "phi (as it is not classified)"
	}
	return string(l)
}

// misclassified reports whether a column's classification is no word of the
// ontology.
func misclassified(c contract.Column) bool {
	_, ok := ontology.ParseSensitivity(c.Classification)
	return c.Classification != "" && !ok
}

const maxTable = 255

// noteUnclassified finds columns of a contract written in Go that say nothing of
// their sensitivity. Loading a file finds them itself.
func (c *findings) noteUnclassified(p product) {
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

// noteNoOptimizers finds stages in regions where Glue has no table optimizers, of
// meshes with Iceberg tables: none are made there.
func (c *checker) noteNoOptimizers(all products) {
	iceberg := func(p product) bool {
		return slices.ContainsFunc(p.contract.Tables, func(t contract.Table) bool { return t.Format == contract.FormatIceberg })
	}
	if !slices.ContainsFunc(all, iceberg) {
		return
	}
	for _, name := range c.stages.Names() {
		if region := c.stages[name].Region; slices.Contains(Regions(), region) && !slices.Contains(optimizer.Regions(), region) {
			c.addf(at("stages", name, "region"), region+", where Glue does not optimize Iceberg tables", oneOf(optimizer.Regions()),
				"compact them and expire their snapshots by a job: OPTIMIZE and VACUUM in Athena; the mesh makes no optimizers there")
		}
	}
}
