package deidentify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// types checks that the method takes what the sources are and gives what the
// target is.
func (c *checker) types(out Column, target *contract.Column, at string) {
	for _, in := range out.inputs {
		if expected := takes(out.Method, in.kind); expected != "" {
			c.list.Addf(at+".transformSourceObjects", fmt.Sprintf("%s of the type %s for the method %s", in.path, in.kind, out.Method), expected, "name another column or a field of it, or another method")
			return
		}
	}
	kind := typeOf(target)
	if out.Method == ontology.Constant && !literal(out.logic, kind) {
		c.list.Addf(at+".transformLogic", fmt.Sprintf("%q for the type %s", out.logic, kind), "one literal of that type: 'text', 12, 1.5, true or false", "write one, in single quotes if it is a text")
		return
	}
	if expected := gives(out, kind); expected != "" {
		c.list.Addf(at+".physicalType", fmt.Sprintf("the type %s for a value made by %s", kind, out.Method), expected, "correct the type, or the method")
	}
}

// takes says what types the method takes, "" when kind is one of them.
func takes(m ontology.Method, kind gluetype.Type) string {
	good, expected := true, ""
	switch m {
	case ontology.HMAC:
		good, expected = kind.IsText() || kind.IsWhole(), "a text or a whole number"
	case ontology.Year, ontology.Shift, ontology.Days:
		good, expected = kind.IsTime() || kind.IsText(), "a date, a timestamp or a text that starts with an ISO 8601 date"
	case ontology.AgeGroup:
		good, expected = kind.IsTime() || kind.IsText() || kind.IsWhole(), "a date, a timestamp, a text that starts with an ISO 8601 date, or an age in years"
	case ontology.ZIP3, ontology.Generalize:
		good, expected = kind.IsText(), "a text"
	default:
	}
	if good {
		return ""
	}
	return expected
}

// gives says what types the target of a method has, "" when kind is one.
func gives(out Column, kind gluetype.Type) string {
	good, expected := true, ""
	switch out.Method {
	case ontology.Keep:
		from := out.inputs[0].kind
		good, expected = holds(kind, from), "the type of its source, "+from.Iceberg().String()
	case ontology.HMAC, ontology.AgeGroup, ontology.ZIP3, ontology.Generalize:
		good, expected = kind.IsText(), "string"
	case ontology.Year, ontology.Days:
		good, expected = kind.Name == "int" || kind.Name == "bigint", "int or bigint"
	case ontology.Shift:
		from := out.inputs[0].kind
		good, expected = kind.Name == from.Name || from.IsText() && kind.Name == "date", "the type of its source, "+from.String()
	default:
	}
	if good {
		return ""
	}
	return expected
}

// holds reports whether a column of the type to takes every value of the type
// from: the same type, or a wider number.
func holds(to, from gluetype.Type) bool {
	from = from.Iceberg()
	return to.String() == from.String() || from.WidensTo(to)
}

var literals = []struct {
	pattern *regexp.Regexp
	types   string
}{
	{regexp.MustCompile(`^'([^']|'')*'$`), "string"},
	{regexp.MustCompile(`^-?[0-9]{1,9}$`), "int bigint double decimal"},
	{regexp.MustCompile(`^-?[0-9]{1,15}\.[0-9]{1,15}$`), "double decimal"},
	{regexp.MustCompile(`^(true|false)$`), "boolean"},
}

// literal reports whether the logic of a constant is one literal of the type.
func literal(logic string, kind gluetype.Type) bool {
	for _, l := range literals {
		if l.pattern.MatchString(logic) && slices.Contains(strings.Fields(l.types), kind.Name) {
			return true
		}
	}
	return false
}
