package governance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// results is a table with a column of each level, one of them not classified.
func results() *contract.Table {
	return &contract.Table{Name: "results", Columns: []contract.Column{
		{Name: "code", Type: "string", Sensitivity: ontology.Public},
		{Name: "value", Type: "double", Sensitivity: ontology.Deidentified},
		{Name: "study_id", Type: "string", Sensitivity: ontology.Internal},
		{Name: "seen", Type: "date", Sensitivity: ontology.Deidentified},
		{Name: "mrn", Type: "string", Sensitivity: ontology.PHI},
		{Name: "notes", Type: "string"},
	}}
}

func TestFilterOfProps(t *testing.T) {
	study := rowfilter.Equals("study_id", "O'Hara")
	levels := []ontology.Sensitivity{ontology.Deidentified, ontology.Public}
	for name, test := range map[string]struct {
		props                   governance.DataCellsFilterProps
		columns, wildcard, rows string
	}{
		"a condition":               {governance.DataCellsFilterProps{Rows: study}, `null`, `{}`, `{"FilterExpression":"study_id = 'O''Hara'"}`},
		"an expression":             {governance.DataCellsFilterProps{Rows: rowfilter.Raw("Study_ID='x'")}, `null`, `{}`, `{"FilterExpression":"study_id = 'x'"}`},
		"columns":                   {governance.DataCellsFilterProps{Columns: []string{"value", "code"}}, `["code","value"]`, `null`, `{"AllRowsWildcard":{}}`},
		"excluded columns":          {governance.DataCellsFilterProps{ExcludedColumns: []string{"notes", "mrn"}, Schema: results()}, `null`, `{"ExcludedColumnNames":["mrn","notes"]}`, `{"AllRowsWildcard":{}}`},
		"levels":                    {governance.DataCellsFilterProps{Sensitivity: levels, Schema: results()}, `["code","seen","value"]`, `null`, `{"AllRowsWildcard":{}}`},
		"phi and what has no level": {governance.DataCellsFilterProps{Sensitivity: []ontology.Sensitivity{ontology.PHI}, Schema: results()}, `["mrn","notes"]`, `null`, `{"AllRowsWildcard":{}}`},
		"every level":               {governance.DataCellsFilterProps{Sensitivity: ontology.Sensitivities(), Schema: results()}, `["code","mrn","notes","seen","study_id","value"]`, `null`, `{"AllRowsWildcard":{}}`},
		"levels and rows":           {governance.DataCellsFilterProps{Sensitivity: levels, Schema: results(), Rows: study}, `["code","seen","value"]`, `null`, `{"FilterExpression":"study_id = 'O''Hara'"}`},
		"levels and columns":        {governance.DataCellsFilterProps{Sensitivity: levels, Schema: results(), Columns: []string{"code"}}, `["code"]`, `null`, `{"AllRowsWildcard":{}}`},
		"levels and exclusion":      {governance.DataCellsFilterProps{Sensitivity: levels, Schema: results(), ExcludedColumns: []string{"code"}}, `["seen","value"]`, `null`, `{"AllRowsWildcard":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			test.props.Database, test.props.NamePrefix = jsii.String("lab"), jsii.String("cohort")
			if test.props.Schema == nil {
				test.props.Table = jsii.String("results")
			}
			filter := governance.NewDataCellsFilter(stack, jsii.String("Filter"), &test.props)
			if f := filter.Filter(); !f.IsNamed() || !strings.HasPrefix(f.Name, "cohort_") {
				t.Errorf("the filter is named %q", f.Name)
			}
			cdktest.Of(t, stack).One(t, filterType, "Filter").Want(t, map[string]string{
				"DatabaseName":   `"lab"`,
				"TableName":      `"results"`,
				"Name":           `"` + filter.Filter().Name + `"`,
				"ColumnNames":    test.columns,
				"ColumnWildcard": test.wildcard,
				"RowFilter":      test.rows,
			})
		})
	}
}

func TestFilterPropsProblems(t *testing.T) {
	panics := func(props *governance.DataCellsFilterProps, text string) {
		t.Helper()
		cdktest.Same(t, cdktest.Panic(t, func() { governance.NewDataCellsFilter(cdktest.Stack(), jsii.String("Filter"), props) }), text)
	}
	panics(nil, `Test/Filter: Database: got nothing; expected a name; fix: set Database
NamePrefix: got nothing; expected a name; fix: set NamePrefix
Rows: got every row and every column; expected a restriction; fix: grant SELECT on the table instead
Table: got nothing; expected a name; fix: set Table`)
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), NamePrefix: jsii.String("cohort"), Schema: results(),
		Sensitivity: []ontology.Sensitivity{ontology.Public, "secret"}, Columns: []string{"code", "mrn", "vallue"}, ExcludedColumns: []string{"shoe_size"},
		Rows: rowfilter.And(rowfilter.Equals("value", "high"), rowfilter.Equals("seen", 1))},
		`Test/Filter: Columns: got columns listed and columns excluded; expected one of the two; fix: leave out the excluded ones
Columns[1]: got "mrn", which is phi; expected a column of the levels [public secret]; fix: take it out, or add its level
Columns[2]: got "vallue", which is no column of results; expected one of code, value, study_id, seen, mrn, notes; fix: did you mean value?
ExcludedColumns[0]: got "shoe_size", which is no column of results; expected one of code, value, study_id, seen, mrn, notes; fix: name a column of the table
Rows: got "seen" of type date; expected a column of text, numbers or booleans; fix: Lake Formation filters rows on no other types; add such a column to the product
Rows: got "value" of type double compared with the text high; expected a number; fix: compare it with a number
Sensitivity[1]: got "secret"; expected one of [public internal deidentified phi]; fix: name a level of the ontology`)
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), Table: jsii.String("results"), NamePrefix: jsii.String(strings.Repeat("n", 247)), Rows: rowfilter.And(rowfilter.In[int]("a"), rowfilter.Equals("b", "\x00"))},
		`Test/Filter: Name: got a name of 256 characters; expected at most 255; fix: shorten the prefix
Rows[0]: got IN of no values; expected at least one value; fix: add one, or leave the condition out
Rows[1]: got the control character U+0000 in "\x00"; expected printable text; fix: take it out`)
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), Table: jsii.String("results"), NamePrefix: jsii.String("cohort"), Sensitivity: []ontology.Sensitivity{ontology.Public}},
		`Test/Filter: Rows: got every row and every column; expected a restriction; fix: grant SELECT on the table instead
Schema: got nothing; expected the table's columns with their levels; fix: set Schema, or list Columns`)
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), NamePrefix: jsii.String("cohort"), Schema: results(), Sensitivity: []ontology.Sensitivity{ontology.Public}, ExcludedColumns: []string{"code"}},
		`Test/Filter: Sensitivity: got [public], of which no column is left; expected a column to show; fix: add a level that the table has, or grant nothing`)
	view := results()
	view.View = &contract.View{}
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), NamePrefix: jsii.String("cohort"), Schema: view, Columns: []string{"code"}},
		`Test/Filter: Schema: got the view "results"; expected a table, as Lake Formation filters no views; fix: put the restriction into the view's SQL`)
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), Table: jsii.String("orders"), NamePrefix: jsii.String("cohort"), Schema: results(), Columns: []string{"code"}},
		`Test/Filter: Schema: got the table "results"; expected the table "orders"; fix: give the schema of the table that is filtered`)
	whole := lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "a = 1"}.Named("cohort")
	panics(&governance.DataCellsFilterProps{NamePrefix: jsii.String("cohort"), Filter: &whole},
		`Test/Filter: Filter: got a filter and other props beside it; expected one of the two; fix: leave Filter out`)
	token := *awscdk.Aws_ACCOUNT_ID()
	panics(&governance.DataCellsFilterProps{Database: jsii.String(token), Table: jsii.String("results"), NamePrefix: jsii.String("cohort"), Columns: []string{"id"}},
		`Test/Filter: Database: got a name that is only known at deployment; expected the name itself, as the filter's name depends on it; fix: give the database or table a fixed name`)
	panics(&governance.DataCellsFilterProps{Database: jsii.String("lab"), Table: jsii.String("results"), NamePrefix: jsii.String("cohort"), Rows: rowfilter.Equals("account", token)},
		`Test/Filter: Rows: got a value that is only known at deployment; expected values that can be checked; fix: give plain Go values`)
}

