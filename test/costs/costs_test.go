package costs

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/test/golden"
)

const page = "../../constructs/docs/costs.md"

// fact is a price or a quantity.
type fact struct {
	Name   string // in formulas
	Value  float64
	Unit   string
	Source string
	Date   string // when it was looked up or measured
}

// figures are the facts, by name.
type figures struct {
	Region     string
	Prices     []fact
	Quantities []fact
	values     map[string]float64
	used       map[string]bool
}

func read(t *testing.T) *figures {
	t.Helper()
	text, err := os.ReadFile("prices.json")
	if err != nil {
		t.Fatal(err)
	}
	f := &figures{values: map[string]float64{}, used: map[string]bool{}}
	if err := json.Unmarshal(text, f); err != nil {
		t.Fatal(err)
	}
	for _, each := range slices.Concat(f.Prices, f.Quantities) {
		if _, err := time.Parse(time.DateOnly, each.Date); err != nil || each.Value <= 0 || each.Unit == "" || each.Source == "" {
			t.Errorf("%s: a fact has a value, a unit, a source and its date: %+v", each.Name, each)
		}
		if _, twice := f.values[each.Name]; twice {
			t.Errorf("%s: is there twice", each.Name)
		}
		f.values[each.Name] = each.Value
	}
	return f
}

// of is the value of a fact.
func (f *figures) of(name string) float64 {
	value, known := f.values[name]
	if !known {
		panic(fmt.Sprintf("no fact %q", name))
	}
	f.used[name] = true
	return value
}

// cost is what is paid for something that is kept.
type cost struct {
	what, formula          string
	month, first, eachYear float64 // a month that is not the first, the first year, and each later one
}

// stored is what is paid for each month, from the first on.
func stored(what, formula string, month float64) cost {
	return cost{what: what, formula: formula, month: month, first: 12 * month, eachYear: 12 * month}
}

const gigabyte = 1e9

// storage are the lines of what is kept of a genome.
func (f *figures) storage() []cost {
	bases := f.of("coverage") * f.of("genome") / 1e9
	active, archive := bases*f.of("omics-active"), bases*f.of("omics-archive")
	standard, glacier := f.of("s3-standard"), f.of("s3-glacier-ir")
	tables := f.tableBytes() / gigabyte
	return []cost{
		{
			what: "reads in a sequence store, archived after a month", formula: "coverage × genome × omics-active, then × omics-archive",
			month: archive, first: active + 11*archive, eachYear: 12 * archive,
		},
		stored("reads in a sequence store, read every month", "coverage × genome × omics-active", active),
		stored("reads as CRAM in S3 Standard instead", "cram × s3-standard", f.of("cram")*standard),
		stored("reads as CRAM in Glacier Instant Retrieval instead", "cram × s3-glacier-ir", f.of("cram")*glacier),
		stored("gVCF in S3 Standard", "gvcf × s3-standard", f.of("gvcf")*standard),
		stored("VCF in S3 Standard", "sites × vcf-record × s3-standard", f.of("sites")*f.of("vcf-record")/gigabyte*standard),
		stored("rows of variants and genotypes", "sites × (variant-row + genotype-row) × s3-standard", tables*standard),
	}
}

// tableBytes are the bytes of the rows of a genome.
func (f *figures) tableBytes() float64 {
	return f.of("sites") * (f.of("variant-row") + f.of("genotype-row"))
}

// workerHours are those of a run that loads so many genomes with a driver and workers.
func (f *figures) workerHours(genomes float64) float64 {
	busy := genomes * f.of("sites") * f.of("cpu-record") / 1e6 / f.of("busy") / f.of("worker-vcpu") / f.of("workers")
	return (f.of("workers") + 1) * (busy + f.of("start")) / 3600
}

// loading are the lines of loading a genome.
func (f *figures) loading() [][]string {
	emr := f.of("worker-vcpu")*f.of("emr-vcpu") + f.of("worker-memory")*f.of("emr-memory") + f.of("worker-disk")*f.of("emr-disk")
	const hours = "worker-hours × (worker-vcpu × emr-vcpu + worker-memory × emr-memory + worker-disk × emr-disk)"
	batch := f.of("batch")
	return [][]string{
		{"alone, EMR Serverless", hours, usd(f.workerHours(1) * emr)},
		{fmt.Sprintf("in a run of %g, EMR Serverless", batch), hours + " ÷ batch", usd(f.workerHours(batch) * emr / batch)},
		{fmt.Sprintf("in a run of %g, Glue", batch), "worker-hours × worker-vcpu ÷ 4 × glue-dpu ÷ batch", usd(f.workerHours(batch) * f.of("worker-vcpu") / 4 * f.of("glue-dpu") / batch)},
	}
}

