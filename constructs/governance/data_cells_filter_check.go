package governance

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// maxFilterName is the service's limit of a filter's name.
const maxFilterName = 255

// resolve returns the filter that the props describe, or what is wrong with them.
func (p *DataCellsFilterProps) resolve() (lakeformation.DataCellsFilter, problem.List) {
	if p.Filter != nil {
		return *p.Filter, p.wholeProblems()
	}
	f := lakeformation.DataCellsFilter{
		Catalog: cdkx.Value(p.Catalog, ""), Database: cdkx.Value(p.Database, ""), Table: cdkx.Value(p.Table, ""),
		Columns: p.Columns, Excluded: p.ExcludedColumns,
	}
	if f.Table == "" && p.Schema != nil {
		f.Table = p.Schema.Name
	}
	list := contentProblems("", f)
	if p.Sensitivity != nil && len(p.Sensitivity) == 0 {
		list.Addf("Sensitivity", "an empty list", "at least one level", "name the levels that are shown, or leave Sensitivity out")
	}
	prefix := cdkx.Value(p.NamePrefix, "")
	if prefix == "" {
		list.Addf("NamePrefix", "nothing", "a name", "set NamePrefix")
	}
	if !p.Rows.IsZero() {
		list = append(list, p.Rows.Check("Rows")...)
		f.Rows = p.Rows.String()
	}
	list = append(list, p.schemaProblems(f)...)
	if len(p.Sensitivity) > 0 && p.Schema != nil {
		f.Columns, f.Excluded = p.seen(), nil
		if len(f.Columns) == 0 {
			list.Addf("Sensitivity", fmt.Sprintf("%v, of which no column is left", p.Sensitivity), "a column to show", "add a level that the table has, or grant nothing")
			return f, list
		}
	}
	f = f.Named(prefix)
	list = append(list, finalProblems("", f)...)
	return f, list
}

func (p *DataCellsFilterProps) wholeProblems() problem.List {
	f := *p.Filter
	list := contentProblems("Filter.", f)
	if p.Catalog != nil || p.Database != nil || p.Table != nil || p.NamePrefix != nil || !p.Rows.IsZero() || p.Schema != nil || len(p.Columns)+len(p.ExcludedColumns)+len(p.Sensitivity) > 0 {
		list.Addf("Filter", "a filter and other props beside it", "one of the two", "leave Filter out")
	}
	if f.Rows != "" {
		list = append(list, rowfilter.Raw(f.Rows).Check("Filter.Rows")...)
	}
	switch {
	case f.Name == "":
		list.Addf("Filter.Name", "nothing", "a name", "set Filter with its Named method")
	case !f.IsNamed():
		list.Addf("Filter.Name", fmt.Sprintf("%q", f.Name), "a name that ends in the hash of the filter's content, because CloudFormation cannot change a filter under its old name", "name it last, with its Named method")
	}
	return append(list, finalProblems("Filter.", f)...)
}

// contentProblems finds what is wrong with a filter whichever way it was given.
func contentProblems(prefix string, f lakeformation.DataCellsFilter) problem.List {
	var list problem.List
	for _, field := range []struct{ name, value string }{{"Database", f.Database}, {"Table", f.Table}} {
		switch {
		case field.value == "":
			list.Addf(prefix+field.name, "nothing", "a name", "set "+prefix+field.name)
		case cdkx.HoldsToken(field.value):
			list.Addf(prefix+field.name, "a name that is only known at deployment", "the name itself, as the filter's name depends on it", "give the database or table a fixed name")
		}
	}
	for _, limit := range []struct {
		name    string
		columns []string
	}{{"Columns", f.Columns}, {excludedName(prefix), f.Excluded}} {
		if limit.columns != nil && len(limit.columns) == 0 {
			list.Addf(prefix+limit.name, "an empty list", "at least one column", "name the columns, or leave "+prefix+limit.name+" out")
		}
	}
	if len(f.Columns) > 0 && len(f.Excluded) > 0 {
		list.Addf(prefix+"Columns", "columns listed and columns excluded", "one of the two", "leave out the excluded ones")
	}
	return list
}

// excludedName is what the excluded columns are called in the props and in a filter.
func excludedName(prefix string) string {
	if prefix == "" {
		return "ExcludedColumns"
	}
	return "Excluded"
}