// A limit that is written and empty is an error, and never every column or level.
func TestEmptyLimitsOfAFilterAreRefused(t *testing.T) {
	for name, set := range map[string]func(p *governance.DataCellsFilterProps){
		"Columns":         func(p *governance.DataCellsFilterProps) { p.Columns = []string{} },
		"ExcludedColumns": func(p *governance.DataCellsFilterProps) { p.ExcludedColumns = []string{} },
		"Sensitivity":     func(p *governance.DataCellsFilterProps) { p.Sensitivity = []ontology.Sensitivity{} },
		"Rows":            func(p *governance.DataCellsFilterProps) { p.Rows = rowfilter.Raw(" ") },
		"Rows[0]":         func(p *governance.DataCellsFilterProps) { p.Rows = rowfilter.And(rowfilter.Condition{}) },
		"Filter":          func(p *governance.DataCellsFilterProps) { p.Filter = &lakeformation.DataCellsFilter{} },
		"Filter.Columns": func(p *governance.DataCellsFilterProps) {
			*p = governance.DataCellsFilterProps{Filter: &lakeformation.DataCellsFilter{Rows: "a = 1", Columns: []string{}}}
		},
		"Filter.Excluded": func(p *governance.DataCellsFilterProps) {
			*p = governance.DataCellsFilterProps{Filter: &lakeformation.DataCellsFilter{Rows: "a = 1", Excluded: []string{}}}
		},
	} {
		p := &governance.DataCellsFilterProps{Database: jsii.String("lab"), Table: jsii.String("results"), NamePrefix: jsii.String("cohort")}
		if name != "Rows" && name != "Rows[0]" {
			p.Rows = rowfilter.Equals("study_id", "x")
		}
		set(p)
		if got := cdktest.Panic(t, func() { governance.NewDataCellsFilter(cdktest.Stack(), jsii.String("Filter"), p) }); !strings.Contains(got, name+": got ") {
			t.Errorf("%s: %s", name, got)
		}
	}
	analyst := governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")
	cdktest.Same(t, cdktest.Panic(t, func() {
		product(cdktest.Stack()).GrantRead(analyst, &governance.GrantReadOptions{Sensitivity: []ontology.Sensitivity{}})
	}), "Test/Results: Sensitivity: got an empty list; expected at least one level; fix: name the levels that are shown, or leave Sensitivity out for public")
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewPermissions(cdktest.Stack(), jsii.String("Grants")).Grant(analyst, lakeformation.Columns("lab", "results"), []lakeformation.Permission{lakeformation.Select}, nil)
	}), "Test/Grants: Resource.Columns: got no column that is listed or excluded; expected at least one; fix: name the columns, or AllColumns to show all of them")
}

