package mesh_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/promised"
	"github.com/lakemesh/lakemesh/test/randommesh"
)

// everyStage calls see with the plan of every stage.
func everyStage(t *rapid.T, d *mesh.Definition, see func(p *mesh.Plan)) {
	for _, stage := range d.Stages.Names() {
		p, err := d.Plan(stage)
		if err != nil {
			t.Fatalf("stage %s: %v", stage, err)
		}
		see(p)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randommesh.Draw(t)
		other := randommesh.Shuffled(t, d)
		everyStage(t, d, func(p *mesh.Plan) {
			q, err := other.Plan(p.Stage)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(p, q) {
				t.Fatalf("the order changed the plan:\n%s", cmp.Diff(p, q))
			}
			first, _ := json.Marshal(p)
			second, _ := json.Marshal(q)
			if string(first) != string(second) {
				t.Fatal("the order changed the written plan")
			}
		})
	})
}

func TestEverythingIsSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		everyStage(t, randommesh.Draw(t), func(p *mesh.Plan) {
			ascending(t, "domains", p.Domains, func(d mesh.DomainPlan) string { return d.Name })
			ascending(t, "FHIR stores", p.FhirStores, func(s mesh.FhirStorePlan) string { return s.Domain })
			ascending(t, "consumers", p.Consumers, func(c mesh.ConsumerPlan) string { return c.Domain })
			ascending(t, "foundations", p.Foundations, func(f mesh.Foundation) string { return f.Environment.String() })
			for _, f := range p.Foundations {
				ascending(t, "admins", f.Admins, strings.Clone)
				ascending(t, "tags", f.Tags, func(tag ontology.Tag) string { return tag.Key })
				for _, tag := range f.Tags {
					ascending(t, "values", tag.Values, strings.Clone)
				}
			}
			for _, d := range p.Domains {
				ascending(t, "databases", d.Databases, func(d mesh.DatabasePlan) string { return d.Name })
				ascending(t, "tables", d.Tables(), func(t mesh.TablePlan) string { return t.Database + "." + t.Table.Name })
				ascending(t, "locations", d.Locations, func(l mesh.LocationPlan) string { return l.ARN })
				ascending(t, "queries", d.Queries, func(q mesh.QueryPlan) string { return q.Name })
				ascending(t, "associations", d.Associations, lf.TagAssociation.Key)
				ascending(t, "grants", d.Grants, lf.Grant.Key)
				ascending(t, "products", d.Products, func(p mesh.ProductPlan) string { return p.StackName })
				for _, product := range d.Products {
					ascending(t, "tables", product.Tables, func(t mesh.TablePlan) string { return t.Database + "." + t.Table.Name })
					ascending(t, "associations", product.Associations, lf.TagAssociation.Key)
					ascending(t, "grants", product.Grants, lf.Grant.Key)
				}
			}
			ascending(t, "shares", p.Shares, func(s mesh.SharePlan) string { return s.Domain })
			ascending(t, "environments with links", p.Links, func(l mesh.LinksPlan) string { return l.Environment.String() })
			for _, s := range p.Shares {
				ascending(t, "filters", s.Filters, func(f lf.DataCellsFilter) string { return f.Resource().Key() })
				ascending(t, "grants", s.Grants, lf.Grant.Key)
			}
			for _, l := range p.Links {
				ascending(t, "links", l.Databases, func(l mesh.LinkPlan) string { return l.Name })
			}
			for _, c := range p.Consumers {
				ascending(t, "filters", c.Filters, func(f lf.DataCellsFilter) string { return f.Resource().Key() })
				ascending(t, "grants", c.Grants, lf.Grant.Key)
			}
		})
	})
}

func ascending[T any](t *rapid.T, what string, in []T, key func(T) string) {
	for i := 1; i < len(in); i++ {
		if key(in[i-1]) >= key(in[i]) {
			t.Fatalf("%s: %s stands before %s", what, key(in[i-1]), key(in[i]))
		}
	}
}

// Lake Formation keeps one grant for each principal and resource, in all stacks
// of an environment together, and takes only some permissions on each kind.
func TestGrantsAreDistinctAndAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		everyStage(t, randommesh.Draw(t), func(p *mesh.Plan) {
			seen := map[string]bool{}
			for _, g := range p.Grants() {
				if seen[g.Key()] {
					t.Fatalf("%s is granted twice", g.Key())
				}
				seen[g.Key()] = true
				if err := g.Resource.Check(g.Permissions); err != nil {
					t.Fatal(err)
				}
				if principal, _ := lf.ParsePrincipal(g.Principal); (len(g.Grantable) > 0) != (principal.Kind == lf.Account || principal.Kind == lf.Organization) {
					t.Fatalf("%s may be passed on: %v", g.Key(), g.Grantable)
				}
				for _, f := range p.Foundations {
					if slices.Contains(f.Admins, g.Principal) {
						t.Fatalf("%s is granted to an administrator", g.Key())
					}
				}
			}
		})
	})
}

