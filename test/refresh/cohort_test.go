package refresh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/athena"
)

// TestCohortsAreCounted makes cohort_variants of the sample from the products that research
// subscribes to, before and after people leave the studies.
func TestCohortsAreCounted(t *testing.T) {
	plan := riverside(t)
	views, read := shown(t, plan, "research")
	research, _ := plan.Domain("research")
	night := athena.Step{SQL: read(research.Products[0].Materialization.Statements[0].SQL)}
	ask := athena.Step{DuckDB: "SELECT * FROM riverside_research_analytics.cohort_variants ORDER BY variant_id, age_group", Rows: true}
	patients := func(name string, n int, study, age, gender string, sequenced bool) athena.Step {
		return athena.Step{DuckDB: fmt.Sprintf(`INSERT INTO riverside_clinical_analytics.patient_deid (patient_token, study_id, age_group, gender, index_year, has_sequence)
			SELECT '%s' || n, '%s', '%s', '%s', 2020, %t FROM range(1, %d) AS r (n)`, name, study, age, gender, sequenced, n+1)}
	}
	carriers := func(name string, from, to int, study, variant, gt, filter string) athena.Step {
		return athena.Step{DuckDB: fmt.Sprintf(`INSERT INTO riverside_genomics_curated.study_variants (variant_id, sample_id, patient_token, study_id, chrom, pos, ref, alt, gt, filter, reference_genome)
			SELECT '%[1]s', 's-%[2]s' || n || '%[3]s', '%[2]s' || n, '%[4]s', split_part('%[1]s', ':', 1), 1, 'A', 'C', '%[5]s', '%[3]s', 'GRCh38' FROM range(%[6]d, %[7]d) AS r (n)`,
			variant, name, filter, study, gt, from, to+1)}
	}
	const brca1, ttn, benign, old = "chr17:T:C:43045712", "chr2:G:A:178527003", "chr1:A:G:5", "chr3:A:G:7"
	steps := slices.Concat(lakes(t, plan), views, []athena.Step{
		patients("a", 30, heart, "60-69", "female", true), patients("x", 5, heart, "60-69", "female", false),
		patients("b", 10, heart, "60-69", "male", true), // too few
		patients("c", 15, heart, "70-79", "male", true),
		patients("d", 30, diabetes, "60-69", "female", true), // of a study that research does not subscribe to
		carriers("a", 1, 12, heart, brca1, "0/1", "PASS"), carriers("a", 1, 12, heart, brca1, "1|1", "PASS;PASS"),
		carriers("a", 13, 20, heart, brca1, "0/1", "LowQual"), carriers("a", 21, 30, heart, brca1, "0/0", "PASS"),
		carriers("x", 1, 5, heart, brca1, "0/1", "PASS"), carriers("b", 1, 10, heart, brca1, "0/1", "PASS"),
		carriers("c", 1, 11, heart, brca1, "0/1", "PASS"), carriers("d", 1, 30, diabetes, brca1, "0/1", "PASS"),
		carriers("a", 1, 10, heart, ttn, "0/1", "PASS"), carriers("a", 1, 30, heart, benign, "0/1", "PASS"), carriers("a", 1, 30, heart, old, "0/1", "PASS"),
		{DuckDB: `INSERT INTO riverside_genomics_curated.variant_summary (alleleid, assembly, chromosome, positionvcf, referenceallelevcf, alternateallelevcf, genesymbol, clinicalsignificance, reviewstatus) VALUES
			(1, 'GRCh38', '17', 43045712, 'T', 'C', 'BRCA1', 'Pathogenic', 'reviewed by expert panel'), (2, 'GRCh38', '2', 178527003, 'G', 'A', 'TTN', 'Likely pathogenic', 'one star'),
			(3, 'GRCh38', '1', 5, 'A', 'G', 'X', 'Benign', 'one star'), (4, 'GRCh37', '3', 7, 'A', 'G', 'X', 'Pathogenic', 'one star')`},
		night, ask, night, ask,
		// Two carriers leave the study; of another group so many that it is too small.
		{DuckDB: "DELETE FROM riverside_clinical_analytics.patient_deid WHERE patient_token IN ('a1', 'a2', 'c15', 'c14', 'c13', 'c12', 'c11')"},
		night, ask,
	})
	var mornings []rows
	for i, answer := range athena.Run(t, steps...) {
		if steps[i].Rows {
			mornings = append(mornings, answer.Rows)
		}
	}
	row := func(variant, age, gender, gene, significance, review string, carriers, size, share any) object {
		chrom, _, _ := strings.Cut(variant, ":")
		return object{
			"study_id": heart, "variant_id": variant, "age_group": age, "gender": gender, "chrom": chrom, "gene_symbol": gene,
			"clinical_significance": significance, "review_status": review, "carrier_count": carriers, "cohort_size": size, "carrier_share": share,
		}
	}
	before := []object{
		row(brca1, "60-69", "female", "BRCA1", "Pathogenic", "reviewed by expert panel", 12, 30, 0.4),
		row(brca1, "70-79", "male", "BRCA1", "Pathogenic", "reviewed by expert panel", 11, 15, 11.0/15),
		row(ttn, "60-69", "female", "TTN", "Likely pathogenic", "one star", nil, 30, nil), // 10 carriers
	}
	after := []object{
		row(brca1, "60-69", "female", "BRCA1", "Pathogenic", "reviewed by expert panel", nil, 28, nil),
		row(ttn, "60-69", "female", "TTN", "Likely pathogenic", "one star", nil, 28, nil),
	}
	for i, want := range [][]object{before, before, after} {
		if len(mornings[i]) != len(want) {
			t.Fatalf("run %d gives %v, want %v", i, mornings[i], want)
		}
		for j := range want {
			check(t, fmt.Sprintf("run %d, row %d", i, j), mornings[i][j], want[j])
		}
	}
	if columns := research.Tables()[0].Table.Columns; len(columns) != len(before[0]) {
		t.Errorf("%d of %d columns are tested", len(before[0]), len(columns))
	}
}