func TestPropsOfAFilterAreLeftAlone(t *testing.T) {
	columns := []string{"value", "code"}
	governance.NewDataCellsFilter(cdktest.Stack(), jsii.String("Filter"), &governance.DataCellsFilterProps{
		Database: jsii.String("lab"), NamePrefix: jsii.String("cohort"), Schema: results(), Columns: columns, Sensitivity: ontology.Sensitivities(),
	})
	cdktest.Same(t, fmt.Sprint(columns), "[value code]")
}

func TestTooManyFiltersForOnePrincipal(t *testing.T) {
	permissions := governance.NewPermissions(cdktest.Stack(), jsii.String("Grants"))
	analyst := governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")
	grant := func(table string, i int) {
		permissions.Grant(analyst, lakeformation.DataCells("lab", table, fmt.Sprintf("f_%d", i)), []lakeformation.Permission{lakeformation.Select}, nil)
	}
	for i := range lakeformation.MaxFilters {
		grant("results", i)
	}
	grant("results", 0)
	grant("orders", 0)
	cdktest.Same(t, cdktest.Panic(t, func() { grant("results", lakeformation.MaxFilters) }),
		"Test/Grants: arn:aws:iam::111111111111:role/Analyst: got 101 filters of Table lab.results; expected at most 100, the limit of Lake Formation for one principal and table; fix: join their conditions with OR, or give the rows a table of their own")
}
