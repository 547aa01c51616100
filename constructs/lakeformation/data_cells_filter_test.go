package lakeformation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func TestNameFollowsContent(t *testing.T) {
	base := lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "a = 1", Columns: []string{"id", "value"}}
	name := base.Named("cohort").Name
	if !strings.HasPrefix(name, "cohort_") || len(name) != len("cohort_")+8 {
		t.Errorf("got %s", name)
	}
	seen := map[string]string{name: "the base"}
	for change, apply := range map[string]func(*lakeformation.DataCellsFilter){
		"catalog":       func(f *lakeformation.DataCellsFilter) { f.Catalog = "222222222222" },
		"database":      func(f *lakeformation.DataCellsFilter) { f.Database = "lab2" },
		"table":         func(f *lakeformation.DataCellsFilter) { f.Table = "results2" },
		"rows":          func(f *lakeformation.DataCellsFilter) { f.Rows = "a = 2" },
		"no rows":       func(f *lakeformation.DataCellsFilter) { f.Rows = "" },
		"fewer columns": func(f *lakeformation.DataCellsFilter) { f.Columns = []string{"id"} },
		"no columns":    func(f *lakeformation.DataCellsFilter) { f.Columns = nil },
		"the others":    func(f *lakeformation.DataCellsFilter) { f.Columns, f.Excluded = nil, f.Columns },
	} {
		f := base
		apply(&f)
		got := f.Named("cohort").Name
		if other, taken := seen[got]; taken {
			t.Errorf("%s: the name %s is that of %s", change, got, other)
		}
		seen[got] = change
	}
}

func TestNameIgnoresOrderAndEarlierName(t *testing.T) {
	base := lakeformation.DataCellsFilter{Database: "lab", Table: "results", Columns: []string{"value", "id"}}
	name := base.Named("cohort").Name
	turned := base
	turned.Columns = []string{"id", "value", "id"}
	if got := turned.Named("cohort").Name; got != name {
		t.Errorf("the order of columns shows: %s and %s", got, name)
	}
	if got := base.Named("first").Named("cohort").Name; got != name {
		t.Errorf("the earlier name shows: %s and %s", got, name)
	}
	if !slices.Equal(base.Columns, []string{"value", "id"}) || base.Name != "" {
		t.Errorf("the caller's filter became %+v", base)
	}
}

func TestIsNamed(t *testing.T) {
	named := lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "a = 1", Columns: []string{"value", "id"}}.Named("my_cohort")
	if !named.IsNamed() {
		t.Errorf("%s is not taken for its own name", named.Name)
	}
	for what, change := range map[string]func(*lakeformation.DataCellsFilter){
		"other rows":    func(f *lakeformation.DataCellsFilter) { f.Rows = "a = 2" },
		"other columns": func(f *lakeformation.DataCellsFilter) { f.Columns = nil },
		"by hand":       func(f *lakeformation.DataCellsFilter) { f.Name = "my_cohort" },
		"other hash":    func(f *lakeformation.DataCellsFilter) { f.Name = "my_cohort_00000000" },
		"no prefix":     func(f *lakeformation.DataCellsFilter) { *f = f.Named("") },
		"no name":       func(f *lakeformation.DataCellsFilter) { f.Name = "" },
	} {
		f := named
		if change(&f); f.IsNamed() {
			t.Errorf("%s: %q counts as named", what, f.Name)
		}
	}
}

func TestFilterResource(t *testing.T) {
	f := lakeformation.DataCellsFilter{Catalog: "222222222222", Database: "lab", Table: "results", Rows: "a = 1", Name: "cohort"}
	if got, want := f.Resource().Key(), "DataCellsFilter 222222222222/lab.results[cohort]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
