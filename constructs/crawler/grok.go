package crawler

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// glueGrokNames are the patterns that Glue knows by itself.
// Source: "Writing grok custom classifiers", AWS Glue built-in patterns.
var glueGrokNames = strings.Fields(`
	USERNAME USER INT BASE10NUM NUMBER BASE16NUM BASE16FLOAT BOOLEAN POSINT NONNEGINT WORD NOTSPACE SPACE DATA GREEDYDATA
	QUOTEDSTRING UUID MAC CISCOMAC WINDOWSMAC COMMONMAC IPV6 IPV4 IP HOSTNAME HOST HOSTPORT
	PATH UNIXPATH TTY WINPATH URIPROTO URIHOST URIPATH URIPARAM URIPATHPARAM URI
	MONTH MONTHNUM MONTHNUM2 MONTHDAY DAY YEAR HOUR MINUTE SECOND TIME DATE_US DATE_EU ISO8601_TIMEZONE ISO8601_SECOND
	TIMESTAMP_ISO8601 DATE DATESTAMP TZ DATESTAMP_RFC822 DATESTAMP_RFC2822 DATESTAMP_OTHER DATESTAMP_EVENTLOG HTTPDERROR_DATE
	SYSLOGTIMESTAMP PROG SYSLOGPROG SYSLOGHOST SYSLOGFACILITY HTTPDATE LOGLEVEL
	SYSLOGBASE COMMONAPACHELOG COMBINEDAPACHELOG COMMONAPACHELOG_DATATYPED`)

// grokTypes are the types of a column; text has none.
var grokTypes = []string{"byte", "boolean", "double", "short", "int", "long", "float"}

var grokReference = regexp.MustCompile(`%\{([^}]*)\}`)

// grokName is NAME, NAME:column or NAME:column:type.
var grokName = regexp.MustCompile(`^([A-Z][A-Z0-9_]*)(?::([a-z_][a-z0-9_]*)(?::([a-z]+))?)?$`)

func (g *Grok) check(list *problem.List) {
	required(list, "Grok.Classification", g.Classification)
	patternText, custom := cdkx.Value(g.Pattern, ""), cdkx.Value(g.CustomPatterns, "")
	if n := len(patternText); n < 1 || n > 2048 {
		list.Addf("Grok.Pattern", fmt.Sprintf("%d characters", n), "1 to 2048", "put parts into CustomPatterns")
	}
	if n := len(custom); n > 16_000 {
		list.Addf("Grok.CustomPatterns", fmt.Sprintf("%d characters", n), "at most 16000", "shorten them")
	}
	known := slices.Clone(glueGrokNames)
	for line := range strings.Lines(custom) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, body, found := strings.Cut(line, " ")
		if !found || !grokName.MatchString(name) || strings.Contains(name, ":") {
			list.Addf("Grok.CustomPatterns", cdkx.Quote(line), `a line "NAME regular expression"`, "name the pattern in upper case")
			continue
		}
		checkGrok(list, "Grok.CustomPatterns", body, known)
		known = append(known, name)
	}
	columns := checkGrok(list, "Grok.Pattern", patternText, known)
	if len(columns) == 0 && patternText != "" {
		list.Addf("Grok.Pattern", cdkx.Quote(patternText), "at least one column", "name a part, as in %{DATA:code}")
	}
}

// checkGrok checks the references of a pattern and returns their columns.
func checkGrok(list *problem.List, path, pattern string, known []string) []string {
	var columns []string
	for _, m := range grokReference.FindAllStringSubmatch(pattern, -1) {
		parts := grokName.FindStringSubmatch(m[1])
		switch {
		case parts == nil:
			list.Addf(path, cdkx.Quote(m[0]), "%{NAME}, %{NAME:column} or %{NAME:column:type}", "write names in upper and columns in lower case")
			continue
		case !slices.Contains(known, parts[1]):
			list.Addf(path, fmt.Sprintf("pattern %s", parts[1]), "a pattern of Glue's own or one of an earlier line of CustomPatterns", "define it before it is used")
		case parts[3] != "" && !slices.Contains(grokTypes, parts[3]):
			list.Addf(path, fmt.Sprintf("type %q in %s", parts[3], m[0]), fmt.Sprintf("one of %v", grokTypes), "leave the type out for text")
		}
		if parts[2] == "" {
			continue
		}
		if slices.Contains(columns, parts[2]) {
			list.Addf(path, fmt.Sprintf("column %q twice", parts[2]), "each column once", "rename one")
		}
		columns = append(columns, parts[2])
	}
	return columns
}

// Grok is text with a record on each line.
type Grok struct {
	// Classification is the name of the format, for tables. Required.
	Classification *string

	// Pattern of a line, from 1 to 2048 characters: %{NAME:column:type}, where the
	// type is one of byte, boolean, double, short, int, long and float, or left out
	// for text. Required.
	Pattern *string

	// CustomPatterns define further names, each on a line "NAME regular expression",
	// at most 16,000 characters.
	// Default: only Glue's own names.
	CustomPatterns *string
}
