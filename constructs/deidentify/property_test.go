package deidentify_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// passes is what the regulation lets through, written down a second time: the
// methods for every identifier, for dates by each standard, and for what is phi
// without saying why.
func passes(id ontology.Identifier, level ontology.Sensitivity, kind string, s ontology.DeidentifyStandard) []ontology.Method {
	dates := []ontology.Method{ontology.Year, ontology.AgeGroup, ontology.Days}
	if s == ontology.ExpertDetermination {
		dates = append(dates, ontology.Shift)
	}
	switch {
	case id == ontology.Date, id == "" && (kind == "date" || kind == "timestamp") && level != ontology.Public && level != ontology.Internal:
		return dates
	case id == ontology.GeographicDetail:
		return []ontology.Method{ontology.ZIP3, ontology.Generalize}
	case slices.Contains([]ontology.Identifier{ontology.MedicalRecordNumber, ontology.HealthPlanNumber, ontology.AccountNumber, ontology.OtherUniqueID}, id):
		return []ontology.Method{ontology.HMAC}
	case id != "":
		return nil
	case level == ontology.PHI:
		return []ontology.Method{ontology.Generalize}
	default:
		return append(dates, ontology.Keep, ontology.Generalize, ontology.HMAC, ontology.ZIP3)
	}
}

func drawSource(t *rapid.T) *contract.Table {
	source := &contract.Table{Name: "source"}
	kinds := []string{"string", "int", "bigint", "date", "timestamp", "double", "boolean", "struct<a:string,b:date>", "array<struct<a:string,b:array<string>>>"}
	source.Columns = append(source.Columns, contract.Column{
		Name: "person", Type: rapid.SampledFrom([]string{"string", "bigint"}).Draw(t, "person"), Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber,
	}, contract.Column{
		Name: "day", Type: rapid.SampledFrom([]string{"date", "timestamp", "string"}).Draw(t, "day"), Sensitivity: ontology.PHI, Identifier: ontology.Date,
	})
	for i := range rapid.IntRange(2, 16).Draw(t, "columns") {
		source.Columns = append(source.Columns, contract.Column{
			Name: fmt.Sprintf("c%d", i), Type: rapid.SampledFrom(kinds).Draw(t, "type"),
			Sensitivity: rapid.SampledFrom(ontology.Sensitivities()).Draw(t, "level"),
			Identifier:  rapid.SampledFrom(append(ontology.Identifiers(), "", "", "", "", "", "", ontology.Date, ontology.Date, ontology.Date, ontology.Date)).Draw(t, "identifier"),
		})
	}
	return source
}

// drawColumn draws a column whose number of sources and type mostly fit its
// method, and whose method may not fit its sources at all.
func drawColumn(t *rapid.T, source *contract.Table, i int) contract.Column {
	method := rapid.SampledFrom(append(ontology.Methods(), "", "", ontology.Days, ontology.Days, ontology.Shift, ontology.Shift, ontology.Shift)).Draw(t, "method")
	n := map[ontology.Method]int{ontology.Constant: 0, ontology.Days: 2}
	count, fixed := n[method]
	if !fixed {
		count = rapid.SampledFrom([]int{0, 1, 1, 1, 1, 1, 1, 2}).Draw(t, "sources")
	}
	var paths, kinds []string
	for range count {
		column := rapid.SampledFrom(source.Columns).Draw(t, "source")
		field := ""
		if strings.Contains(column.Type, "<") {
			field = rapid.SampledFrom([]string{"", ".a", ".b"}).Draw(t, "field")
		}
		paths, kinds = append(paths, "source."+column.Name+field), append(kinds, column.Type)
	}
	switch method {
	case ontology.Year, ontology.Days:
		kinds = append(kinds, "int", "bigint")
	case ontology.HMAC, ontology.ZIP3, ontology.Generalize, ontology.AgeGroup:
		kinds = []string{"string"}
	default:
		kinds = append(kinds, "string", "date", "boolean")
	}
	c := contract.Column{
		Name: fmt.Sprintf("c%d", i), Type: rapid.SampledFrom(kinds).Draw(t, "type"),
		Sensitivity: ontology.Deidentified, Derivation: &contract.Derivation{Sources: paths, Method: method},
	}
	switch c.Derivation.Method {
	case ontology.Generalize:
		c.Derivation.Values = rapid.SliceOfN(rapid.StringMatching(`[a-z" ';-]{1,8}`), 1, 3).Draw(t, "values")
	case ontology.Constant:
		c.Derivation.Logic = rapid.SampledFrom([]string{"'it''s'", "12", "true", "1.5", "c0", "'a' || c0"}).Draw(t, "logic")
	default:
	}
	return c
}

