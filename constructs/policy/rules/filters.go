package rules

import (
	"fmt"
	"regexp"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func filterRules() []Rule {
	return []Rule{{
		ID:     "LF30",
		Title:  "A filter lists columns or excludes some, and has an expression or takes every row",
		Why:    "Both or neither of a pair fail at deployment, and the schema accepts both.",
		Fix:    "set ColumnNames or ColumnWildcard, and RowFilter.FilterExpression or RowFilter.AllRowsWildcard; {} is a wildcard",
		Source: `"AWS::LakeFormation::DataCellsFilter" (rule 4.1)`,
		check: each(func(o *object, report reporter) {
			checkColumns(o, report)
			checkEither(o, "RowFilter", "FilterExpression", "AllRowsWildcard", report)
		}, typeFilter),
	}, {
		ID:     "LF31",
		Title:  "The name of a filter follows its content",
		Why:    "Everything of a filter is create-only and its name is its identity: a changed expression under the same name collides with itself.",
		Fix:    "end the name with a hash of table, rows and columns, at least eight hexadecimal digits, as lakeformation.DataCellsFilter.Named does",
		Source: `"AWS::LakeFormation::DataCellsFilter", update requires replacement (rule 4.2)`,
		check:  each(checkFilterName, typeFilter),
	}}
}

var (
	// hashed is in lower case: the capitals at the end of names that the CDK makes
	// are a hash of the construct's path, not of its content.
	hashed = regexp.MustCompile(`(^|[^0-9a-fA-F])[0-9a-f]{8,64}$`)
	ours   = regexp.MustCompile(`^(.*)_[0-9a-f]{8}$`)
)

// checkFilterName takes any hash, except that one in LakeMesh's own form must be
// of what the filter has now: an override may have changed that.
func checkFilterName(o *object, report reporter) {
	n := text(o.props, "Name")
	if !known(n) {
		return
	}
	if !hashed.MatchString(n) {
		report(o, "Name", n, "a name that ends with a hash of the content, in lower case")
		return
	}
	m := ours.FindStringSubmatch(n)
	if m == nil || strings.Contains(compact(o.props), "${") {
		return
	}
	elsewhere, _ := lf.DataCellsFilterFromCloudFormation(o.props)
	home := elsewhere
	home.Catalog = "" // of the stack's own account
	if want := home.Named(m[1]).Name; want != n && elsewhere.Named(m[1]).Name != n {
		report(o, "Name", n, fmt.Sprintf("%s, which lakeformation.DataCellsFilter.Named gives this content; or another hash, of more than eight digits", want))
	}
}

func checkColumns(o *object, report reporter) {
	named, wildcard := has(o.props, "ColumnNames"), has(o.props, "ColumnWildcard")
	if named && wildcard {
		report(o, "", "ColumnNames and ColumnWildcard", "one of them")
	}
	if !named && !wildcard {
		report(o, "", "neither ColumnNames nor ColumnWildcard", "one of them")
	}
}
