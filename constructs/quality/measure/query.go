package measure

import (
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/internal/merge"
)

var (
	// placeholder is what queries have in the place of the table and of the column.
	placeholder = regexp.MustCompile(`\$?\{(object|table|property|column)\}`)

	// counting is a query that counts rows.
	counting = regexp.MustCompile(`(?i)^SELECT\s+COUNT\s*\([^()]*\)(\s+AS\s+"?\w+"?)?\s+FROM\b`)

	// condition is a query that counts the rows of the table with a condition.
	condition = regexp.MustCompile(`(?is)^SELECT\s+COUNT\s*\(\s*\*\s*\)(?:\s+AS\s+"?\w+"?)?\s+FROM\s+\$?\{(?:object|table)\}\s+WHERE\s+(.+)$`)

	// clause is what may follow a condition, or make it a query of its own.
	clause = regexp.MustCompile(`(?i)\b(SELECT|GROUP|HAVING|ORDER|LIMIT|OFFSET|FETCH|UNION|INTERSECT|EXCEPT|WINDOW|OVER|TABLESAMPLE)\b|--|/\*`)

	// quoted is a text or a name in quotes.
	quoted = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"`)
)

// sql makes a rule of its query: an aggregate where it counts rows with a condition and
// nothing else, so that the table is not scanned again.
func (c *compiler) sql(out *Rule) {
	query := strings.TrimRight(strings.TrimSpace(c.rule.Query), "; \t\r\n")
	if query == "" {
		c.refuse("query", "nothing", "a query that returns a number or a boolean", "write the query")
		return
	}
	if c.rule.Unit != "" && c.percent() {
		c.refuse("unit", "percent of what a query returns", "rows", "let the query return the percentage, without a unit")
	}
	if found := counting.FindString(query); found == "" {
		out.Shown = false
	}
	if parts := condition.FindStringSubmatch(query); parts != nil && !clause.MatchString(quoted.ReplaceAllString(parts[1], "''")) && !c.namesTable(parts[1]) {
		// A line of its own for what ends the condition.
		out.aggregate = "CAST(count_if(" + c.fill(parts[1]) + "\n  ) AS double)"
		return
	}
	out.query = c.fill(query)
}

// namesTable reports whether a text names the table, as a qualified column does.
func (c *compiler) namesTable(sql string) bool {
	for _, found := range placeholder.FindAllStringSubmatch(sql, -1) {
		if found[1] == "object" || found[1] == "table" {
			return true
		}
	}
	return false
}

// tableMark stands for the table until a statement says in which database it is.
const tableMark = "\x00table\x00"

// fill puts the table and the column in the place of what stands for them.
func (c *compiler) fill(query string) string {
	return placeholder.ReplaceAllStringFunc(query, func(found string) string {
		switch placeholder.FindStringSubmatch(found)[1] {
		case "object", "table":
			return tableMark
		}
		at, ok := c.place()
		if ok && at.inArray {
			c.refuse("query", found+" of elements of arrays", "a column or a field that each row has once", "name the column and use UNNEST")
		}
		return at.expression
	})
}

// from is the table as statements name it.
func from(database, table string) string { return merge.Quote(database) + "." + merge.Quote(table) }