// finalProblems finds what is wrong with a filter that has all its parts.
func finalProblems(prefix string, f lakeformation.DataCellsFilter) problem.List {
	var list problem.List
	if f.Rows == "" && len(f.Columns) == 0 && len(f.Excluded) == 0 {
		list.Addf(prefix+"Rows", "every row and every column", "a restriction", "grant SELECT on the table instead")
	}
	if cdkx.HoldsToken(f.Rows) {
		list.Addf(prefix+"Rows", "a value that is only known at deployment", "values that can be checked", "give plain Go values")
	}
	if n := utf8.RuneCountInString(f.Name); n > maxFilterName {
		list.Addf(prefix+"Name", fmt.Sprintf("a name of %d characters", n), fmt.Sprintf("at most %d", maxFilterName), "shorten the prefix")
	}
	return list
}

// schemaProblems compares the props with what is known of the table.
func (p *DataCellsFilterProps) schemaProblems(f lakeformation.DataCellsFilter) problem.List {
	var list problem.List
	for i, l := range p.Sensitivity {
		if !l.Valid() {
			list.Addf(fmt.Sprintf("Sensitivity[%d]", i), fmt.Sprintf("%q", l), fmt.Sprintf("one of %v", ontology.Sensitivities()), "name a level of the ontology")
		}
	}
	switch {
	case p.Schema == nil && len(p.Sensitivity) > 0:
		list.Addf("Schema", "nothing", "the table's columns with their levels", "set Schema, or list Columns")
		return list
	case p.Schema == nil:
		return list
	case f.Table != p.Schema.Name:
		list.Addf("Schema", fmt.Sprintf("the table %q", p.Schema.Name), fmt.Sprintf("the table %q", f.Table), "give the schema of the table that is filtered")
		return list
	case p.Schema.View != nil:
		list.Addf("Schema", fmt.Sprintf("the view %q", p.Schema.Name), "a table, as Lake Formation filters no views", "put the restriction into the view's SQL")
		return list
	}
	shown := columnsAt(p.Schema, p.Sensitivity)
	list = append(list, p.columnProblems("Columns", p.Columns, shown)...)
	list = append(list, p.columnProblems("ExcludedColumns", p.ExcludedColumns, shown)...)
	return append(list, p.rowProblems()...)
}

func (p *DataCellsFilterProps) columnProblems(path string, names, shown []string) problem.List {
	var list problem.List
	known := columnsAt(p.Schema, nil)
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !slices.Contains(known, name):
			list.Addf(at, fmt.Sprintf("%q, which is no column of %s", name, p.Schema.Name), "one of "+strings.Join(known, ", "), problem.DidYouMean(name, known, "name a column of the table"))
		case !slices.Contains(shown, name):
			list.Addf(at, fmt.Sprintf("%q, which is %s", name, p.Schema.Column(name).Level()), fmt.Sprintf("a column of the levels %v", p.Sensitivity), "take it out, or add its level")
		}
	}
	return list
}

// rowProblems checks the condition against the types of the columns.
func (p *DataCellsFilterProps) rowProblems() problem.List {
	if len(p.Rows.Check("Rows")) > 0 {
		return nil // no condition, or one with problems that are reported already
	}
	columns := make([]rowfilter.Column, len(p.Schema.Columns))
	for i, c := range p.Schema.Columns {
		columns[i] = rowfilter.Column{Name: c.Name, Type: c.Type, Partition: c.Partition > 0}
	}
	var list problem.List
	for _, predicate := range p.Rows.Predicates() {
		if found := predicate.Check(columns); found != nil {
			list.Addf("Rows", found.Got, found.Expected, found.Fix)
		}
	}
	return list
}

// seen are the columns of the levels, narrowed by those that are listed or
// excluded.
func (p *DataCellsFilterProps) seen() []string {
	return slices.DeleteFunc(columnsAt(p.Schema, p.Sensitivity), func(name string) bool {
		return slices.Contains(p.ExcludedColumns, name) || len(p.Columns) > 0 && !slices.Contains(p.Columns, name)
	})
}

// columnsAt are the names of the columns that have one of the levels, or of all
// columns where no level is named.
func columnsAt(t *contract.Table, levels []ontology.Sensitivity) []string {
	var out []string
	for _, c := range t.Columns {
		if len(levels) == 0 || slices.Contains(levels, c.Level()) {
			out = append(out, c.Name)
		}
	}
	return out
}
