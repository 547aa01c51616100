package starter_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/starter"
)

var (
	quotedWord = regexp.MustCompile("`([^`]+)`")
	tableName  = regexp.MustCompile(`\b(?:FROM|JOIN) (\w+\.\w+)`)
)

// Whom the page names beside a saved query reads every table of it: by subscription, or
// as the role of the domain's own jobs.
func TestWhoMayRunAQueryReadsItsTables(t *testing.T) {
	page, err := os.ReadFile("../../constructs/docs/ready.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, ready := range starter.Meshes() {
		_, definition := written(t, ready.Name)
		plan, err := definition.Plan("dev")
		if err != nil {
			t.Fatal(err)
		}
		_, section, found := strings.Cut(string(page), "\n## "+ready.Name+"\n")
		if !found {
			t.Fatalf("the page has no section on %s", ready.Name)
		}
		section, _, _ = strings.Cut(section, "\n## ")
		for i := range plan.Domains {
			d := &plan.Domains[i]
			last := "" // for "the same"
			for _, q := range definition.Domains[slices.IndexFunc(definition.Domains, func(o mesh.Domain) bool { return o.Name == d.Name })].Queries {
				cells := rowOf(section, q.Name)
				if len(cells) < 2 {
					t.Errorf("%s: the page does not say who may run %s", ready.Name, q.Name)
					continue
				}
				who := cells[1]
				if strings.HasPrefix(who, "the same") {
					who = last + who
				}
				last = who
				for _, m := range quotedWord.FindAllStringSubmatch(who, -1) {
					for _, table := range tableName.FindAllStringSubmatch(q.SQL, -1) {
						if !readsTable(plan, d, m[1], table[1]) {
							t.Errorf("%s: %s does not read %s, which %s needs", ready.Name, m[1], table[1], q.Name)
						}
					}
				}
			}
		}
	}
}

// rowOf are the cells of the row of a query.
func rowOf(section, query string) []string {
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| `"+query+"` |") {
			return strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		}
	}
	return nil
}

// readsTable reports whether a principal of a domain has a subscription to the product of
// a table, or is the role of the domain that has it.
func readsTable(plan *mesh.Plan, d *mesh.DomainPlan, principal, table string) bool {
	for i := range plan.Domains {
		producer := &plan.Domains[i]
		for _, at := range producer.Tables() {
			if at.Database+"."+at.Table.Name != table {
				continue
			}
			if producer.Name == d.Name {
				return strings.Contains(principal, d.Name+"-pipeline")
			}
			consumer, _ := plan.Consumer(d.Name)
			return slices.ContainsFunc(consumer.Subscriptions, func(s mesh.SubscriptionPlan) bool {
				return s.Producer == producer.Name && s.Product == at.Product &&
					slices.ContainsFunc(s.Principals, func(p mesh.PrincipalPlan) bool { return p.Name == principal })
			})
		}
	}
	return false
}