// Databases of a catalog have names of their own: those of zones, of keys and of FHIR
// stores, and the links to what other accounts share.
func TestDatabasesAreDistinct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		everyStage(t, randommesh.Draw(t), func(p *mesh.Plan) {
			seen := map[string]bool{}
			take := func(env mesh.Environment, name string) {
				key := env.String() + "/" + name
				if seen[key] {
					t.Fatalf("the database %s is made twice", key)
				}
				seen[key] = true
			}
			for _, d := range p.Domains {
				for _, database := range d.Databases {
					take(d.Environment, database.Name)
				}
				if d.Keys != nil {
					take(d.Environment, d.Keys.Database)
				}
			}
			for _, s := range p.FhirStores {
				take(s.Environment, s.Database)
			}
			for _, l := range p.Links {
				for _, link := range l.Databases {
					take(l.Environment, link.Name)
				}
			}
		})
	})
}

// What the grants of a plan show to the principals of subscriptions is exactly
// what the subscriptions say: nothing of a level that was not asked for, nothing
// of another product, no other value of the ontology, and no row outside the
// condition.
func TestGrantsShowWhatSubscriptionsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randommesh.Draw(t)
		everyStage(t, d, func(p *mesh.Plan) {
			if diff := cmp.Diff(promised.Cells(d, p), shown(p)); diff != "" {
				t.Fatalf("stage %s (-promised +shown):\n%s", p.Stage, diff)
			}
		})
	})
}

// shown evaluates the grants of a plan as Lake Formation would. What a consumer
// grants on another account's catalog counts when that account shared the same
// with it, with the right to pass it on.
func shown(p *mesh.Plan) map[promised.Cell]string {
	out := map[promised.Cell]string{}
	filters := map[string][]lf.DataCellsFilter{} // by account
	shared := map[string]bool{}                  // grants that may be passed on, by account and key
	show := func(account string, g lf.Grant) {
		for _, d := range p.Domains {
			if d.Environment.Account != account || !slices.Contains(g.Permissions, lf.Select) {
				continue
			}
			for _, table := range d.Tables() {
				for _, column := range table.Table.Columns {
					if rows, ok := reaches(filters[account], d, g.Resource.In(""), table, column.Name); ok {
						out[promised.Cell{Principal: g.Principal, Table: table.Database + "." + table.Table.Name, Column: column.Name}] = rows
					}
				}
			}
		}
	}
	for _, s := range p.Shares {
		filters[s.Environment.Account] = append(filters[s.Environment.Account], s.Filters...)
	}
	for _, c := range p.Consumers {
		filters[c.Environment.Account] = append(filters[c.Environment.Account], c.Filters...)
	}
	for _, s := range p.Shares {
		for _, g := range s.Grants {
			if len(g.Grantable) == 0 {
				show(s.Environment.Account, g)
			}
			shared[g.Principal+" in "+g.Resource.In(s.Environment.Account).Key()] = true
		}
	}
	for _, c := range p.Consumers {
		for _, g := range c.Grants {
			switch {
			case g.Resource.Catalog == "":
				show(c.Environment.Account, g)
			case shared[c.Environment.Account+" in "+g.Resource.Key()], shared[randommesh.Organization(c.Environment.Region)+" in "+g.Resource.Key()]:
				show(g.Resource.Catalog, g)
			}
		}
	}
	return out
}

// reaches reports whether a resource covers a column, and for which rows.
func reaches(filters []lf.DataCellsFilter, d mesh.DomainPlan, r lf.Resource, table mesh.TablePlan, column string) (string, bool) {
	switch r.Kind {
	case lf.KindTagPolicy:
		tags := tagsOf(d, table, column)
		for _, condition := range r.Expression {
			if !slices.Contains(condition.Values, tags[condition.Key]) {
				return "", false
			}
		}
		return "", r.PolicyType == lf.Tables
	case lf.KindDataCells:
		for _, f := range filters {
			if f.Resource().Key() == r.Key() && f.Database == table.Database && f.Table == table.Table.Name {
				all := len(f.Columns) == 0 && !slices.Contains(f.Excluded, column)
				return f.Rows, all || slices.Contains(f.Columns, column)
			}
		}
	default: // not granted to readers
	}
	return "", false
}

