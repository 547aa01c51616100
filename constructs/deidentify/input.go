package deidentify

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// text makes a literal of a text.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func texts(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = text(v)
	}
	return strings.Join(out, ", ")
}

func typeOf(c *contract.Column) gluetype.Type {
	t, err := gluetype.Parse(c.Type)
	if err != nil {
		return gluetype.Type{Name: c.Type}
	}
	return t
}

// input is one value that a target column is made of.
type input struct {
	path  string // column, or column.field
	sql   string
	kind  gluetype.Type
	level ontology.Sensitivity
	// identifier is what the contract says the column holds. A date that the
	// contract does not call one is one, unless it is not about patients.
	identifier ontology.Identifier
}

// alias stands for the source in every statement.
const alias = "s"

// resolve finds the value that a path of the source names. The error says in
// words what is wrong.
func resolve(source *contract.Table, path string) (input, error) {
	steps := strings.Split(path, ".")
	column := source.Column(steps[0])
	if column == nil {
		return input{}, fmt.Errorf("the table %s has no column %q", source.Name, steps[0])
	}
	kind, err := gluetype.Parse(column.Type)
	if err != nil {
		return input{}, fmt.Errorf("column %q: %w", column.Name, err)
	}
	in := input{path: path, sql: merge.Quote(alias) + "." + merge.Quote(column.Name), kind: kind, level: column.Level(), identifier: column.Identifier}
	for _, step := range steps[1:] {
		if in.kind.Name == "array" {
			in.sql, in.kind = "element_at("+in.sql+", 1)", in.kind.Fields[0].Type
		}
		at := in.kind.IndexOf(step)
		if in.kind.Name != "struct" || at < 0 {
			return input{}, fmt.Errorf("%s has no field %q", in.kind, step)
		}
		in.sql, in.kind = in.sql+"."+merge.Quote(step), in.kind.Fields[at].Type
	}
	if in.identifier == "" && in.kind.IsTime() && in.level.Compare(ontology.Internal) > 0 {
		in.identifier = ontology.Date
	}
	return in, nil
}

// allowed lists the methods that may bring the value into a target of the
// standard.
func (in input) allowed(s ontology.DeidentifyStandard) []ontology.Method {
	switch {
	case in.identifier != "":
		return in.identifier.Methods(s)
	case in.level.Compare(ontology.PHI) >= 0:
		// Nobody has said what it holds: free text, as a rule.
		return []ontology.Method{ontology.Generalize}
	default:
		// It identifies nobody; methods for dates take texts with dates in them.
		methods := []ontology.Method{ontology.Keep, ontology.Generalize, ontology.HMAC, ontology.ZIP3}
		return append(methods, ontology.Date.Methods(s)...)
	}
}

// defaultMethod is what a target column gets that names no method.
func (in input) defaultMethod() ontology.Method {
	switch {
	case in.identifier != "":
		return in.identifier.DefaultMethod()
	case in.level.Compare(ontology.PHI) >= 0:
		return ontology.Drop
	default:
		return ontology.Keep
	}
}

// describe names the value for messages.
func (in input) describe() string {
	switch {
	case in.identifier != "":
		return fmt.Sprintf("the identifier %s in %s", in.identifier, in.path)
	case in.level.Compare(ontology.PHI) >= 0:
		return in.path + ", which is phi and says no identifier"
	default:
		return in.path
	}
}
