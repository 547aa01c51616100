package deidentify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/golden"
)

// describe renders a plan for people.
func describe(p *deidentify.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s from %s by %s\n", p.Target, p.Source, p.Standard)
	for _, c := range p.Columns {
		fmt.Fprintf(&b, "  %s = %s(%s): %s\n", c.Name, c.Method, strings.Join(c.Sources, ", "), c.Reason)
	}
	for _, d := range p.Dropped {
		fmt.Fprintf(&b, "  dropped %s: %s\n", d.Name, d.Reason)
	}
	return b.String()
}

// TestPlan holds the plans and statements of the contracts in testdata.
func TestPlan(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2]string{{"patients", "patients_deid"}, {"visits", "visits_deid"}} {
		p, err := deidentify.New(pair(t, tc[0], tc[1]))
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+tc[1]+".plan.golden", []byte(describe(p)))
		merge, err := p.Merge(options())
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+tc[1]+".merge.golden.sql", []byte(merge+"\n"))
		create, err := p.CreateTable(options(), "s3://riverside-analytics/deid/")
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+tc[1]+".create.golden.sql", []byte(create+"\n"))
	}
	key, err := deidentify.CreateKey(options())
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/key.golden.sql", []byte(key+"\n"))
}

// TestWhatIsNotNamedIsDropped checks that every source column is in the plan,
// once: as a source or as dropped.
func TestWhatIsNotNamedIsDropped(t *testing.T) {
	t.Parallel()
	source, target := pair(t, "patients", "patients_deid")
	p, err := deidentify.New(source, target)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, c := range p.Columns {
		for _, path := range c.Sources {
			used[strings.Split(path, ".")[0]] = true
		}
	}
	for _, d := range p.Dropped {
		if used[d.Name] {
			t.Errorf("%s is used and dropped", d.Name)
		}
		used[d.Name] = true
	}
	for _, c := range source.Columns {
		if !used[c.Name] {
			t.Errorf("%s is neither used nor dropped", c.Name)
		}
	}
}

// spoil is one way to break the patients' contract.
type spoil struct {
	name   string
	change func(source, target *contract.Table)
}

func spoils() []spoil {
	on := func(name string, change func(c *contract.Column)) func(_, target *contract.Table) {
		return func(_, target *contract.Table) { change(target.Column(name)) }
	}
	from := func(column string, method ontology.Method) func(c *contract.Column) {
		return func(c *contract.Column) {
			c.Derivation = &contract.Derivation{Sources: []string{"patients." + column}, Method: method}
		}
	}
	return []spoil{
		{"a name kept", on("gender", from("full_name", ontology.Keep))},
		{"a name hashed", on("gender", from("full_name", ontology.HMAC))},
		{"an SSN hashed", on("gender", from("ssn", ontology.HMAC))},
		{"a name by default", on("gender", from("full_name", ""))},
		{"free text kept", on("gender", from("note", ontology.Keep))},
		{"free text hashed", on("gender", from("note", ontology.HMAC))},
		{"free text by default", on("gender", from("note", ""))},
		{"a date kept", on("gender", from("birth_date", ontology.Keep))},
		{"a date shifted under Safe Harbor", on("gender", from("birth_date", ontology.Shift))},
		{"a date that the contract calls none", func(s, target *contract.Table) {
			s.Column("first_visit").Identifier, s.Column("first_visit").Sensitivity = "", ontology.Deidentified
			from("first_visit", ontology.Keep)(target.Column("gender"))
		}},
		{"a street as a ZIP code of the wrong type", on("zip3", from("address", ontology.ZIP3))},
		{"a method dropped", on("gender", from("gender", ontology.Drop))},
		{"an unknown method", on("gender", from("gender", "hide"))},
		{"an unknown column", on("gender", from("sex", ""))},
		{"an unknown field", on("home_zip3", from("address.zip", ""))},
		{"another table", on("gender", func(c *contract.Column) {
			c.Derivation = &contract.Derivation{Sources: []string{"visits.reason"}}
		})},
		{"no source", on("gender", func(c *contract.Column) { c.Name = "sex" })},
		{"one date for days", on("follow_up_days", from("first_visit", ontology.Days))},
		{"no values", on("occupation", func(c *contract.Column) { c.Derivation.Values = nil })},
		{"values for keep", on("gender", func(c *contract.Column) { c.Derivation = &contract.Derivation{Values: []string{"male"}} })},
		{"logic", on("gender", func(c *contract.Column) {
			c.Derivation = &contract.Derivation{Sources: []string{"patients.gender"}, Logic: "upper(full_name)"}
		})},
		{"logic for a constant", on("method", func(c *contract.Column) { c.Derivation.Logic = "(SELECT max(ssn) FROM patients)" })},
		{"a literal with something behind it", on("method", func(c *contract.Column) { c.Derivation.Logic = "'a' || ssn || 'b'" })},
		{"a year as text", on("birth_year", func(c *contract.Column) { c.Type = "string" })},
		{"a narrower number", on("visits", func(c *contract.Column) { c.Type = "boolean" })},
		{"an identifier in the target", on("gender", func(c *contract.Column) { c.Identifier = ontology.Name })},
		{"a code declared public", on("patient", func(c *contract.Column) { c.Sensitivity = ontology.Public })},
		{"a copy declared public", on("gender", func(c *contract.Column) { c.Sensitivity = ontology.Public })},
		{"no primary key", on("patient", func(c *contract.Column) { c.PrimaryKey = 0 })},
		{"no Iceberg", func(_, target *contract.Table) { target.Format = contract.FormatParquet }},
		{"another source", func(_, target *contract.Table) { target.Deidentify.From = contract.ParseReference("registry.people") }},
		{"an unknown standard", func(_, target *contract.Table) { target.Deidentify.Standard = "hipaa" }},
		{"no derivation", func(_, target *contract.Table) { target.Deidentify = nil }},
		{"a shift without a person", func(_, target *contract.Table) {
			target.Deidentify.Standard = ontology.ExpertDetermination
			c := target.Column("birth_year")
			c.Type, c.Derivation.Method = "date", ontology.Shift
		}},
		{"a shift by an unknown person", func(_, target *contract.Table) {
			target.Deidentify.Standard, target.Deidentify.Person = ontology.ExpertDetermination, "patient"
			c := target.Column("birth_year")
			c.Type, c.Derivation.Method = "date", ontology.Shift
		}},
		{"two mistakes", func(_, target *contract.Table) {
			from("ssn", ontology.Keep)(target.Column("gender"))
			from("ip", ontology.Keep)(target.Column("ward"))
		}},
	}
}

