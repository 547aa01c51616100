package registry

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/test/golden"
)

// The data sets that researchers ask for are here, and each says what is known of it.
func TestCatalogue(t *testing.T) {
	want := []string{"thousandgenomes_dragen", "clinvar", "gnomad", "gtex", "chembl", "open_targets", "binding_db", "tcga"}
	if got := IDs(); !slices.Equal(got, want) {
		t.Fatalf("the data sets are %v, want %v", got, want)
	}
	layouts := []string{"var_partby_samples", "var_partby_chrom", "var_nested"}
	genomes, _ := Find("thousandgenomes_dragen")
	if got := genomes.TableNames(); !slices.Equal(got, layouts) {
		t.Errorf("1000 Genomes has %v, want its three layouts %v", got, layouts)
	}
	for _, d := range Datasets() {
		if strings.ToLower(d.ID) != d.ID || d.Licence.URL == "" || d.StatusSource == "" {
			t.Errorf("%s: %+v", d.ID, d.Licence)
		}
	}
	if _, ok := Find("clinvarr"); ok {
		t.Error("found a data set that there is none of")
	}
	if hosted := Hosted("open-targets-public-data-releases"); len(hosted) != 1 || hosted[0].ID != "open_targets" {
		t.Errorf("hosted there: %v", hosted)
	}
	if hosted := Hosted("aws-roda-hcls-datalake"); hosted != nil {
		t.Errorf("nobody hosts %v", hosted)
	}
}

// The contracts are what the catalogue says, and nothing else is kept.
func TestContractsAreTheCatalogue(t *testing.T) {
	var want []string
	for _, d := range Datasets() {
		if len(d.Tables) == 0 {
			continue
		}
		golden.Check(t, d.ContractFile(), odcs(d))
		want = append(want, path.Base(d.ContractFile()))
	}
	entries, err := fs.ReadDir(files, "contracts")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !golden.Updating() && !slices.Equal(got, want) {
		t.Errorf("kept are %v, want %v", got, want)
	}
}

