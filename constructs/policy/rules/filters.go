package rules

import "regexp"

func filterRules() []Rule {
	return []Rule{{
		ID:     "LF30",
		Title:  "A filter lists columns or excludes some, and has an expression or takes every row",
		Why:    "Both or neither of a pair fail at deployment, and the schema accepts both.",
		Fix:    "set ColumnNames or ColumnWildcard, and RowFilter.FilterExpression or RowFilter.AllRowsWildcard; {} is a wildcard",
		Source: `"AWS::LakeFormation::DataCellsFilter" (rule 4.1)`,
		check: func(a *app, report reporter) {
			for _, o := range a.byType[typeFilter] {
				checkColumns(o, report)
				checkEither(o, "RowFilter", "FilterExpression", "AllRowsWildcard", report)
			}
		},
	}, {
		ID:     "LF31",
		Title:  "The name of a filter follows its content",
		Why:    "Everything of a filter is create-only and its name is its identity: a changed expression under the same name collides with itself.",
		Fix:    "end the name with a hash of table, rows and columns, at least eight hexadecimal digits, as lakeformation.Filter.Named does",
		Source: `"AWS::LakeFormation::DataCellsFilter", update requires replacement (rule 4.2)`,
		check: func(a *app, report reporter) {
			for _, o := range a.byType[typeFilter] {
				if n := text(o.props, "Name"); known(n) && !hashed.MatchString(n) {
					report(o, "Name", n, "a name that ends with a hash")
				}
			}
		},
	}}
}

var hashed = regexp.MustCompile(`(?i)(^|[^0-9a-f])[0-9a-f]{8,64}$`)

func checkColumns(o *object, report reporter) {
	named, wildcard := has(o.props, "ColumnNames"), has(o.props, "ColumnWildcard")
	if named && wildcard {
		report(o, "", "ColumnNames and ColumnWildcard", "one of them")
	}
	if !named && !wildcard {
		report(o, "", "neither ColumnNames nor ColumnWildcard", "one of them")
	}
}
