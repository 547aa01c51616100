package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var selectPattern = regexp.MustCompile(`(?is)^\s*(select|with)\b`)

// maxSQL keeps the encoded view below the 409,600 characters of Glue's
// ViewOriginalText, with room for its columns.
const maxSQL = 200_000

func checkView(f *findings, t *Table) {
	checkSelect(f, t.View.SQL, "view", "CREATE VIEW")
	f.tableIf(t.Format != "", "the format "+string(t.Format)+" of a view", "no format", "remove it: a view has no files", fieldFormat)
	f.tableIf(t.Location != "", "the location of a view", "no location", "remove it: a view has no files", fieldLocation)
	f.tableIf(len(t.SortOrder) > 0, "the sort order of a view", "no sort order", "write ORDER BY in the query", customSortOrder)
	f.tableIf(len(t.Properties) > 0, "table properties of a view", "none", "remove them", customTableProps)
	for i, c := range t.Columns {
		f.columnIf(c.Partition > 0, i, "a partition key of a view", "no partition keys", "partition the tables below it", fieldPartition)
		f.columnIf(c.Projection != nil, i, "the projection of a view", "none", "remove it", customProjection)
		f.columnIf(c.Transform != "", i, "the partition transform of a view", "none", "remove it", customTransform)
	}
}

// checkSelect checks that a query is one SELECT or WITH statement.
func checkSelect(f *findings, query, of, without string) {
	sql := strings.TrimSpace(query)
	switch {
	case sql == "":
		f.table("a "+of+" without a query", "a SELECT or WITH statement", "set the custom property sql", customSQL)
	case !selectPattern.MatchString(sql):
		f.table(fmt.Sprintf("a query that starts with %q", brief(strings.Fields(sql)[0])), "a SELECT or WITH statement", "write the query alone, without "+without, customSQL)
	case strings.HasSuffix(sql, ";"):
		f.table("a query that ends with ;", "one statement without ;", "remove the semicolon", customSQL)
	case len(sql) > maxSQL:
		f.table(fmt.Sprintf("a query with %d characters", len(sql)), fmt.Sprintf("at most %d", maxSQL), "split the "+of, customSQL)
	}
}

var (
	// Comments and texts hold no names of tables.
	noNames = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'`)
	// A word, a quoted name, or one character that is neither.
	sqlToken = regexp.MustCompile(`"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$@]*|[^\s]`)
	sqlName  = regexp.MustCompile(`^("|[\p{L}_])`)
)

// endOfFrom are the words after which a list of tables is over.
var endOfFrom = []string{"where", "group", "having", "order", "limit", "offset", "fetch", "union", "intersect", "except", "window", "select", "with"}

// Reads are the tables that the view's SQL names, as database.table or table, in lower
// case without quotes, each once in the order in which they occur; not those that WITH
// makes, nor functions. What the SQL says is not parsed in full: names are looked for
// behind FROM and JOIN.
func (v *View) Reads() []string {
	tokens := sqlToken.FindAllString(noNames.ReplaceAllString(v.SQL, " "), -1)
	made := map[string]bool{}
	for i := range tokens {
		if i+2 < len(tokens) && strings.EqualFold(tokens[i+1], "as") && tokens[i+2] == "(" && sqlName.MatchString(tokens[i]) {
			made[plainName(tokens[i])] = true
		}
	}
	var out []string
	for i := range tokens {
		word := strings.ToLower(tokens[i])
		if word != "from" && word != "join" {
			continue
		}
		for _, name := range tablesAt(tokens, i+1) {
			if !made[name] && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// tablesAt are the tables that a list behind FROM or JOIN names.
func tablesAt(tokens []string, i int) []string {
	var out []string
	for depth, expected := 0, true; i < len(tokens); i++ {
		token := strings.ToLower(tokens[i])
		switch {
		case token == "(":
			depth++
			expected = false
		case token == ")":
			if depth--; depth < 0 {
				return out
			}
		case depth > 0: // a subquery has a FROM of its own
		case slices.Contains(endOfFrom, token) || token == "join" || token == "on":
			return out
		case token == ",":
			expected = true
		case expected && (token == "lateral" || token == "only"):
		case expected && sqlName.MatchString(tokens[i]):
			name := plainName(tokens[i])
			for i+2 < len(tokens) && tokens[i+1] == "." {
				name += "." + plainName(tokens[i+2])
				i += 2
			}
			if i+1 >= len(tokens) || tokens[i+1] != "(" { // else a function
				out = append(out, lastTwo(name))
			}
			expected = false
		}
	}
	return out
}

func plainName(token string) string {
	return strings.ToLower(strings.ReplaceAll(strings.Trim(token, `"`), `""`, `"`))
}

// lastTwo leaves the name of the catalog out.
func lastTwo(name string) string {
	parts := strings.Split(name, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}