// Every contract loads without a word, is public and read only, and has the columns of the
// catalogue.
func TestContracts(t *testing.T) {
	for _, d := range Datasets() {
		k, err := d.Contract(Use{Location: "s3://copies/" + d.ID + "/"})
		if len(d.Tables) == 0 {
			if err == nil {
				t.Errorf("%s has a contract and no tables", d.ID)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if err := k.Validate(); err != nil || len(k.Warnings) > 0 {
			t.Errorf("%s: %v %v", d.ID, err, k.Warnings)
		}
		if k.Name != d.ID || k.MaxSensitivity() != ontology.Public || len(k.Tables) != len(d.Tables) {
			t.Errorf("%s: %s is %s with %d tables, want %d", d.ID, k.Name, k.MaxSensitivity(), len(k.Tables), len(d.Tables))
		}
		for _, table := range d.Tables {
			got := k.Table(table.Name)
			var columns []Column
			for _, c := range got.DataColumns() {
				columns = append(columns, Column{c.Name, c.Type})
			}
			if !slices.Equal(columns, table.Columns) || got.Location != "s3://copies/"+d.ID+"/"+table.Name+"/" {
				t.Errorf("%s.%s at %s: %v, want %v", d.ID, table.Name, got.Location, columns, table.Columns)
			}
			if len(table.Partitions) > 0 && !got.Projected() {
				t.Errorf("%s.%s has partitions that would have to be crawled", d.ID, table.Name)
			}
		}
	}
}

// The layouts of 1000 Genomes: formats and partitions as they were published.
func TestThousandGenomes(t *testing.T) {
	d, _ := Find("thousandgenomes_dragen")
	k, err := d.Contract(Use{Location: "s3://copies/1kg"})
	if err != nil {
		t.Fatal(err)
	}
	bySample, byChromosome, nested := k.Table("var_partby_samples"), k.Table("var_partby_chrom"), k.Table("var_nested")
	if bySample.Format != contract.FormatParquet || byChromosome.Format != contract.FormatORC || nested.Format != contract.FormatORC {
		t.Errorf("formats %s, %s, %s", bySample.Format, byChromosome.Format, nested.Format)
	}
	if got := bySample.PartitionTemplate(bySample.Location); got != "s3://copies/1kg/var_partby_samples/${partition_0}/" {
		t.Errorf("the files of a sample are at %s", got)
	}
	if p := bySample.Column("partition_0").Projection; p.Type != contract.ProjectInjected {
		t.Errorf("samples are projected as %+v", p)
	}
	if p := nested.Column("chrom").Projection; p.Type != contract.ProjectEnum || len(p.Values) != 25 || p.Values[22] != "chrX" {
		t.Errorf("chromosomes are projected as %+v", p)
	}
	// Parquet is read by name, so the names are those of the files; ORC is read by position.
	if bySample.Column("gt.alleles") == nil || byChromosome.Column("gt_alleles") == nil {
		t.Error("genotypes are missing")
	}
}

func TestUse(t *testing.T) {
	targets, _ := Find("open_targets")
	k, err := targets.Contract(Use{Tables: []string{"target", "disease"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Tables) != 2 || k.Tables[0].Location != "s3://open-targets-public-data-releases/platform/25.12/output/disease/" {
		t.Errorf("%d tables, the first at %s", len(k.Tables), k.Tables[0].Location)
	}
	clinvar, _ := Find("clinvar")
	tcga, _ := Find("tcga")
	for _, c := range []struct {
		name string
		set  Dataset
		use  Use
		want []string
	}{
		{"nobody hosts it", clinvar, Use{}, []string{"location: got nothing, and clinvar is withdrawn"}},
		{"no place", clinvar, Use{Location: "copies/clinvar"}, []string{`location: got "copies/clinvar"`}},
		{"a table of another name", clinvar, Use{Location: "s3://copies/clinvar/", Tables: []string{"variants_summary"}},
			[]string{`tables[0]: got "variants_summary"; expected one of variant_summary; fix: did you mean variant_summary?`}},
		{"all at once", clinvar, Use{Tables: []string{}}, []string{"location: got nothing", "tables: got an empty list"}},
		{"no tables", tcga, Use{}, []string{"tables: got tcga, which has no tables"}},
	} {
		_, err := c.set.Contract(c.use)
		found := problem.Of(err)
		if len(found) != len(c.want) {
			t.Errorf("%s: %v, want %d problems", c.name, err, len(c.want))
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(found[i].Error(), want) {
				t.Errorf("%s: %v, want %s", c.name, found[i], want)
			}
		}
	}
}

// What is wrong with a catalogue is said at once, with its place.
func TestCatalogueIsStrict(t *testing.T) {
	_, err := parse("datasets.yaml", []byte(`datasets:
  - id: a
    title: A
    description: A.
    licence: {name: n, url: u, citation: c}
    status: open
    statusSource: here
    location: a/b
    format: parquet
    colour: red
    tables:
      - name: t
        description: T.
        partitions: [{name: x, type: string}]
        columns: [x string, y integer, z, x string]
  - id: a
    title: A
    description: A.
    licence: {name: n, url: u, citation: c}
    status: open
    statusSource: here
`))
	var got []string
	for _, p := range problem.Of(err) {
		got = append(got, p.Path)
	}
	slices.Sort(got)
	want := []string{
		"datasets[0].colour", "datasets[0].location", "datasets[0].region", "datasets[0].registry", "datasets[0].schemaSources",
		"datasets[0].tables[0].columns[1]", "datasets[0].tables[0].columns[2]", "datasets[0].tables[0].columns[3]",
		"datasets[0].tables[0].partitions[0]", "datasets[0].tables[0].partitions[0]",
		"datasets[1].files", "datasets[1].id", "datasets[1].leftOut", "datasets[1].registry",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\n%v", strings.Join(got, "\n"), strings.Join(want, "\n"), err)
	}
}

// odcs writes the contract of a data set.
func odcs(d Dataset) []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# %s: made from datasets.yaml by the tests of package registry with -update.", d.Title)
	line("apiVersion: v3.1.0")
	line("kind: DataContract")
	line("id: opendata-%s", d.ID)
	line("name: %q", d.Title)
	line("version: 1.0.0")
	line("status: active")
	line("dataProduct: %s", d.ID)
	line("tags: [open-data]")
	line("description:")
	line("  purpose: %q", d.Description)
	if d.Usage != "" {
		line("  usage: %q", d.Usage)
	}
	limits := fmt.Sprintf("Licence: %s (%s). Cite: %s.", d.Licence.Name, d.Licence.URL, d.Licence.Citation)
	if d.LeftOut != "" {
		limits += " Left out: " + d.LeftOut
	}
	line("  limitations: %q", limits)
	line("customProperties:")
	line("  - {property: zone, value: curated}")
	line("  - {property: sensitivity, value: public}")
	if d.Location != "" {
		line("servers:")
		line("  - server: open-data")
		line("    type: s3")
		line("    description: %q", fmt.Sprintf("In %s; %s on the day of %s", d.Region, d.Status, d.StatusSource))
		line("    location: %s{model}/", d.Location)
		line("    format: %s", d.Format)
	}
	line("schema:")
	for _, t := range d.Tables {
		table(line, d, t)
	}
	return b.Bytes()
}

func table(line func(string, ...any), d Dataset, t Table) {
	line("  - name: %s", t.Name)
	line("    physicalType: table")
	about := t.Description
	if t.LeftOut != "" {
		about += " Left out: " + t.LeftOut
	}
	line("    description: %q", about)
	var custom []string
	if format := cmp.Or(t.Format, d.Format); d.Location == "" || format != d.Format {
		custom = append(custom, fmt.Sprintf("{property: format, value: %s}", format))
	}
	if t.Delimiter != "" {
		custom = append(custom, "{property: serde, value: LazySimpleSerDe}", fmt.Sprintf("{property: delimiter, value: %q}", t.Delimiter), "{property: header, value: true}")
	}
	if t.Template != "" {
		custom = append(custom, fmt.Sprintf("{property: storage.location.template, value: %q}", t.Template))
	}
	if custom != nil {
		line("    customProperties:")
	}
	for _, c := range custom {
		line("      - %s", c)
	}
	line("    properties:")
	for _, c := range t.Columns {
		line("      - {name: %s, physicalType: %q, classification: public}", c.Name, c.Type)
	}
	for i, p := range t.Partitions {
		line("      - name: %s", p.Name)
		line("        physicalType: %s", p.Type)
		line("        classification: public")
		line("        partitioned: true")
		line("        partitionKeyPosition: %d", i+1)
		projection := "{type: injected}"
		if !p.Injected {
			projection = "{type: enum, values: [" + strings.Join(p.Values, ", ") + "]}"
		}
		line("        customProperties: [{property: projection, value: %s}]", projection)
	}
}
