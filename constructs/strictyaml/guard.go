package strictyaml

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// Bounds on what is read. They are far above what people write by hand and far
// below what would make the parser slow or run out of stack.
const (
	maxBytes    = 4 << 20
	maxDepth    = 100
	maxValues   = 500_000
	maxProblems = 1000
	// For these the parser's time grows with the square, and its stack with the number.
	maxExplicit = 1000 // keys written with ?
	maxKeys     = 5000 // keys of one mapping that is written in lines, not in { }
)

// fault is a mistake that stops a parse.
type fault struct {
	line, column       int
	got, expected, fix string
}

// normalize returns the text with Unix line ends and without a byte order mark,
// or the fault that keeps it from being YAML.
func normalize(data []byte) (string, *fault) {
	if len(data) > maxBytes {
		return "", &fault{
			got: fmt.Sprintf("%d bytes", len(data)), expected: fmt.Sprintf("at most %d bytes", maxBytes),
			fix: "split the file",
		}
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	line, column := 1, 1
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			return strings.ToValidUTF8(text, "\ufffd"), &fault{
				line: line, column: column, got: fmt.Sprintf("the byte 0x%02x, which is not UTF-8", text[i]),
				expected: "text in UTF-8", fix: "save the file as UTF-8",
			}
		case r == '\n':
			line, column = line+1, 1
			continue
		case r < ' ' && r != '\t' || r == 0x7f || r == 0xfeff || r == 0xfffe || r == 0xffff:
			return text, &fault{
				line: line, column: column, got: fmt.Sprintf("the control character U+%04X", r),
				expected: "printable text", fix: "remove it, or write it as an escape in double quotes",
			}
		}
		column++
	}
	return text, nil
}

// refuse returns what makes tokens unfit for the parser, which would take them
// but too long, or run out of stack.
func refuse(tokens token.Tokens) *fault {
	if tk := tooDeep(tokens); tk != nil {
		return faultAt(tk, fmt.Sprintf("values nested more than %d deep", maxDepth), "fewer levels", "flatten the document")
	}
	var (
		explicit       int
		content, ended bool
		directive      bool         // in the lines before the document
		end            *token.Token // of the first document
	)
	for _, tk := range tokens {
		switch tk.Type {
		case token.DocumentHeaderType, token.DocumentEndType:
			if content {
				ended = true
				end = tk
			}
			directive = false
			continue
		case token.DirectiveType:
			directive = true
			continue
		case token.CommentType:
			continue
		case token.MappingKeyType:
			if explicit++; explicit > maxExplicit {
				return faultAt(tk, fmt.Sprintf("more than %d keys written with ?", maxExplicit), "keys written as key: value", "write the keys without ?")
			}
		default:
		}
		if directive {
			continue
		}
		if ended {
			if end.Type == token.DocumentEndType {
				end = tk
			}
			return secondDocument(end)
		}
		content = true
	}
	if tk := tooWide(tokens); tk != nil {
		return faultAt(tk, fmt.Sprintf("more than %d keys in one mapping", maxKeys), "fewer keys", "split the mapping, or write a list")
	}
	return nil
}

func secondDocument(tk *token.Token) *fault {
	return faultAt(tk, "a second YAML document", "one document in the file", "move what follows into a file of its own")
}

// tooDeep returns the first token that nests deeper than maxDepth. The parser
// calls itself for each level, so this must be known before it starts.
func tooDeep(tokens token.Tokens) *token.Token {
	var (
		columns []int // of the open block collections
		flow    int   // open [ and {
		prefix  int   // tags, anchors and ? before one value
	)
	for _, tk := range tokens {
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(0, flow-1)
		case token.TagType, token.AnchorType, token.MappingKeyType, token.AliasType:
			prefix++
		case token.DocumentHeaderType, token.DocumentEndType:
			columns, flow, prefix = columns[:0], 0, 0
		case token.CommentType:
			continue
		default:
			prefix = 0
		}
		if flow == 0 && tk.Position != nil {
			for len(columns) > 0 && columns[len(columns)-1] >= tk.Position.Column {
				columns = columns[:len(columns)-1]
			}
			if nests(tk) {
				columns = append(columns, tk.Position.Column)
			}
		}
		if len(columns)+flow+prefix > maxDepth {
			return tk
		}
	}
	return nil
}

// tooWide returns the first key of a block mapping that has more than maxKeys
// before it. The parser reads the keys of one by calling itself for each, and
// copies the rest of them each time.
func tooWide(tokens token.Tokens) *token.Token {
	type block struct{ column, keys int }
	var (
		open []block
		flow int
	)
	for _, tk := range tokens {
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(0, flow-1)
		case token.DocumentHeaderType, token.DocumentEndType:
			open, flow = open[:0], 0
		case token.CommentType:
			continue
		default:
		}
		if flow > 0 || tk.Position == nil || !nests(tk) {
			continue
		}
		column := tk.Position.Column
		for len(open) > 0 && open[len(open)-1].column > column {
			open = open[:len(open)-1]
		}
		if len(open) == 0 || open[len(open)-1].column < column {
			open = append(open, block{column: column})
		}
		last := &open[len(open)-1]
		if tk.Type == token.SequenceEntryType {
			last.keys = 0
			continue
		}
		if last.keys++; last.keys > maxKeys {
			return tk
		}
	}
	return nil
}

// nests reports whether the token opens a level of a block collection: the dash
// of a list or the first token of a key.
func nests(tk *token.Token) bool {
	return tk.Type == token.SequenceEntryType || tk.Type == token.MappingKeyType ||
		tk.Next != nil && tk.Next.Type == token.MappingValueType
}

func faultAt(tk *token.Token, got, expected, fix string) *fault {
	line, column := place(tk)
	return &fault{line: line, column: column, got: got, expected: expected, fix: fix}
}

// place returns the line and column of a token, 1 and 1 when it has none.
func place(tk *token.Token) (line, column int) {
	if tk == nil || tk.Position == nil {
		return 1, 1
	}
	return max(1, tk.Position.Line), max(1, tk.Position.Column)
}
