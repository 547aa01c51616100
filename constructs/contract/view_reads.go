package contract

import (
	"regexp"
	"slices"
	"strings"
)

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
