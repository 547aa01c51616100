package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// readable leaves out what was found about values that could not be read.
func (b *builder) readable(list problem.List) problem.List {
	return slices.DeleteFunc(list, func(p problem.Problem) bool {
		return slices.ContainsFunc(b.unread, func(path string) bool { return strings.HasPrefix(p.Path, path) })
	})
}

func (b *builder) tooLong(at string, got, most int) {
	b.warn(at, fmt.Sprintf("%d characters", got), fmt.Sprintf("at most %d, which is what the catalog keeps", most), "shorten it; the catalog gets the beginning")
}

// builder turns a decoded file into a contract.
type builder struct {
	doc      *strictyaml.Document
	raw      odcs.File
	edition  string // the version that the file is read by
	iceberg  bool   // whether the columns that are built are those of an Iceberg table
	problems problem.List
	warnings problem.List

	custom map[string]string // paths of the values of custom properties, by place
	unread []string          // those whose shape is wrong
}

// field returns the path that a finding about a part of a table or column
// belongs to: the key that the file has for it.
func (b *builder) field(base, name string) string {
	if path, found := b.custom[problem.Key(base, name)]; found {
		return path
	}
	keys := map[string][]string{
		fieldName: {"physicalName", "name"},
		fieldType: {"physicalType", "logicalType"},
	}[name]
	for _, key := range append(keys, name) {
		if path := problem.Key(base, key); b.doc.Has(path) {
			return path
		}
	}
	if len(keys) == 0 {
		keys = []string{name}
	}
	return problem.Key(base, keys[len(keys)-1])
}

// before reports whether the file is of an older version.
func (b *builder) before(version string) bool { return odcs.Before(b.edition, version) }

func (b *builder) problem(path, got, expected, fix string) { b.problems.Addf(path, got, expected, fix) }

func (b *builder) warn(path, got, expected, fix string) { b.warnings.Addf(path, got, expected, fix) }

// variablePattern is a reference to a variable of v3.2.0, with a default or
// without one.
var variablePattern = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}`)

// resolve puts the defaults of variables into a place. A contract is built alike on
// every machine, so that no variable has a value: one without a default is a
// mistake where a table would stand somewhere else for it.
func (b *builder) resolve(text, at string) string {
	if b.before(odcs.V320) || !strings.Contains(text, "${") {
		return text
	}
	return variablePattern.ReplaceAllStringFunc(text, func(reference string) string {
		m := variablePattern.FindStringSubmatch(reference)
		if m[2] == "" {
			b.problem(at, fmt.Sprintf("the variable %s, which has no value here", m[1]), "a place that is the same on every machine", fmt.Sprintf("write the value, or a default: ${%s:-value}", m[1]))
			return "unknown"
		}
		return m[3]
	})
}
