package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lineage"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/report/catalogue"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

func samplePlan(t *testing.T, stage string) *mesh.Plan {
	t.Helper()
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := definition.Plan(stage)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func find(t *testing.T, products []catalogue.Product, domain, name string) catalogue.Product {
	t.Helper()
	i := slices.IndexFunc(products, func(p catalogue.Product) bool { return p.Domain == domain && p.Name == name })
	if i < 0 {
		t.Fatalf("no product %s.%s", domain, name)
	}
	return products[i]
}

// Every query is one that Athena's grammar knows and reads the table that it is a query of,
// and those for subscribers read columns that they see.
func TestQueriesRead(t *testing.T) {
	plan := samplePlan(t, "prod")
	sees := planned.Read(plan).Evaluate()
	queries := 0
	for _, p := range catalogue.Of(plan, sees) {
		for _, table := range p.Tables {
			if len(table.Queries) == 0 {
				t.Errorf("%s.%s.%s has no query", p.Domain, p.Name, table.Name)
			}
			for _, q := range table.Queries {
				queries++
				query, err := lineage.Parse(strings.TrimSuffix(q.SQL, ";"))
				if err != nil {
					t.Errorf("%s: %v\n%s", q.Title, err, q.SQL)
					continue
				}
				reads, problems := query.Resolve(func(name string) ([]string, bool) {
					if strings.ReplaceAll(name, `"`, "") != table.Database+"."+table.Name {
						return nil, false
					}
					var columns []string
					for _, c := range table.Columns {
						columns = append(columns, c.Name)
					}
					return columns, true
				})
				own := slices.ContainsFunc(reads.Tables, func(r lineage.TableRead) bool {
					return strings.ReplaceAll(r.Name, `"`, "") == table.Database+"."+table.Name
				})
				if !own || len(problems) > 0 && len(reads.Tables) == 1 {
					t.Errorf("%s reads %v, with problems %v\n%s", q.Title, reads.Tables, problems, q.SQL)
				}
			}
		}
	}
	if queries < 20 {
		t.Errorf("%d queries", queries)
	}
}

// What subscribers are shown is what they see, and nothing else.
func TestQueriesShowWhatSubscribersSee(t *testing.T) {
	plan := samplePlan(t, "prod")
	sees := planned.Read(plan).Evaluate()
	table := find(t, catalogue.Of(plan, sees), "member360", "member_360").Tables[0]
	for _, q := range table.Queries {
		if !strings.Contains(q.Title, "CareManager") {
			continue
		}
		for _, row := range sees.Rows {
			if row.Table != "member_360" || access.Short(row.Principal) != "CareManager" {
				continue
			}
			for _, c := range table.Columns {
				seen := slices.ContainsFunc(row.Columns, func(a access.ColumnAccess) bool { return a.Name == c.Name })
				if in := strings.Contains(q.SQL, `"`+c.Name+`"`); in != seen {
					t.Errorf("%s: in the query %t, seen %t", c.Name, in, seen)
				}
			}
		}
		return
	}
	t.Errorf("no query for the care managers among %v", table.Queries)
}

// A product says where it comes from, who reads it and what is expected of it.
func TestOf(t *testing.T) {
	products := catalogue.Of(samplePlan(t, "dev"), nil)
	p := find(t, products, "clinical", "patient_deid")
	table := p.Tables[0]
	if len(table.From) != 1 || table.From[0].Product != "clinical.research_registry" || !strings.Contains(table.How, "every Sunday at 03:15 UTC") {
		t.Errorf("made %q from %+v", table.How, table.From)
	}
	if p.Usage == "" || p.Limitations == "" || len(p.Team) == 0 || !slices.Equal(p.LFTags, []string{"consent: research"}) {
		t.Errorf("%+v", p)
	}
	c := table.Columns[0]
	if c.Name != "patient_token" || c.Key != 1 || c.Method != "hmac" || !slices.Equal(c.From, []string{"clinical.research_registry.enrolment.member_token"}) {
		t.Errorf("%+v", c)
	}
	if len(p.Readers) != 1 || !slices.Equal(p.Readers[0].Tags, []string{"consent: research"}) {
		t.Errorf("%+v", p.Readers)
	}
	saved := find(t, products, "member360", "member_360").Tables[0].Queries
	if !slices.ContainsFunc(saved, func(q catalogue.Query) bool {
		return strings.HasPrefix(q.Title, "members-to-call, saved by clinical: ")
	}) {
		t.Errorf("saved queries of member_360: %+v", saved)
	}
	for _, p := range products {
		for _, table := range p.Tables {
			for _, c := range table.Columns {
				if c.Level == ontology.PHI && len(c.Examples) > 0 {
					t.Errorf("%s.%s.%s: examples of phi", p.Name, table.Name, c.Name)
				}
			}
		}
	}
}

// Rules are told in words, and those that nothing measures with the reason.
func TestRules(t *testing.T) {
	rule := contract.QualityRule{Path: "schema[0].quality[0]", Operator: "mustBe", Values: []string{"0"}}
	of := func(change func(*contract.QualityRule)) catalogue.Rule {
		q := rule
		change(&q)
		plan := &mesh.Plan{Domains: []mesh.DomainPlan{{Name: "d", Products: []mesh.ProductPlan{{Name: "p", Tables: []mesh.TablePlan{{
			Product: "p", Database: "db", Contract: &contract.Contract{},
			Table: contract.Table{Name: "t", Columns: []contract.Column{{Name: "a", Type: "int"}}, Quality: []contract.QualityRule{q}},
		}}}}}}}
		return catalogue.Of(plan, nil)[0].Tables[0].Rules[0]
	}
	for want, change := range map[string]func(*contract.QualityRule){
		"There are no values that are null.": func(q *contract.QualityRule) { q.Column, q.Metric = "a", "nullValues" },
		"The number of values that are null must be less than 5 percent.": func(q *contract.QualityRule) {
			q.Column, q.Metric, q.Operator, q.Values, q.Unit = "a", "nullValues", "mustBeLessThan", []string{"5"}, "percent"
		},
		"The number of rows must be between 1 and 9.": func(q *contract.QualityRule) {
			q.Metric, q.Operator, q.Values = "rowCount", "mustBeBetween", []string{"1", "9"}
		},
		"There are no values that repeat another of the columns a, b.": func(q *contract.QualityRule) {
			q.Metric, q.Arguments = "duplicateValues", map[string][]string{"properties": {"a", "b"}}
		},
		"There are no values not among 1, 2.": func(q *contract.QualityRule) {
			q.Column, q.Metric, q.Arguments = "a", "invalidValues", map[string][]string{"validValues": {"1", "2"}}
		},
		"What the query SELECT count(*) FROM {object} returns must be 0.": func(q *contract.QualityRule) {
			q.Type, q.Query = contract.QualitySQL, "SELECT count(*)\n  FROM {object}"
		},
		"A rule of soda.": func(q *contract.QualityRule) { q.Type, q.Engine = contract.QualityCustom, "soda" },
		"Everybody who was discharged.": func(q *contract.QualityRule) {
			q.Type, q.Description = contract.QualityText, "Everybody who was discharged."
		},
	} {
		if got := of(change); got.Text != want || got.Check != "" {
			t.Errorf("got %q, %q; want %q", got.Text, got.Check, want)
		}
	}
	if got := of(func(q *contract.QualityRule) { q.Metric, q.Description = "freshness", "It is fresh." }); got.Text != "It is fresh." || !strings.Contains(got.Unmeasured, "freshness") {
		t.Errorf("%+v", got)
	}
}

// Templates tell tables with levels and readers; a table without LF-Tags is of its database.
func TestFromState(t *testing.T) {
	state := planned.Read(samplePlan(t, "dev"))
	c := state.Catalog("111111111111", "us-east-1")
	c.Databases = append(c.Databases, access.Database{Name: "bare"})
	c.Tables = append(c.Tables, access.Table{
		Database: "bare", Name: "bed", Columns: []access.Column{{Name: "a", Type: "int"}}, PartitionKeys: []access.Column{{Name: "day", Type: "date"}},
	})
	products := catalogue.FromState(state, state.Evaluate())
	p := find(t, products, "clinical", "patient_deid")
	if p.Level != ontology.Deidentified {
		t.Errorf("level %s", p.Level)
	}
	readers := func(r catalogue.Reader) bool { return slices.Contains(r.Principals, "CardiologyAnalyst") }
	if i := slices.IndexFunc(p.Readers, readers); i < 0 || p.Readers[i].Rows != "study_id = 'NCT0456'" || p.Readers[i].Until != "2027-12-31" {
		t.Errorf("%+v", p.Readers)
	}
	bare := find(t, products, "", "bare")
	if bare.Level != access.Untagged || bare.Tables[0].Columns[1].Partition != 1 || bare.Tables[0].Queries[0].Title != "All columns" {
		t.Errorf("%+v", bare)
	}
}

// Names are quoted, and a partition that has to be named is.
func TestStrangeNames(t *testing.T) {
	plan := &mesh.Plan{Domains: []mesh.DomainPlan{{Name: "d", Products: []mesh.ProductPlan{{Name: "p", Tables: []mesh.TablePlan{{
		Product: "p", Database: "db", Contract: &contract.Contract{},
		Table: contract.Table{Name: "t", Columns: []contract.Column{
			{Name: `a"b.c-d`, Type: "int", Sensitivity: ontology.Public},
			{Name: "key", Type: "string", Sensitivity: ontology.Public, Examples: []string{"o'k"}, Projection: &contract.Projection{Type: contract.ProjectInjected}},
		}},
	}}}}}}}
	q := catalogue.Of(plan, nil)[0].Tables[0].Queries[0].SQL
	if want := "SELECT \"a\"\"b.c-d\", \"key\"\nFROM \"db\".\"t\"\nWHERE \"key\" = 'o''k'\nLIMIT 10"; q != want {
		t.Errorf("got %s", q)
	}
	if _, err := lineage.Parse(q); err != nil {
		t.Error(err)
	}
}