// queries are the lines of one query for a gene, by how many genomes the tables have.
func (f *figures) queries() [][]string {
	out := [][]string{}
	for _, genomes := range []float64{1, 100, 1000, 10000} {
		all := genomes * f.tableBytes()
		scanned := max(all*f.of("gene"), f.of("athena-least"))
		price := f.of("athena") / 1e12
		out = append(out, []string{thousands(genomes), bytes(all), bytes(scanned), usd(scanned * price), usd(all * price)})
	}
	return out
}

// No figure of the page is another than what its formulas give from the prices.
func TestPageIsComputed(t *testing.T) {
	f := read(t)
	sections := map[string]string{
		"storage": costTable(f.storage()),
		"loading": table([]string{"loaded", "formula", "USD"}, f.loading()),
		"queries": table([]string{"genomes", "rows", "read for one gene", "USD a query", "USD a query that reads all"}, f.queries()),
	}
	sections["prices"], sections["quantities"] = factTable("USD", f.Prices), factTable("value", f.Quantities)
	for _, each := range slices.Concat(f.Prices, f.Quantities) {
		if !f.used[each.Name] {
			t.Errorf("%s: no formula uses it", each.Name)
		}
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for name, section := range sections {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, there := strings.Cut(got, begin)
		_, after, closed := strings.Cut(rest, end)
		if !there || !closed {
			t.Fatalf("%s: no section %s", page, name)
		}
		got = before + begin + section + end + after
	}
	golden.Check(t, page, []byte(got))
}

func costTable(costs []cost) string {
	rows := [][]string{}
	for _, c := range costs {
		rows = append(rows, []string{c.what, c.formula, usd(c.month), usd(c.first), usd(c.eachYear)})
	}
	return table([]string{"what", "formula", "USD a month", "first year", "each later year"}, rows)
}

func factTable(value string, facts []fact) string {
	rows := [][]string{}
	for _, f := range facts {
		rows = append(rows, []string{f.Name, strconv.FormatFloat(f.Value, 'f', -1, 64), f.Unit, f.Source, f.Date})
	}
	return table([]string{"name", value, "for", "source", "looked up or measured"}, rows)
}

func table(head []string, rows [][]string) string {
	var out strings.Builder
	line := func(cells []string) { fmt.Fprintf(&out, "| %s |\n", strings.Join(cells, " | ")) }
	line(head)
	out.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, row := range rows {
		line(row)
	}
	return out.String()
}

// usd is an amount with three digits that matter.
func usd(amount float64) string {
	return strconv.FormatFloat(amount, 'f', max(0, 2-int(math.Floor(math.Log10(amount)))), 64)
}

// bytes is a size in the unit that fits, with two digits or more.
func bytes(n float64) string {
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		if n < 1000 {
			return strconv.FormatFloat(n, 'f', 0, 64) + " " + unit
		}
		n /= 1000
	}
	return strconv.FormatFloat(n, 'f', 1, 64) + " TB"
}

// thousands is a whole number with commas.
func thousands(n float64) string {
	text := strconv.FormatFloat(n, 'f', 0, 64)
	if len(text) > 3 {
		text = text[:len(text)-3] + "," + text[len(text)-3:]
	}
	return text
}

func TestAmounts(t *testing.T) {
	for amount, want := range map[float64]string{0.00005: "0.0000500", 0.01234: "0.0123", 1.2345: "1.23", 12.34: "12.3", 1234: "1234"} {
		if got := usd(amount); got != want {
			t.Errorf("%g: got %s, want %s", amount, got, want)
		}
	}
	if got := bytes(10e6) + ", " + bytes(2.5e12) + ", " + thousands(10000); got != "10 MB, 2.5 TB, 10,000" {
		t.Errorf("got %s", got)
	}
}
