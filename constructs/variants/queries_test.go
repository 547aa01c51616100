package variants_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/variants"
	"github.com/lakemesh/lakemesh/test/athena"
)

func ExampleQueries() {
	for _, q := range variants.Queries(variants.Databases{Variants: "riverside_genomics_curated", Samples: "riverside_genomics_curated"}) {
		fmt.Println(q.Name+":", q.Title)
	}
	// Output:
	// brca1-carriers: Who carries a variant in BRCA1?
	// clinvar-in-cohort: Which pathogenic variants and which of uncertain significance (VUS) has a cohort, by the newest ClinVar?
	// rare-in-gnomad: Which variants are rarer than 0.01 in every group of gnomAD, or not in gnomAD at all?
}

// answers are worked out by hand from testdata/queries: rows as text, in their order.
var answers = map[string][]string{
	"brca1-carriers": {
		"cohort.vcf P03 GRCh38:chr17:43040000:N:<DEL>:43050000 symbolic 1 2 PASS",
		"cohort.vcf P01 GRCh38:chr17:43057062:T:TG insertion 1 2 PASS",
		"cohort.vcf P02 GRCh38:chr17:43092919:G:A snv 2 2 PASS",
		"cohort.vcf P03 GRCh38:chr17:43092919:G:A snv 1 2 PASS",
		"cohort.vcf P05 GRCh38:chr17:43092919:G:A snv 1 2 PASS",
		"other.vcf P01 GRCh38:chr17:43092919:G:A snv 1 2 PASS",
		"cohort.vcf P03 GRCh38:chr17:43092919:G:C snv 1 2 PASS",
		"cohort.vcf P04 GRCh38:chr17:43100000:C:T snv 1 2 q10",
	},
	// P15 to P17 are of another study.
	"clinvar-in-cohort": {
		"pathogenic GRCh38:chr2:178525989:G:A TTN, TTN-AS1 2 12 0",
		"pathogenic GRCh38:chr17:43057062:T:TG BRCA1 3 1 0",
		"uncertain GRCh38:chr17:43092919:G:C BRCA1 0 1 0",
		"uncertain GRCh38:chr17:43100000:C:T BRCA1 1 1 0",
	},
	// 24 samples have 48 alleles; 2 of P03 are missing in one line, 1 of P05 in the other.
	"rare-in-gnomad": {
		"GRCh38:chr17:43092919:G:C 1 47 0.0213 0 <nil> AC0",
		"GRCh38:chr17:43057062:T:TG 1 46 0.0217 0.0001 0.0002 PASS",
	},
	"carriers-by-condition": {
		"399020009 Dilated cardiomyopathy BRCA1 <nil> 14",
		"399020009 Dilated cardiomyopathy TTN 12 14",
		"399020009 Dilated cardiomyopathy TTN-AS1 12 14",
		"84114007 Heart failure TTN <nil> <nil>",
		"84114007 Heart failure TTN-AS1 <nil> <nil>",
	},
	// Low and not mutated: of 3 patients one leaves alive at 500 days, one of the 2 others
	// dies at 1200. High and mutated: deaths of 4, of 3, and, after one left, of 1.
	"tcga-survival": {
		"false high 1 0 <nil> 1",
		"false low 3 1 1200 1",
		"true high 4 3 200 0",
		"true low 2 2 50 0.5",
	},
}

// columns are the columns of each answer in the order of the query.
var columns = map[string]string{
	"brca1-carriers":        "object sample_id variant_id variant_type copies ploidy filters",
	"clinvar-in-cohort":     "class variant_id genes review_stars patients patients_without_another_allele",
	"rare-in-gnomad":        "variant_id allele_count allele_number frequency_here frequency_in_gnomad frequency_in_a_group filters_of_gnomad",
	"carriers-by-condition": "index_condition_code index_condition_name gene carriers patients",
	"tcga-survival":         "mutated expression patients deaths median_days alive_after_3_years",
}

// checkQueries runs every query on the tables that the jobs have written as Parquet files
// into a folder, and on those of other domains.
func checkQueries(t *testing.T, folder string) {
	t.Helper()
	steps := []athena.Step{{DuckDB: "CREATE SCHEMA lake"}, {DuckDB: "CREATE SCHEMA others"}}
	for _, table := range []string{"variants", "genotypes", "annotations"} {
		replaced := "* REPLACE (parse_filename(object) AS object)"
		if table == "annotations" {
			replaced = "*"
		}
		steps = append(steps, athena.Step{DuckDB: fmt.Sprintf("CREATE VIEW lake.%s AS SELECT %s FROM read_parquet('%s/*.parquet')", table, replaced, filepath.Join(folder, table))})
	}
	for _, table := range []string{"sample_patient", "patient_deid", "clinical_patient", "expression_tcga_luad", "tcga_mutation"} {
		file, err := filepath.Abs(filepath.Join("testdata", "queries", table+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, athena.Step{DuckDB: fmt.Sprintf("CREATE VIEW others.%s AS SELECT * FROM read_csv('%s', header = true, all_varchar = %t)", table, file, table == "patient_deid" || table == "sample_patient")})
	}
	queries := variants.Queries(variants.Databases{Variants: "lake", Samples: "others", Clinical: "others", Omics: "others"})
	if len(queries) != len(answers) {
		t.Fatalf("%d queries, %d answers", len(queries), len(answers))
	}
	first := len(steps)
	for _, q := range queries {
		steps = append(steps, athena.Step{SQL: q.SQL, Rows: true})
	}
	got := athena.Run(t, steps...)[first:]
	for i, q := range queries {
		var rows []string
		for _, row := range got[i].Rows {
			var words []string
			for name := range strings.FieldsSeq(columns[q.Name]) {
				value := row[name]
				if f, ok := value.(float64); ok {
					value = fmt.Sprintf("%.3g", f)
					if f == float64(int64(f)) {
						value = int64(f)
					}
				}
				words = append(words, fmt.Sprint(value))
			}
			rows = append(rows, strings.Join(words, " "))
		}
		if g, w := strings.Join(rows, "\n"), strings.Join(answers[q.Name], "\n"); g != w {
			t.Errorf("%s answers\n%s\nwant\n%s", q.Name, g, w)
		}
	}
}
