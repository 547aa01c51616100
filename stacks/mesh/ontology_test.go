package mesh_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// tagged is the small mesh with a key of the mesh and one of the domain clinical.
func tagged() *mesh.Definition {
	d := small()
	d.Ontology = map[string][]string{"consent": {"research", "treatment"}}
	d.Domains[0].Ontology = map[string][]string{"assay": {"wes", "wgs"}}
	k := d.Domains[0].Contracts[1]
	k.LFTags = tag("consent", "research")
	k.Tables[0].LFTags = tag("assay", "wgs")
	k.Tables[0].Columns[2].LFTags = tag("consent", "treatment") // birth_year
	k.Tables[1].Columns[1].LFTags = tag("assay", "wes")         // title
	d.Domains[1].Contracts[0].LFTags = tag("consent", "research")
	d.Subscriptions[0].Tags = map[string][]string{"consent": {"research"}, "assay": {"wgs", "wes"}}
	d.Subscriptions[1].Tags = map[string][]string{"consent": {"research"}}
	return d
}

func tag(key, value string) []contract.LFTag { return []contract.LFTag{{Key: key, Value: value}} }

// Every tag of every table and column, as Lake Formation is told.
func TestOntologyAssociations(t *testing.T) {
	clinical, _ := plan(t, tagged(), "dev").Domain("clinical")
	var got []string
	for _, a := range allTags(clinical) {
		if a.Resource.Kind == lakeformation.KindDatabase {
			continue
		}
		line := a.Resource.Key() + ":"
		for _, c := range a.Tags {
			line += " " + strings.TrimPrefix(c.Key, "river:") + "=" + strings.Join(c.Values, ",")
		}
		got = append(got, line)
	}
	golden.Check(t, filepath.Join("testdata", "plan", "ontology.golden"), []byte(strings.Join(got, "\n")+"\n"))
}

// Every environment has the keys of the mesh, and every domain its own.
func TestOntologyOfStacks(t *testing.T) {
	planned := plan(t, tagged(), "prod")
	for _, f := range planned.Foundations {
		var found []string
		for _, tag := range f.Tags {
			found = append(found, tag.Key+"="+strings.Join(tag.Values, "|"))
		}
		if want := []string{"river:consent=research|treatment", "river:sensitivity=deidentified|internal|phi|public", "river:zone=analytics|curated|raw"}; !slices.Equal(found, want) {
			t.Errorf("%s: got %q, expected %q", f.Environment, found, want)
		}
	}
	clinical, _ := planned.Domain("clinical")
	if want := []ontology.Tag{
		{Key: "river:clinical.assay", Values: []string{"wes", "wgs"}}, {Key: "river:clinical.product", Values: []string{"encounters", "no-product", "patient_deid"}},
	}; !reflect.DeepEqual(clinical.Tags, want) {
		t.Errorf("got %v, expected %v", clinical.Tags, want)
	}
}

// A subscription is narrowed in its tag policy, and where it keeps rows in the
// columns of its filters.
func TestSubscriptionTags(t *testing.T) {
	consumer, _ := plan(t, tagged(), "dev").Consumer("research")
	var policies []string
	for _, g := range consumer.Grants {
		if g.Resource.Kind == lakeformation.KindTagPolicy && g.Resource.PolicyType == lakeformation.Tables {
			policies = append(policies, g.Resource.Key())
		}
	}
	want := "river:consent=research and river:lab-core.product=labs and river:sensitivity=public"
	if len(policies) != 1 || !strings.HasSuffix(policies[0], want) {
		t.Errorf("got %v, expected %s", policies, want)
	}
	shown := map[string][]string{}
	for _, f := range consumer.Filters {
		shown[f.Table] = f.Columns
	}
	// birth_year is for treatment; study_id of studies has no assay.
	wanted := map[string][]string{"patients": {"codes", "study_id", "year"}, "studies": {"title"}}
	if !reflect.DeepEqual(shown, wanted) {
		t.Errorf("got %v, expected %v", shown, wanted)
	}
	if got := consumer.Subscriptions[0].Tags; !reflect.DeepEqual(got, []ontology.Tag{
		{Key: "river:clinical.assay", Values: []string{"wes", "wgs"}}, {Key: "river:consent", Values: []string{"research"}},
	}) {
		t.Errorf("got %v", got)
	}
}