// TestProblems checks the exact message of every mistake.
func TestProblems(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, s := range spoils() {
		source, target := pair(t, "patients", "patients_deid")
		s.change(source, target)
		err := deidentify.Check(source, target)
		if err == nil {
			t.Errorf("%s: nothing is wrong", s.name)
			continue
		}
		for _, p := range problem.Of(err) {
			if p.Path == "" || p.Got == "" || p.Expected == "" || p.Fix == "" {
				t.Errorf("%s: incomplete problem %+v", s.name, p)
			}
		}
		fmt.Fprintf(&b, "%s:\n  %s\n", s.name, strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	golden.Check(t, "testdata/problems.golden", []byte(b.String()))
}

// TestOptions checks the names that statements are written with.
func TestOptions(t *testing.T) {
	t.Parallel()
	p, err := deidentify.New(pair(t, "patients", "patients_deid"))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]deidentify.Options{
		"SourceDatabase": {TargetDatabase: "a", KeyDatabase: "k", KeyID: "1"},
		"TargetDatabase": {SourceDatabase: "a", TargetDatabase: `b"; DROP`, KeyDatabase: "k", KeyID: "1"},
		"KeyDatabase":    {SourceDatabase: "a", TargetDatabase: "b", KeyID: "1"},
		"KeyID":          {SourceDatabase: "a", TargetDatabase: "b", KeyDatabase: "k", KeyID: "it's"},
		"SparseZIP3[0]":  {SourceDatabase: "a", TargetDatabase: "b", KeyDatabase: "k", KeyID: "1", SparseZIP3: []string{"12"}},
	} {
		_, err := p.Merge(o)
		if list := problem.Of(err); len(list) != 1 || list[0].Path != name {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := p.CreateTable(options(), "s3://b/it's/"); err == nil || !strings.Contains(err.Error(), "location") {
		t.Errorf("a location with a quote: %v", err)
	}
	if _, err := deidentify.CreateKey(deidentify.Options{}); len(problem.Of(err)) != 2 {
		t.Errorf("a key without names: %v", err)
	}
	o := options()
	o.SparseZIP3 = []string{"999", "036"}
	if merge, err := p.Merge(o); err != nil || !strings.Contains(merge, "'999'") || strings.Count(merge, "'036'") != 2 {
		t.Errorf("further sparse ZIP codes: %v", err)
	}
}

// TestTooLong checks the limit of Athena and of workflows.
func TestTooLong(t *testing.T) {
	t.Parallel()
	source, target := pair(t, "patients", "patients_deid")
	for i := range 3000 {
		c := *source.Column("gender")
		c.Name = fmt.Sprintf("gender_as_told_at_visit_%d", i)
		source.Columns = append(source.Columns, c)
		target.Columns = append(target.Columns, c)
	}
	p, err := deidentify.New(source, target)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Merge(options()); err == nil || !strings.Contains(err.Error(), "250000") {
		t.Errorf("got %v", err)
	}
	if _, err := p.CreateTable(options(), "s3://riverside/deid/"); err == nil || !strings.Contains(err.Error(), "250000") {
		t.Errorf("got %v", err)
	}
}

// TestKeyTableIsAContract checks the key table by the rules of every other one.
func TestKeyTableIsAContract(t *testing.T) {
	t.Parallel()
	k := contract.Contract{Name: "keys", Tables: []contract.Table{deidentify.KeyTable()}}
	if err := k.Validate(); err != nil {
		t.Error(err)
	}
	if k.MaxSensitivity() != ontology.PHI {
		t.Error("the key is not phi")
	}
}

func TestSparseZIP3(t *testing.T) {
	t.Parallel()
	all := deidentify.SparseZIP3()
	if !slices.IsSorted(all) {
		t.Error("not sorted")
	}
	// The 17 of the HHS guidance.
	for _, prefix := range strings.Fields("036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893") {
		if !slices.Contains(all, prefix) {
			t.Errorf("%s is missing", prefix)
		}
	}
}
