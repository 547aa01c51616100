package contract_test

import (
	"fmt"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// The part of a table is part of the names of deployed stacks: it never changes.
func TestPartOf(t *testing.T) {
	for table, want := range map[string][3]int{"person": {1, 1, 1}, "visit_occurrence": {1, 1, 21}, "note": {1, 2, 62}} {
		for i, parts := range []int{0, 2, 64} {
			if got := contract.PartOf(table, parts); got != want[i] {
				t.Errorf("%s in %d parts: %d, want %d", table, parts, got, want[i])
			}
		}
	}
	tables := map[int]int{}
	for i := range 300 {
		tables[contract.PartOf(fmt.Sprintf("table_%03d", i), 4)]++
	}
	for part := 1; part <= 4; part++ {
		if n := tables[part]; n < 60 || n > 90 {
			t.Errorf("%d of 300 tables in part %d of 4", n, part)
		}
	}
}
