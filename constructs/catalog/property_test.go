package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// drawTable is a table of which some are wrong.
func drawTable(r *rapid.T) *contract.Table {
	types := []string{"string", "int", "bigint", "double", "boolean", "date", "timestamp", "decimal(10,2)", "array<string>", "struct<code:string,score:double>", "map<string,int>"}
	table := &contract.Table{
		Name:   "drawn",
		Format: rapid.SampledFrom(contract.Formats()).Draw(r, "format"),
	}
	for i := range rapid.IntRange(1, 6).Draw(r, "columns") {
		c := contract.Column{Name: fmt.Sprintf("c%d", i), Type: rapid.SampledFrom(types).Draw(r, "type"), Description: rapid.StringN(0, 300, -1).Draw(r, "text")}
		if rapid.IntRange(0, 3).Draw(r, "key") == 0 {
			c.Partition = i + 1
			if table.Format == contract.FormatIceberg {
				c.Transform = rapid.SampledFrom([]contract.Transform{"", "identity", "year", "day", "bucket[16]", "truncate[4]"}).Draw(r, "transform")
			}
		}
		table.Columns = append(table.Columns, c)
	}
	return table
}

func newDrawn(t testing.TB, table *contract.Table) (template string, err error) {
	stack := cdktest.Stack()
	defer func() {
		if got := recover(); got != nil {
			failure, isError := got.(error)
			if !isError {
				failure = fmt.Errorf("%v", got)
			}
			err = failure
		}
	}()
	catalog.NewTable(stack, jsii.String("Drawn"), &catalog.TableProps{
		DatabaseName: jsii.String("lab_curated"), Table: table, Location: jsii.String("s3://lab-curated/drawn/"),
	})
	return cdktest.Of(t, stack).JSON, nil
}

// Any table either becomes a template or an error that names what of it is wrong.
func TestAnyTableIsRenderedOrNamed(t *testing.T) {
	rendered, refused := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		if _, err := newDrawn(t, drawTable(r)); err != nil {
			refused++
			for _, p := range problem.Of(err) {
				if !strings.HasPrefix(p.Path, "Table") || p.Got == "" || p.Expected == "" || p.Fix == "" {
					r.Errorf("not a problem with the table: %#v", p)
				}
			}
			return
		}
		rendered++
	})
	if rendered == 0 || refused == 0 {
		t.Errorf("%d rendered, %d refused: the tables that are drawn test one side only", rendered, refused)
	}
}

// Random valid tables pass cfn-lint. The seeds are fixed: a finding stays where
// it was found.
func TestDrawnTablesPassTheLinter(t *testing.T) {
	folder := t.TempDir()
	var templates []string
	generator := rapid.Custom(drawTable)
	for seed := 0; len(templates) < 20; seed++ {
		text, err := newDrawn(t, generator.Example(seed))
		if err != nil {
			continue
		}
		path := filepath.Join(folder, fmt.Sprintf("drawn-%d.template.json", seed))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		templates = append(templates, path)
	}
	cfnlint.Check(t, templates)
}
