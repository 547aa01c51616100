package opendata

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/athena"
)

const (
	database = "riverside_reference_curated"
	page     = "../../constructs/docs/opendata.md"
)

// The query of the page finds the carrier in files laid out as 1000 Genomes was published: a
// folder for each sample, which is no column of the files, and names with points.
func TestSampleByItsFolder(t *testing.T) {
	table := tableOf(t, "thousandgenomes_dragen", "var_partby_samples")
	folder := t.TempDir()
	steps := []athena.Step{{DuckDB: "CREATE SCHEMA " + database}}
	for sample, call := range map[string]string{"HG00157": "[0, 1]", "NA12878": "[1, 1]"} {
		steps = append(steps, write(t, table, filepath.Join(folder, sample), map[string]string{
			"variant_id": "'chr17:G:A:43045000'", "chrom": "'chr17'", "pos": "43045000", "gt.alleles": call, "sample_id": "'" + sample + "'",
		}))
	}
	steps = append(steps,
		view(table, filepath.Join(folder, "*", "*.parquet"), "parse_path(filename)[-2]"),
		athena.Step{SQL: block(t, "sql"), Rows: true},
	)
	got := athena.Last(t, steps...)
	if len(got) != 1 || got[0]["variant_id"] != "chr17:G:A:43045000" || fmt.Sprint(got[0]["gt.alleles"]) != "[0, 1]" {
		t.Errorf("got %v", got)
	}
}

// The product of the page copies ClinVar into the lake: one row for each variation, whatever
// genes it is in, and again the same when it runs again.
func TestCopyingIn(t *testing.T) {
	dir := t.TempDir()
	save := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("mesh.yaml", `apiVersion: lakemesh/v1
name: riverside
stages: {dev: {region: us-east-1, accounts: {lake: "111111111111"}}}
domains:
  - name: reference
    account: lake
    owner: reference@example.org
    products: [copy.odcs.yaml]
    openData: [{dataset: clinvar, location: s3://reference-copies/clinvar/}]
`)
	save("copy.odcs.yaml", "apiVersion: v3.1.0\nkind: DataContract\nid: copy\nname: clinvar_grch38\nversion: 1.0.0\nstatus: active\n"+block(t, "yaml"))
	d, err := mesh.Load(filepath.Join(dir, "mesh.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := d.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	copied := plan.Domains[0].Products[1]
	if copied.Name != "clinvar_grch38" || copied.Materialization == nil {
		t.Fatalf("%s has no job", copied.Name)
	}
	clinvar := tableOf(t, "clinvar", "variant_summary")
	row := func(folder, assembly, gene, id, ref string) athena.Step {
		return write(t, clinvar, filepath.Join(dir, folder), map[string]string{
			"variationid": id, "assembly": "'" + assembly + "'", "genesymbol": "'" + gene + "'", "chromosome": "'17'", "positionvcf": "43045000",
			"referenceallelevcf": "'" + ref + "'", "alternateallelevcf": "'A'", "clinicalsignificance": "'Pathogenic'",
		})
	}
	steps := []athena.Step{
		{DuckDB: "CREATE SCHEMA " + database},
		row("1", "GRCh38", "BRCA1", "1", "G"), row("2", "GRCh38", "NBR2", "1", "G"), row("3", "GRCh37", "BRCA1", "1", "G"), row("4", "GRCh38", "BRCA2", "2", "na"),
		view(clinvar, filepath.Join(dir, "*", "*.parquet"), ""),
		{DuckDB: "CREATE TABLE " + database + ".clinvar_grch38 (variationid BIGINT, variant_id VARCHAR, clinicalsignificance VARCHAR)"},
	}
	statement := athena.Step{SQL: copied.Materialization.Statements[0].SQL}
	steps = append(steps, statement, statement, athena.Step{DuckDB: "FROM " + database + ".clinvar_grch38", Rows: true})
	got := athena.Last(t, steps...)
	if len(got) != 1 || got[0]["variationid"] != 1.0 || got[0]["variant_id"] != "chr17:G:A:43045000" || got[0]["clinicalsignificance"] != "Pathogenic" {
		t.Errorf("copied is %v", got)
	}
}

// tableOf is a table of a data set that stands in a copy.
func tableOf(t *testing.T, dataset, name string) *contract.Table {
	t.Helper()
	d, _ := registry.Find(dataset)
	k, err := d.Contract(registry.Use{Location: "s3://reference-copies/" + dataset + "/"})
	if err != nil {
		t.Fatal(err)
	}
	return k.Table(name)
}

// write makes a file of one row with every column that files of the table have.
func write(t *testing.T, table *contract.Table, folder string, values map[string]string) athena.Step {
	t.Helper()
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, c := range table.DataColumns() {
		value := values[c.Name]
		if value == "" {
			value = "NULL"
		}
		columns = append(columns, fmt.Sprintf(`CAST(%s AS %s) AS "%s"`, value, duck(c.Type), strings.ToUpper(c.Name)))
	}
	return athena.Step{DuckDB: fmt.Sprintf("COPY (SELECT %s) TO '%s' (FORMAT parquet)", strings.Join(columns, ", "), filepath.Join(folder, "part-0.parquet"))}
}

// view is the table as the catalog has it: columns by their names, and the partition by the
// folder of a file.
func view(table *contract.Table, files, partition string) athena.Step {
	var columns []string
	for _, c := range table.Columns {
		value := `"` + c.Name + `"`
		if c.Partition > 0 {
			value = partition
		}
		columns = append(columns, fmt.Sprintf(`CAST(%s AS %s) AS "%s"`, value, duck(c.Type), c.Name))
	}
	return athena.Step{DuckDB: fmt.Sprintf("CREATE VIEW %s.%s AS SELECT %s FROM read_parquet('%s', filename = true)", database, table.Name, strings.Join(columns, ", "), files)}
}

var array = regexp.MustCompile(`^array<(\w+)>$`)

// duck is a type of the catalog as DuckDB calls it.
func duck(glue string) string {
	if m := array.FindStringSubmatch(glue); m != nil {
		return duck(m[1]) + "[]"
	}
	return map[string]string{"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN"}[glue]
}

// block is the last block of the page in a language.
func block(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "```"+language+"\n")
	body, _, _ := strings.Cut(parts[len(parts)-1], "```")
	return strings.TrimSuffix(strings.TrimSpace(body), ";")
}