// TestNothingPassesButByItsMethod draws contracts and checks of each that is
// accepted that every value comes by a method that is open for it, and that the
// statements read nothing else.
func TestNothingPassesButByItsMethod(t *testing.T) {
	t.Parallel()
	accepted := map[ontology.Method]int{}
	rapid.Check(t, func(t *rapid.T) {
		source := drawSource(t)
		standard := rapid.SampledFrom(ontology.DeidentifyStandards()).Draw(t, "standard")
		key := contract.Column{
			Name: "row", Type: "string", Sensitivity: ontology.Deidentified, PrimaryKey: 1,
			Derivation: &contract.Derivation{Method: ontology.Constant, Logic: "'1'"},
		}
		target := &contract.Table{Name: "target", Deidentify: &contract.Deidentify{From: contract.ParseReference("x.source"), Standard: standard, Person: "person"}, Columns: []contract.Column{key}}
		for i := range rapid.IntRange(60, 150).Draw(t, "targets") {
			alone := *target
			alone.Columns = []contract.Column{key, drawColumn(t, source, i)}
			if deidentify.Check(source, &alone) == nil {
				target.Columns = append(target.Columns, alone.Columns[1])
			}
		}
		p, err := deidentify.New(source, target)
		if err != nil {
			t.Fatalf("each column is accepted, all together are not: %v", err)
		}
		read := map[string]bool{}
		for _, c := range p.Columns {
			for _, path := range c.Sources {
				name, field, _ := strings.Cut(path, ".")
				from := source.Column(name)
				kind := from.Type
				if field == "b" && kind == "struct<a:string,b:date>" {
					kind = "date"
				}
				if !slices.Contains(passes(from.Identifier, from.Sensitivity, kind, standard), c.Method) {
					t.Errorf("%s, %s %s, reaches %s by %s", path, from.Sensitivity, from.Identifier, c.Name, c.Method)
				}
				read[name] = true
			}
			accepted[c.Method]++
			if c.Method == ontology.Shift {
				read[target.Deidentify.Person] = true
			}
		}
		statements(t, p, read)
	})
	for _, m := range ontology.Methods() {
		if (accepted[m] == 0) != (m == ontology.Drop) {
			t.Errorf("%d columns by %s were accepted", accepted[m], m)
		}
	}
}

// statements checks that both statements read no column of the source but
// those, and say nothing that is not expected.
func statements(t *rapid.T, p *deidentify.Plan, read map[string]bool) {
	merge, err := p.Merge(options())
	if err != nil {
		t.Fatal(err)
	}
	create, err := p.CreateTable(options(), "s3://bucket/target/")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := p.Merge(options()); again != merge {
		t.Error("two statements of one plan differ")
	}
	for _, sql := range []string{merge, create} {
		words := tokens(t, sql)
		for i, word := range words {
			switch {
			case strings.HasPrefix(word, `"`) || strings.HasPrefix(word, "'"):
			case !known[strings.ToLower(word)] && !number.MatchString(word):
				t.Errorf("the statement says %s:\n%s", word, sql)
			}
			if word == `"s"` && i+2 < len(words) && words[i+1] == "." && !read[strings.Trim(words[i+2], `"`)] {
				t.Errorf("the statement reads %s, which the plan does not:\n%s", words[i+2], sql)
			}
			if (word == `"curated"` || word == `"keys"`) && words[i-1] != "FROM" {
				t.Errorf("%s after %s:\n%s", word, words[i-1], sql)
			}
		}
	}
}

var (
	token  = regexp.MustCompile(`^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9]*|[0-9]+(?:\.[0-9]+)?|[-+*/=<>(),.\[\]]|\s+)`)
	number = regexp.MustCompile(`^[0-9.]+$`)
	known  = set(`row array map integer date boolean double timestamp decimal merge into as using with select case when count min length then else to_utf8 cast concat varchar bigint end
		from where lower to_hex hmac_sha256 cross join is not null union all true false exists and or on matched delete
		distinct update set insert values year current_date try_cast substr integer date between date_diff date_add mod
		from_base timestamp regexp_like trim in element_at double boolean create table table_type is_external format
		location partitioning array
		- + * / = < > >= ( ) , . [ ]`)
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(words) {
		out[word] = true
	}
	return out
}

// tokens splits a statement into names, texts, words and signs.
func tokens(t *rapid.T, sql string) []string {
	var out []string
	for rest := sql; rest != ""; {
		found := token.FindString(rest)
		if found == "" {
			t.Fatalf("no SQL from here: %s", rest)
		}
		rest = rest[len(found):]
		if strings.TrimSpace(found) != "" {
			out = append(out, found)
		}
	}
	return out
}
