package lineage

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/antlr4-go/antlr/v4"
	parser "github.com/bytebase/parser/trino"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Query is a query that was parsed. It does not change, and can be resolved against
// several schemas.
type Query struct {
	tree       parser.IQueryContext
	references references
}

// maxNesting is how deep parentheses stand in one another at most. What is deeper was
// generated, and takes the parser longer than a person waits.
const maxNesting = 100

// Parse reads one SELECT or WITH statement without a semicolon. The error is a
// problem.List with one problem: the first thing that is no SQL of Trino, with Line and
// Column from 1 and the place in Path.
func Parse(sql string) (*Query, error) {
	text, refs := quoteReferences(sql)
	lexer := parser.NewTrinoLexer(antlr.NewInputStream(text + end))
	lexer.RemoveErrorListeners()
	tokens := antlr.NewCommonTokenStream(lexer, antlr.TokenDefaultChannel)
	tokens.Fill()
	if p := refuseTokens(tokens.GetAllTokens()); p != nil {
		return nil, problem.List{*p}
	}
	// The quick way of prediction is right for nearly every query; what it refuses is
	// read again the thorough way.
	tree, found := parse(tokens, antlr.PredictionModeSLL)
	if found != nil {
		tree, found = parse(tokens, antlr.PredictionModeLL)
	}
	if found != nil {
		return nil, problem.List{*found}
	}
	return &Query{tree, refs}, nil
}

// end is put behind a query: where the grammar sees no end of a statement, it takes
// x > ALL for one.
const end = "\n;"

func parse(tokens *antlr.CommonTokenStream, mode int) (parser.IQueryContext, *problem.Problem) {
	tokens.Seek(0)
	p := parser.NewTrinoParser(tokens)
	errors := &syntaxErrors{parser: p}
	p.RemoveErrorListeners()
	p.AddErrorListener(errors)
	p.GetInterpreter().SetPredictionMode(mode)
	tree := p.SingleStatement()
	if errors.first != nil {
		return nil, errors.first
	}
	if rest := tokens.LT(1); rest.GetTokenType() != antlr.TokenEOF {
		return nil, unexpected(tokens.LT(-1), endOfQuery)
	}
	statement, ok := tree.Statement().(*parser.StatementDefaultContext)
	if !ok || statement.RootQuery().WithFunction() != nil {
		return nil, unexpected(tree.GetStart(), "SELECT or WITH")
	}
	return statement.RootQuery().Query(), nil
}

// refuseTokens finds what is no word of SQL, and what is nested too deep.
func refuseTokens(tokens []antlr.Token) *problem.Problem {
	depth, arrows := 0, []int{0} // of lambdas in one another, in each parenthesis
	leave := func() {
		depth -= arrows[len(arrows)-1]
		arrows[len(arrows)-1] = 0
	}
	for i, t := range tokens {
		switch t.GetTokenType() {
		case parser.TrinoLexerUNRECOGNIZED_:
			fix := "remove it"
			switch {
			case t.GetText() == `"` || t.GetText() == "'":
				fix = "close the quotes"
			case t.GetText() == ":" && tokens[i+1].GetText() == ":":
				fix = "write CAST(x AS type)"
			case t.GetText() == ":":
				fix = "remove it; JSON_OBJECT takes KEY … VALUE …"
			}
			return at(t, text(t), "a name, a value, or a sign of SQL", fix)
		case parser.TrinoLexerLPAREN_, parser.TrinoLexerLSQUARE_, parser.TrinoLexerCASE_:
			depth++
			arrows = append(arrows, 0)
		case parser.TrinoLexerRPAREN_, parser.TrinoLexerRSQUARE_, parser.TrinoLexerEND_:
			leave()
			if len(arrows) > 1 {
				depth--
				arrows = arrows[:len(arrows)-1]
			}
		case parser.TrinoLexerRARROW_:
			depth++
			arrows[len(arrows)-1]++
		case parser.TrinoLexerCOMMA_:
			leave()
		}
		if depth > maxNesting {
			return at(t, fmt.Sprintf("more than %d parentheses in one another", maxNesting), "fewer", "name parts of the query in WITH")
		}
	}
	return nil
}

// at is a problem at a word of the query.
func at(t antlr.Token, got, expected, fix string) *problem.Problem {
	line, column := t.GetLine(), t.GetColumn()+1
	if isEnd(t) {
		line, column = lastPlace(t.GetInputStream())
	}
	return &problem.Problem{Line: line, Column: column, Path: place(line, column), Got: got, Expected: expected, Fix: fix}
}

// lastPlace is where a query ends, without what Parse has put behind it.
func lastPlace(text antlr.CharStream) (line, column int) {
	last := text.Size() - len(end) - 1
	if last < 0 {
		return 1, 1
	}
	query := text.GetText(0, last)
	line = strings.Count(query, "\n") + 1
	return line, utf8.RuneCountInString(query[strings.LastIndex(query, "\n")+1:]) + 1
}

// place is where something stands in a query.
func place(line, column int) string { return fmt.Sprintf("line %d, column %d", line, column) }
