package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readContent reads a template in JSON or YAML and keeps numbers as they are written. It
// returns the keys that stand twice in one place.
func readContent(file string) (content map[string]any, repeated []string, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	if trimmed := bytes.TrimSpace(data); filepath.Ext(file) == ".json" || bytes.HasPrefix(trimmed, []byte("{")) {
		var out map[string]any
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		err := decoder.Decode(&out)
		if err == nil || filepath.Ext(file) == ".json" {
			if err != nil {
				err = fmt.Errorf("%s:%d: %w", file, 1+bytes.Count(data[:offsetOf(err, data)], []byte("\n")), err)
			}
			return out, nil, err
		}
	}
	if content, repeated, err = contentOfYAML(data); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	return content, repeated, nil
}

// offsetOf is where in JSON an error stands: at its end, where the error is that it ends.
func offsetOf(err error, data []byte) int {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return int(syntax.Offset)
	case errors.As(err, &wrong):
		return 0
	}
	return len(data)
}

// pseudo finds names such as AWS::Region that follow a tag without quotes: the parser
// takes them for a key where they stand in braces.
var pseudo = regexp.MustCompile(`(![A-Za-z]+ +)([\w./-]+::[\w.:/-]+)([,}\]\s]|$)`)

// alone finds functions without an argument within braces, such as !GetAZs: the parser takes
// the end of the list for their argument.
var alone = regexp.MustCompile(`(![A-Za-z0-9]+)( *[,}\]])`)

// contentOfYAML reads a template in YAML. Short forms of functions become long ones.
func contentOfYAML(data []byte) (content map[string]any, repeated []string, err error) {
	file, err := parser.ParseBytes(alone.ReplaceAll(pseudo.ReplaceAll(data, []byte(`$1"$2"$3`)), []byte(`$1 ""$2`)), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, nil, err
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil, nil
	}
	var read yamlReader
	out, err := read.value(file.Docs[0].Body)
	if err != nil {
		return nil, nil, err
	}
	content, _ = out.(map[string]any)
	return content, read.repeated, nil
}

// yamlReader notes the keys that stand twice in one place.
type yamlReader struct{ repeated []string }

// value returns a node as JSON would have it.
func (r *yamlReader) value(node ast.Node) (any, error) {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return nil, nil
	case *ast.MappingNode:
		return r.object(n.Values)
	case *ast.MappingValueNode:
		return r.object([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		out := make([]any, 0, len(n.Values))
		for _, item := range n.Values {
			value, err := r.value(item)
			if err != nil {
				return nil, err
			}
			out = append(out, value)
		}
		return out, nil
	case *ast.AnchorNode:
		return r.value(n.Value)
	case *ast.TagNode:
		return r.function(n)
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode:
		return number(n.GetToken().Value), nil
	case *ast.FloatNode:
		return number(n.GetToken().Value), nil
	}
	position := node.GetToken().Position
	return nil, fmt.Errorf("line %d, column %d: got %s; expected what CloudFormation reads, which has no aliases and no merged keys",
		position.Line, position.Column, strings.ToLower(node.Type().String()))
}

// number keeps a number as it is written, and one that is none in JSON, such as an
// account that begins with 0, as a text.
func number(text string) any {
	if json.Valid([]byte(text)) {
		return json.Number(text)
	}
	return text
}

func (r *yamlReader) object(entries []*ast.MappingValueNode) (any, error) {
	out := make(map[string]any, len(entries))
	for _, entry := range entries {
		key, err := r.value(entry.Key)
		if err != nil {
			return nil, err
		}
		name, isText := scalar(key)
		if !isText {
			position := entry.GetToken().Position
			return nil, fmt.Errorf("line %d, column %d: a key is not a text", position.Line, position.Column)
		}
		if _, twice := out[name]; twice {
			position := entry.GetToken().Position
			r.repeated = append(r.repeated, fmt.Sprintf("%s in line %d", name, position.Line))
		}
		if out[name], err = r.value(entry.Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// function returns the long form of a short intrinsic function, such as !Sub.
func (r *yamlReader) function(n *ast.TagNode) (any, error) {
	value, err := r.value(n.Value)
	if err != nil {
		return nil, err
	}
	switch name, isShort := strings.CutPrefix(n.Start.Value, "!"); {
	case !isShort || strings.HasPrefix(name, "!"): // such as !!str
		if text, isText := scalar(value); isText && name == "!str" {
			return text, nil
		}
		return value, nil
	case name == "Ref", name == "Condition":
		return map[string]any{name: value}, nil
	default:
		return map[string]any{"Fn::" + name: value}, nil
	}
}
