package contract_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/golden"
)

// FuzzParse checks that no input panics, that every problem has a place, that a
// contract which loads is valid, and that loading twice gives the same.
func FuzzParse(f *testing.F) {
	for _, file := range files(f, "testdata/good/*.odcs.yaml") {
		data, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, folder := range []string{"testdata/bad", "testdata/warned"} {
		for _, c := range golden.Cases(f, folder) {
			f.Add(c.Files[caseFile])
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := contract.Parse("f.yaml", data)
		again, errAgain := contract.Parse("f.yaml", data)
		if diff := cmp.Diff(c, again); diff != "" {
			t.Errorf("two loads differ:\n%s", diff)
		}
		if err != nil {
			if errAgain == nil || err.Error() != errAgain.Error() {
				t.Errorf("two loads fail differently: %v and %v", err, errAgain)
			}
			var list problem.List
			if !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("not a list of problems: %v", err)
			}
			for _, p := range list {
				if p.File != "f.yaml" || p.Path == "" || p.Got == "" || p.Expected == "" {
					t.Errorf("incomplete problem %+v", p)
				}
			}
			return
		}
		if err := c.Validate(); err != nil {
			t.Errorf("it loads, but is not valid: %v", err)
		}
		for i := range c.Tables {
			columns := c.Tables[i].Columns
			if len(c.Tables[i].DataColumns())+len(c.Tables[i].PartitionColumns()) != len(columns) {
				t.Error("a column is neither data nor partition key")
			}
			for _, col := range columns {
				if !col.Sensitivity.Valid() || c.MaxSensitivity().Compare(col.Sensitivity) < 0 {
					t.Errorf("column %s is %q", col.Name, col.Sensitivity)
				}
			}
		}
	})
}