// tagsOf are the LF-Tags of a column: its own over those of its table over those
// of its database.
func tagsOf(d mesh.DomainPlan, table mesh.TablePlan, column string) map[string]string {
	out := map[string]string{}
	for _, kind := range []lf.Kind{lf.KindDatabase, lf.KindTable, lf.KindColumns} {
		for _, a := range allTags(d) {
			r := a.Resource
			if r.Kind != kind || r.Database != table.Database ||
				kind != lf.KindDatabase && r.Table != table.Table.Name ||
				kind == lf.KindColumns && !slices.Contains(r.Columns, column) {
				continue
			}
			for _, tag := range a.Tags {
				out[tag.Key] = tag.Values[0]
			}
		}
	}
	return out
}

// Grants by tag do not become more when products get more tables.
func TestTagGrantsDoNotGrowWithTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randommesh.Draw(t)
		for i := range d.Subscriptions {
			s := &d.Subscriptions[i]
			s.Rows, s.Columns, s.Except = rowfilter.Condition{}, nil, nil
		}
		before := map[string]int{}
		everyStage(t, d, func(p *mesh.Plan) { before[p.Stage] = len(p.Grants()) })
		for _, domain := range d.Domains {
			for _, k := range domain.Contracts {
				for _, table := range slices.Clone(k.Tables) {
					if table.TransformLogic != "" || table.Deidentify != nil || domain.ImageStore != nil && domain.ImageStore.Product == k.Name {
						continue // a job has a grant on each table that it writes
					}
					table.Name += "_again"
					k.Tables = append(k.Tables, table)
				}
			}
		}
		everyStage(t, d, func(p *mesh.Plan) {
			if n := len(p.Grants()); n != before[p.Stage] {
				t.Fatalf("%d grants became %d with twice the tables", before[p.Stage], n)
			}
		})
	})
}

// What is tagged has values that the foundation or the domain knows, and one of each key.
func TestTagsAreKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		everyStage(t, randommesh.Draw(t), func(p *mesh.Plan) {
			for _, d := range p.Domains {
				foundation, ok := p.Foundation(d.Environment)
				if !ok {
					t.Fatalf("no foundation for %s", d.Name)
				}
				for _, a := range allTags(d) {
					for _, tag := range a.Tags {
						if len(tag.Values) != 1 || !knows(append(slices.Clone(foundation.Tags), d.Tags...), tag) {
							t.Fatalf("%s: tag %v", a.Resource.Key(), tag)
						}
					}
				}
			}
		})
	})
}

func knows(tags []ontology.Tag, c lf.Condition) bool {
	return slices.ContainsFunc(tags, func(tag ontology.Tag) bool {
		return tag.Key == c.Key && slices.Contains(tag.Values, c.Values[0])
	})
}

// A job that reads a product of another domain comes after every machine that fills it, by
// its own role or by one of the other account that trusts it, and later on the clock.
func TestJobsComeAfterWhatTheyRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		everyStage(t, randommesh.Draw(t), func(p *mesh.Plan) {
			schedules, ready := map[string]string{}, map[string][]string{}
			for _, d := range p.Domains {
				for _, product := range d.Products {
					ready[d.Name+"."+product.Name] = append(ready[d.Name+"."+product.Name], product.Ready()...)
					if job := product.Materialization; job != nil {
						schedules[job.StateMachineARN] = job.Schedule
					}
				}
			}
			trusted := map[string]bool{}
			for _, s := range p.Shares {
				for _, r := range s.Readiness {
					for _, machine := range r.StateMachineARNs {
						for _, reader := range r.Readers {
							trusted[r.Environment.Account+"/"+reader+"/"+machine] = true
						}
					}
				}
			}
			for _, d := range p.Domains {
				for _, product := range d.Products {
					job := product.Materialization
					if job == nil {
						continue
					}
					after := slices.Clone(job.After)
					for _, elsewhere := range job.AfterElsewhere {
						for _, machine := range elsewhere.StateMachineARNs {
							if !trusted[d.Environment.Account+"/"+job.Role+"/"+machine] {
								t.Fatalf("%s may not look at %s", job.Role, machine)
							}
						}
						after = append(after, elsewhere.StateMachineARNs...)
					}
					for _, s := range job.Statements {
						for _, r := range s.Subscribed {
							for _, machine := range ready[r.Source()] {
								if earlier, nightly := schedules[machine]; !slices.Contains(after, machine) || nightly && earlier >= job.Schedule {
									t.Fatalf("%s at %s comes after %v and not after %s at %s", job.Role, job.Schedule, after, machine, earlier)
								}
							}
						}
					}
				}
			}
		})
	})
}