// A key of the mesh that no contract uses tags nothing.
func TestUnusedKey(t *testing.T) {
	d := small()
	d.Ontology = map[string][]string{"consent": {"research", "treatment"}}
	if w := d.Warnings(); len(w) != 1 { // encounters.note is not classified
		t.Errorf("%v", w)
	}
	for _, p := range plan(t, d, "dev").Domains {
		for _, a := range allTags(p) {
			for _, c := range a.Tags {
				if c.Key == "river:consent" {
					t.Errorf("%s has the tag", a.Resource.Key())
				}
			}
		}
	}
}

func TestValidateOntology(t *testing.T) {
	many := func(n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprintf("v%d", i))
		}
		return out
	}
	mesh1 := func(key string, values ...string) func(d *mesh.Definition) {
		return func(d *mesh.Definition) { d.Ontology[key] = values }
	}
	var out strings.Builder
	for _, b := range []breakage{
		{"built-in key", mesh1("sensitivity", "public")},
		{"upper case", mesh1("Consent", "Research")},
		{"no value", mesh1("x")},
		{"too many values", mesh1("x", many(51)...)},
		{"value twice", mesh1("x", "a", "a")},
		{"value too long", mesh1("x", strings.Repeat("v", 257))},
		{"key too long", mesh1(strings.Repeat("k", 123), "a")},
		{"same key in mesh and domain", func(d *mesh.Definition) { d.Domains[0].Ontology["consent"] = []string{"a"} }},
		{"too many keys of a table", func(d *mesh.Definition) {
			for i := range 46 {
				d.Domains[0].Ontology[fmt.Sprintf("k%d", i)] = []string{"a"}
			}
		}},
		{"contract with an unknown key", func(d *mesh.Definition) { d.Domains[0].Contracts[1].LFTags = tag("consnet", "research") }},
		{"table with an unknown value", func(d *mesh.Definition) { d.Domains[0].Contracts[1].Tables[0].LFTags = tag("consent", "reserch") }},
		{"column with a key twice", func(d *mesh.Definition) {
			d.Domains[0].Contracts[1].Tables[0].Columns[0].LFTags = append(tag("consent", "research"), tag("consent", "treatment")...)
		}},
		{"key of another domain", func(d *mesh.Definition) { d.Domains[1].Contracts[0].LFTags = tag("assay", "wes") }},
		{"subscription with an unknown key", func(d *mesh.Definition) { d.Subscriptions[1].Tags = map[string][]string{"consnet": {"research"}} }},
		{"subscription with an unknown value", func(d *mesh.Definition) { d.Subscriptions[1].Tags["consent"] = []string{"reserch"} }},
		{"subscription with a value twice", func(d *mesh.Definition) { d.Subscriptions[1].Tags["consent"] = []string{"research", "research"} }},
		{"subscription without a value", func(d *mesh.Definition) { d.Subscriptions[1].Tags["consent"] = nil }},
		{"subscription with four keys", func(d *mesh.Definition) {
			for _, key := range []string{"x", "y"} {
				d.Ontology[key] = []string{"a"}
				d.Subscriptions[0].Tags[key] = []string{"a"}
			}
		}},
		{"subscription that shows nothing", func(d *mesh.Definition) { d.Subscriptions[1].Tags["consent"] = []string{"treatment"} }},
	} {
		d := tagged()
		b.apply(d)
		fmt.Fprintf(&out, "== %s\n%v\n", b.name, d.Validate())
		if d.Validate() == nil {
			t.Errorf("%s: nothing is reported", b.name)
		}
	}
	golden.Check(t, filepath.Join("testdata", "ontology.golden"), []byte(out.String()))
}

// What is warned of, with the days that a subscription is warned of.
func TestWarnings(t *testing.T) {
	if err := tagged().Validate(); err != nil {
		t.Fatal(err)
	}
	want := `domains[0].contracts[0].tables[0]: got no consent for the table encounter; expected one of research, treatment; fix: choose one in lfTags; until then it is treatment, the most restrictive
domains[0].contracts[0].tables[0].columns[2]: got column "note" without a classification; expected one of public, internal, deidentified, phi; fix: classify it; until then it counts as phi`
	if got := tagged().Warnings().Error(); got != want {
		t.Errorf("got %s", got)
	}
	for day, warned := range map[string]int{"2030-01-01": 1, "2029-12-31": 0, "2030-01-31": 1, "2030-02-01": 0, "2030-05-31": 2} {
		today, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(tagged().WarningsAt(today)) - 2; got != warned {
			t.Errorf("%s: %d ends are warned of, expected %d", day, got, warned)
		}
	}
}
