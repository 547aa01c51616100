package contract

import "regexp"

// A word in braces is a reference, or a mistake; {3} of a pattern and {"a": 1} are
// neither. Names of domains may begin with a digit, and have hyphens.
var (
	braces    = regexp.MustCompile(`\{(?:[A-Za-z_][A-Za-z0-9_.$-]*|[a-z0-9-]+\.[A-Za-z0-9_]+\.[a-z0-9_]+)\}`)
	reference = regexp.MustCompile(`^\{(?:([a-z0-9-]+)\.)?([A-Za-z0-9_]+)\.([a-z0-9_]+)\}$`)
)

const referenceForms = "{product.table} for a table of the same domain, {domain.product.table} for one of another that it subscribes to, or {" + FhirStoreReference + ".resource}"

// References are the tables that the query reads, each once, in the order in which
// they occur.
func (t *Table) References() []Reference {
	var out []Reference
	seen := map[Reference]bool{}
	t.ExpandTransformLogic(func(r Reference) string {
		if !seen[r] {
			out = append(out, r)
		}
		seen[r] = true
		return ""
	})
	return out
}

// ExpandTransformLogic is the query with what name returns in the place of every reference.
func (t *Table) ExpandTransformLogic(name func(Reference) string) string {
	return braces.ReplaceAllStringFunc(t.TransformLogic, func(word string) string {
		m := reference.FindStringSubmatch(word)
		if m == nil {
			return word
		}
		return name(Reference{Domain: m[1], Product: m[2], Table: m[3]})
	})
}

// checkQuery checks a table that is made by a query.
func checkQuery(f *findings, t *Table) {
	checkSelect(f, t.TransformLogic, "table", "INSERT or MERGE")
	for _, word := range braces.FindAllString(t.TransformLogic, -1) {
		f.tableIf(!reference.MatchString(word), word+" in the query", referenceForms, "correct it", customSQL)
	}
	f.tableIf(t.Format != "" && t.Format != FormatIceberg, "the format "+string(t.Format)+" of a table that is made by a query", string(FormatIceberg), "remove the format: other tables cannot be merged into", fieldFormat)
	f.tableIf(t.Location != "", "the location of a table that is made by a query", "no location", "remove it: the table is made in the lake of its domain", fieldLocation)
	f.tableIf(len(t.PrimaryKeyColumns()) == 0, "a query for a table without a primary key", "primaryKey: true on the columns that tell rows apart", "mark them: rows are merged by them", customSQL)
	f.tableIf(t.Deidentify != nil, "a query beside deidentify", "one of the two", "remove one: the SQL that de-identifies is generated", customSQL)
}
