package contract

import (
	"fmt"
	"regexp"
	"strings"
)

// finding is what is wrong with a value, for a path to be added.
type finding struct{ got, expected, fix string }

// The parts of tables and columns that a finding may be about.
const (
	fieldName      = "name"
	fieldType      = "type"
	fieldFormat    = "format"
	fieldLocation  = "location"
	fieldDelimiter = "delimiter"
	fieldLevel     = "sensitivity"
	fieldID        = "identifier"
	fieldPartition = "partition"
	fieldPrimary   = "primaryKey"

	fieldProperties  = "properties"
	fieldPartitioned = "partitioned"
)

// Limits of the Glue catalog.
const (
	maxName             = 255
	maxComment          = 255
	maxTableDescription = 2048
	maxType             = 131072
)

var (
	namePattern = regexp.MustCompile(`^[a-z0-9_]+$`)
	filePattern = regexp.MustCompile(`^[a-z0-9_.-]+$`)
	fromPattern = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9_]+$`)
)

// checkName says what is wrong with the name of a table, column or field.
func checkName(name string) *finding {
	switch {
	case len(name) > maxName:
		return &finding{
			got: fmt.Sprintf("a name with %d characters", len(name)), expected: fmt.Sprintf("at most %d", maxName),
			fix: "set physicalName to a shorter one",
		}
	case namePattern.MatchString(name):
		return nil
	case namePattern.MatchString(strings.ToLower(name)):
		return &finding{
			got: fmt.Sprintf("the name %q", name), expected: "lower case, as Glue folds names and the table would never match its contract",
			fix: "set physicalName to " + strings.ToLower(name),
		}
	default:
		return &finding{
			got: fmt.Sprintf("the name %q", name), expected: "lower case letters, digits and _, which is what the catalog and every engine on it take",
			fix: "set physicalName to " + proposeName(name),
		}
	}
}

// AllowsColumn reports whether a column of the table may have a name: 1 to 255 lower case
// letters, digits and _. Columns of Parquet files outside the lake may also have points and
// hyphens: engines find them by the names in files that somebody else wrote. SQL quotes them.
func (t *Table) AllowsColumn(name string) bool {
	return t.checkColumnName(name) == nil
}

func (t *Table) checkColumnName(name string) *finding {
	if t.Location != "" && t.format() == FormatParquet && len(name) <= maxName && filePattern.MatchString(name) {
		return nil
	}
	return checkName(name)
}

// proposeName turns a name into one that the catalog takes.
func proposeName(name string) string {
	folded := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			if (r < '0' || r > '9') && r != '_' {
				return ' '
			}
		}
		return r
	}, strings.ToLower(name))
	if words := strings.Fields(folded); len(words) > 0 {
		return strings.Join(words, "_")
	}
	return "such a name"
}
