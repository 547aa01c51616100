package lineage

import (
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	parser "github.com/bytebase/parser/trino"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// syntaxErrors keeps the first thing that the grammar does not take; what follows is
// mostly a consequence of it.
type syntaxErrors struct {
	antlr.DefaultErrorListener

	parser *parser.TrinoParser
	first  *problem.Problem
}

// SyntaxError is called by the parser.
func (s *syntaxErrors) SyntaxError(_ antlr.Recognizer, symbol any, _, _ int, _ string, e antlr.RecognitionException) {
	if s.first != nil {
		return
	}
	token, isToken := symbol.(antlr.Token)
	if e != nil && e.GetOffendingToken() != nil { // where the parser saw it, not where it began to look
		token, isToken = e.GetOffendingToken(), true
	}
	if !isToken {
		s.first = &problem.Problem{Path: "query", Got: "text that is no SQL", Expected: "a SELECT or WITH statement", Fix: "correct it"}
		return
	}
	expected := ""
	if s.parser.GetTokenStream().LT(-1) == nil {
		expected = "SELECT or WITH"
	} else if s.parser.GetCurrentToken() == token {
		expected = expectedWords(s.parser)
	}
	s.first = unexpected(token, expected)
}

// expectedWords are the words that may stand where the parser is, "" where they are too
// many to help.
func expectedWords(p *parser.TrinoParser) string {
	const most = 8
	var words []string
	name := false
	for _, interval := range p.GetExpectedTokens().GetIntervals() {
		for i := interval.Start; i < interval.Stop; i++ {
			switch {
			case i == parser.TrinoParserSEMICOLON_:
				words = append(words, endOfQuery)
			case i == parser.TrinoParserIDENTIFIER_:
				name = true
			case name || i >= len(p.LiteralNames) || p.LiteralNames[i] == "":
			default:
				words = append(words, strings.Trim(p.LiteralNames[i], "'"))
			}
		}
	}
	if name { // every word that is not reserved is among the others
		return "a name or a value"
	}
	if len(words) == 0 || len(words) > most {
		return ""
	}
	slices.Sort(words)
	return strings.Join(words, " or ")
}

const (
	endOfQuery = "the end of the query"

	clauses    = "write the clauses in the order FROM, WHERE, GROUP BY, HAVING, ORDER BY, OFFSET, LIMIT"
	queryAlone = "write the query alone"
	inBraces   = "write {product.table} for a table, or remove the brace"
)

// hints are the fixes of mistakes that people often make, by the word where the parser
// stopped.
var hints = map[string]string{
	";":       "remove the semicolon: a query is one statement",
	"{":       inBraces,
	"}":       inBraces,
	"QUALIFY": "Athena has no QUALIFY: filter in an outer SELECT",
	"ILIKE":   "Athena has no ILIKE: write lower(x) LIKE 'text'",
	"RLIKE":   "Athena has no RLIKE: write regexp_like(x, 'pattern')",
	"VIEW":    "LATERAL VIEW is of Hive: write CROSS JOIN UNNEST(list) AS t (item)",
	"=":       "compare with one =",
	"SELECT":  "put the inner query in parentheses, or join the two by UNION ALL",
	"FROM":    "remove the comma before FROM, or name the column that is missing",
	")":       "complete what stands before it, or remove it",
	"OFFSET":  clauses,
	"GROUP":   clauses,
	"WHERE":   clauses,
	"HAVING":  clauses,
	"ORDER":   clauses,
	"INSERT":  queryAlone,
	"CREATE":  queryAlone,
	"MERGE":   queryAlone,
	"DELETE":  queryAlone,
	"UPDATE":  queryAlone,
	"USING":   "name the function alone: those outside Athena cannot be followed",
}

// unexpected is a problem with a word that cannot stand where it stands.
func unexpected(t antlr.Token, expected string) *problem.Problem {
	if expected == "" {
		expected = "what Trino's grammar has in this place"
	}
	if isEnd(t) {
		return at(t, endOfQuery, expected, "complete the query")
	}
	fix, known := hints[strings.ToUpper(t.GetText())]
	if !known {
		fix = "correct it; a name that is a word of SQL stands in double quotes"
	}
	return at(t, text(t), expected, fix)
}

// isEnd reports whether a word is the end that Parse has put behind the query.
func isEnd(t antlr.Token) bool {
	return t.GetTokenType() == antlr.TokenEOF || t.GetStart() == t.GetInputStream().Size()-1
}

// text is a word of the query as a problem shows it.
func text(t antlr.Token) string {
	const most = 60
	out := []rune(t.GetText())
	if len(out) > most {
		out = append(out[:most:most], '…')
	}
	return string(out)
}
