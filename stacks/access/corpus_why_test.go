package access_test

import (
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// The matrix and the reasons for its cells agree: a column that a row shows has a path, and
// one that no row shows has what is missing.
func TestCorpusIsExplained(t *testing.T) {
	for _, c := range corpus(t) {
		if c.Error != "" || c.Filter != nil || c.Yaml != "" {
			continue
		}
		t.Run(c.file+"/"+c.Title, func(t *testing.T) {
			state, err := assembly.ReadGiven(c.write(t), template.Given{})
			if err != nil {
				t.Fatal(err)
			}
			c.explained(t, state)
		})
	}
}

func (c corpusCase) explained(t *testing.T, state *access.State) {
	t.Helper()
	explainer := access.NewExplainer(state)
	for _, row := range explainer.Matrix().Rows {
		if row.Kind != access.OnTable || len(row.Levels) == 0 {
			continue
		}
		seen := []string{}
		for _, column := range row.Columns {
			seen = append(seen, column.Name)
		}
		for _, catalog := range state.Catalogs {
			for _, table := range catalog.Tables {
				if catalog.Account != row.Account || catalog.Region != row.Region || table.Key() != row.Name() {
					continue
				}
				for _, column := range table.AllColumns() {
					why, err := explainer.Explain(row.Principal, row.Name(), column.Name)
					if err != nil {
						t.Fatal(err)
					}
					if want := slices.Contains(seen, column.Name); why.Sees != want || want && len(why.Paths) == 0 || !want && len(why.Missing) == 0 {
						t.Errorf("%s %s.%s: the matrix shows it: %t; the reasons: %+v", row.Principal, row.Name(), column.Name, want, why)
					}
				}
			}
		}
	}
}
