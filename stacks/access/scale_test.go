package access_test

import (
	"fmt"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/test/widemesh"
)

// BenchmarkEvaluate says who can see what in meshes of several sizes: twice the domains
// take twice the time.
func BenchmarkEvaluate(b *testing.B) {
	for _, domains := range []int{25, 50, 100, 200} {
		plan, err := widemesh.New(domains, 20, 30).Plan("dev")
		if err != nil {
			b.Fatal(err)
		}
		state := planned.Read(plan)
		b.Run(fmt.Sprint(domains), func(b *testing.B) {
			for b.Loop() {
				if rows := len(state.Evaluate().Rows); rows < domains*10 {
					b.Fatalf("%d rows, expected one for each of %d subscriptions or more", rows, domains*10)
				}
			}
		})
	}
}
