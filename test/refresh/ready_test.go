package refresh_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/starter"
	"github.com/lakemesh/lakemesh/test/athena"
	"github.com/lakemesh/lakemesh/test/fhirdata"
)

// deliveries fill what arrives in a ready mesh beside its FHIR store: DuckDB's statements.
var deliveries = map[string][]string{
	"clinical": {
		// Each fifth patient has a chest image, each hundredth with a burned-in text.
		`INSERT INTO hospital_clinical_curated.imaging_series (image_set_id, series_instance_uid, study_instance_uid, patient_id, patient_sex, study_date, modality, body_part_examined, burned_in_annotation, private_attributes)
		SELECT 'i-' || n, 's-' || n, 'y-' || n, mrn, 'F', DATE '2025-03-04', 'CT', 'CHEST', n % 100 = 0, false
		FROM (SELECT row_number() OVER (ORDER BY id) AS n, list_filter(identifier, lambda i: i.type.coding[1].code = 'MR')[1].value AS mrn FROM hospital_clinical_fhir.patient)
		WHERE n % 5 = 0`,
	},
	"genomics": {
		// One sheet twice, and a sample that two sheets give to two patients.
		`INSERT INTO genomes_genomics_raw.samples VALUES
		('s3://vcf/a.vcf.gz', 'S1', 'p1', 'NCT0456', NULL), ('s3://vcf/a.vcf.gz', 'S1', 'p1', 'NCT0456', NULL), ('s3://vcf/a.vcf.gz', 'S2', 'p2', 'NCT0456', NULL),
		('s3://vcf/b.vcf.gz', 'S1', 'p3', 'NCT0789', NULL), ('s3://vcf/b.vcf.gz', 'S9', 'p8', 'NCT0789', NULL), ('s3://vcf/b.vcf.gz', 'S9', 'p9', 'NCT0789', NULL)`,
		`INSERT INTO genomes_genomics_curated.variants (object, record, allele_index, variant_id, assembly, contig, pos, end_pos, ref, alt, variant_type, qual, filters, allele_number, allele_count)
		SELECT 's3://vcf/a.vcf.gz', record, 1, 'GRCh38:chr17:' || pos || ':' || ref || ':' || alt, 'GRCh38', 'chr17', pos, pos, ref, alt, 'snv', 50, ['PASS'], 4, count
		FROM (VALUES (1, 43045712, 'T', 'C', 1), (2, 43091000, 'A', 'G', 2), (3, 7674220, 'C', 'T', 1)) AS v (record, pos, ref, alt, count)`,
		`INSERT INTO genomes_genomics_curated.genotypes (object, record, allele_index, variant_id, contig, pos, sample_id, copies, ploidy)
		SELECT 's3://vcf/a.vcf.gz', record, 1, 'GRCh38:chr17:' || pos, 'chr17', pos, sample, copies, 2
		FROM (VALUES (1, 43045712, 'S1', 1), (1, 43045712, 'S2', 0), (2, 43091000, 'S1', 1), (2, 43091000, 'S2', 1), (3, 7674220, 'S2', 1)) AS g (record, pos, sample, copies)`,
		`INSERT INTO genomes_reference_curated.variant_summary (assembly, chromosome, positionvcf, referenceallelevcf, alternateallelevcf, genesymbol, clinicalsignificance, reviewstatus) VALUES
		('GRCh38', '17', 43045712, 'T', 'C', 'BRCA1', 'Pathogenic', 'reviewed by expert panel'), ('GRCh37', '17', 41197729, 'T', 'C', 'BRCA1', 'Pathogenic', 'reviewed by expert panel'),
		('GRCh38', '17', 43091000, 'A', 'G', 'BRCA1', 'Uncertain significance', 'criteria provided, single submitter'), ('GRCh38', '17', 7674220, 'C', 'T', 'TP53', 'Benign', 'no assertion')`,
		`INSERT INTO genomes_reference_curated.sites ("locus.contig", "locus.position", alleles, "info.af", "info.af_popmax", partition_0) VALUES
		('chr17', 43091000, ['A', 'G'], [0.2], [0.3], 'chr17'), ('chr17', 7674220, ['C', 'T'], [0.00001], [0.0001], 'chr17')`,
	},
	"member360": {
		// Who is in claims also has an older adjudication of the same line, which does not count.
		`INSERT INTO healthplan_claims_raw.claim_lines
		SELECT 'c-' || n, '1', token, 'm-' || n, year(current_date) || '-01-02', '23', '99284', 'E11.9', '120.00', paid, 'paid', seen, NULL
		FROM (SELECT row_number() OVER (ORDER BY id) AS n, list_filter(identifier, lambda i: i.system = 'https://healthplan.example/fhir/member-token')[1].value AS token FROM healthplan_clinical_fhir.patient)
		CROSS JOIN (VALUES ('900.00', '2026-01-03T00:00:00Z'), ('100.00', '2026-02-03T00:00:00Z')) AS a (paid, seen)
		WHERE n <= 100`,
		`INSERT INTO healthplan_pharmacy_raw.fills (SELECT *, NULL FROM (VALUES
		('f-1', 'nowhere else', 'm-x', year(current_date) || '-01-02', '00000000001', 'metformin', 'Antidiabetic', '30', '4.50', 'paid', '2026-01-02T00:00:00Z'),
		('f-2', 'nowhere else', 'm-x', year(current_date) || '-01-02', '00000000002', 'atorvastatin', 'Statin', '30', '9.00', 'paid', '2026-01-02T00:00:00Z'),
		('f-2', 'nowhere else', 'm-x', year(current_date) || '-01-02', '00000000002', 'atorvastatin', 'Statin', '30', '9.00', 'reversed', '2026-01-03T00:00:00Z')))`,
	},
	"multiomics": {
		// Two patients of one study and one of the other; one file is there twice.
		`INSERT INTO omics_tcga_raw.cases
		SELECT id, {'project_id': 'TCGA-' || upper(study)}, {'gender': 'female', 'race': 'white', 'ethnicity': 'unknown', 'vital_status': status, 'days_to_death': died},
			[{'diagnosis_id': 'd' || id, 'primary_diagnosis': 'Adenocarcinoma, NOS', 'ajcc_pathologic_stage': 'Stage IB', 'age_at_diagnosis': 24000, 'days_to_last_follow_up': 700, 'tissue_or_organ_of_origin': 'Lung', 'treatments':
				CASE WHEN treated THEN [{'treatment_id': 'drug' || id, 'treatment_type': 'Pharmaceutical Therapy, NOS', 'treatment_or_therapy': 'yes', 'therapeutic_agents': 'Cisplatin', 'days_to_treatment_start': 10, 'days_to_treatment_end': 90, 'treatment_outcome': NULL},
					{'treatment_id': 'beam' || id, 'treatment_type': 'Radiation Therapy, NOS', 'treatment_or_therapy': 'no', 'therapeutic_agents': NULL, 'days_to_treatment_start': NULL, 'days_to_treatment_end': NULL, 'treatment_outcome': NULL}] END}],
			's3://lake/gdc/cases/' || study || '/' || copy || '.json'
		FROM (VALUES ('TCGA-05-0001', 'luad', 'Dead', 400, true), ('TCGA-05-0002', 'luad', 'Alive', NULL, false), ('TCGA-18-0003', 'lusc', 'Alive', NULL, false)) AS c (id, study, status, died, treated)
		CROSS JOIN (VALUES ('a'), ('b')) AS f (copy)`,
		`INSERT INTO omics_tcga_raw.mutation (hugo_symbol, chromosome, start_position, end_position, variant_classification, variant_type, reference_allele, tumor_seq_allele2, tumor_sample_barcode, t_depth, "$path") VALUES
		('#version gdc-1.0.0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 's3://lake/gdc/mutation/luad/1.maf.gz'),
		('Hugo_Symbol', 'Chromosome', 'Start_Position', 'End_Position', 'Variant_Classification', 'Variant_Type', 'Reference_Allele', 'Tumor_Seq_Allele2', 'Tumor_Sample_Barcode', 't_depth', 's3://lake/gdc/mutation/luad/1.maf.gz'),
		('EGFR', 'chr7', '55191822', '55191822', 'Missense_Mutation', 'SNP', 'T', 'G', 'TCGA-05-0001-01A-01D', '80', 's3://lake/gdc/mutation/luad/1.maf.gz'),
		('TP53', 'chr17', '7674220', '7674220', 'Missense_Mutation', 'SNP', 'C', 'T', 'TCGA-05-0001-01A-01D', '60', 's3://lake/gdc/mutation/luad/1.maf.gz'),
		('TP53', 'chr17', '7674221', '7674221', 'Silent', 'SNP', 'G', 'A', 'TCGA-05-0002-01A-01D', '60', 's3://lake/gdc/mutation/luad/1.maf.gz')`,
		`INSERT INTO omics_tcga_raw.copy_number VALUES
		('gene_id', 'gene_name', 'chromosome', 'start', 'end', 'copy_number', 'min_copy_number', 'max_copy_number', 's3://lake/gdc/copy_number/luad/TCGA-05-0001-01A.tsv'),
		('ENSG00000146648.18', 'EGFR', 'chr7', '55019017', '55211628', '8', '8', '8', 's3://lake/gdc/copy_number/luad/TCGA-05-0001-01A.tsv'),
		('ENSG00000146648.18', 'EGFR', 'chr7', '55019017', '55211628', '', '', '', 's3://lake/gdc/copy_number/luad/TCGA-05-0002-01A.tsv')`,
		`INSERT INTO omics_tcga_raw.expression
		SELECT gene, name, 'protein_coding', reads, reads, '0', tpm, '1', '1', 's3://lake/gdc/expression/' || file
		FROM (VALUES ('luad/TCGA-05-0001-01A.tsv', '12.5'), ('luad/TCGA-05-0002-01A.tsv', '2.5'), ('lusc/TCGA-18-0003-01A.tsv', '3.5')) AS f (file, tpm)
		CROSS JOIN (VALUES ('# gene-model: GENCODE v36', NULL, NULL), ('gene_id', 'gene_name', 'unstranded'), ('N_unmapped', '', '7'), ('ENSG00000141510.18', 'TP53', '900'), ('ENSG00000146648.18', 'EGFR', '4000')) AS g (gene, name, reads)`,
		`INSERT INTO omics_tcga_raw.patients VALUES ('TCGA-05-0001', 'TCGA-05-0001', 'F', NULL, 'TCGA-LUAD', NULL), ('TCGA-05-0001', 'TCGA-05-0001', 'F', NULL, 'TCGA-LUAD', NULL)`,
		`INSERT INTO omics_tcga_raw.series (seriesinstanceuid, studyinstanceuid, patientid, modality, collection, imagecount) VALUES
		('1.2.3', '1.2', 'TCGA-05-0001', 'CT', 'TCGA-LUAD', '120'), ('1.2.4', '1.2', 'TCGA-05-0001', 'PT', 'TCGA-LUAD', '80')`,
	},
}

// counts are how many rows tables, views and saved queries of the ready meshes have, of
// two hundred invented patients; -1 is some.
var counts = map[string]map[string]int{
	"clinical": {
		"hospital_clinical_curated.patient": 200, "hospital_clinical_curated.encounter": 400, "hospital_clinical_curated.measurement": -1,
		"hospital_clinical_curated.condition": 200, "hospital_clinical_curated.patient_summary": 200,
		"hospital_clinical_analytics.patient_deid": 200, "hospital_clinical_analytics.imaging_deid": 40,
		"diabetes-without-hba1c": -1, "series-to-review-before-release": 2, "hba1c-by-age-and-gender": 0, "chest-images-of-heart-failure": 1,
	},
	"genomics": {
		"genomes_genomics_curated.sample_patient": 3,
		"brca1-carriers": 3, "clinvar-in-cohort": 2, "rare-in-gnomad": 2, "quality-by-type": 1,
	},
	"member360": {
		"healthplan_clinical_curated.patient": 200, "healthplan_claims_curated.claim_lines": 100, "healthplan_pharmacy_curated.fills": 1,
		"healthplan_member360_analytics.member_360": 201,
		"members-with-open-gaps":                    -1, "cost-of-diabetes": -1, "sources-by-member": 3,
	},
	"multiomics": {
		"omics_tcga_curated.clinical_patient": 3, "omics_tcga_curated.clinical_drug": 1, "omics_tcga_curated.clinical_radiation": 0,
		"omics_tcga_curated.tcga_mutation": 3, "omics_tcga_curated.tcga_cnv": 2,
		"omics_tcga_curated.expression_tcga_luad": 4, "omics_tcga_curated.expression_tcga_lusc": 2,
		"omics_tcga_curated.tcia_patients": 1, "omics_tcga_curated.tcia_image_series": 2, "omics_tcga_curated.tcga_summary": 3,
		"survival-by-egfr-mutation": 2, "expression-by-mutation-and-survival": 2, "amplified-and-expressed": 1, "patients-with-everything": 1,
	},
}

// known are the rows of saved queries, where they follow from the deliveries alone.
var known = map[string]string{
	"clinvar-in-cohort":                   `[{"class":"pathogenic","gene":"BRCA1","patients":1,"review_status":"reviewed by expert panel","variant_id":"GRCh38:chr17:43045712:T:C"},{"class":"uncertain","gene":"BRCA1","patients":2,"review_status":"criteria provided, single submitter","variant_id":"GRCh38:chr17:43091000:A:G"}]`,
	"rare-in-gnomad":                      `[{"allele_count":1,"allele_number":4,"frequency_in_gnomad":0.00001,"highest_in_a_group":0.0001,"variant_id":"GRCh38:chr17:7674220:C:T"},{"allele_count":1,"allele_number":4,"frequency_in_gnomad":null,"highest_in_a_group":null,"variant_id":"GRCh38:chr17:43045712:T:C"}]`,
	"quality-by-type":                     `[{"alleles":3,"median_quality":50,"passed":3,"variant_type":"snv"}]`,
	"sources-by-member":                   `[{"in_claims":false,"in_clinical":false,"in_pharmacy":true,"members":1},{"in_claims":false,"in_clinical":true,"in_pharmacy":false,"members":100},{"in_claims":true,"in_clinical":true,"in_pharmacy":false,"members":100}]`,
	"survival-by-egfr-mutation":           `[{"deaths":0,"egfr_mutated":false,"median_days_observed":700,"patients":1},{"deaths":1,"egfr_mutated":true,"median_days_observed":400,"patients":1}]`,
	"expression-by-mutation-and-survival": `[{"mean_tpm":2.5,"median_days_observed":700,"patients":1,"tp53_mutated":false,"vital_status":"Alive"},{"mean_tpm":12.5,"median_days_observed":400,"patients":1,"tp53_mutated":true,"vital_status":"Dead"}]`,
	"amplified-and-expressed":             `[{"copy_number":8,"gene_name":"EGFR","sample_barcode":"TCGA-05-0001-01A","submitter_id":"TCGA-05-0001","tpm":12.5}]`,
	"patients-with-everything":            `[{"ajcc_pathologic_stage":"Stage IB","ct_series":1,"num_mutation_records":2,"patient_id":"TCGA-05-0001","study":"luad"}]`,
}

// TestReadyMeshesRun runs every job, view and saved query of the ready meshes.
func TestReadyMeshesRun(t *testing.T) {
	for _, ready := range starter.Meshes() {
		t.Run(ready.Name, func(t *testing.T) {
			files, err := starter.FS(ready.Name)
			if err != nil {
				t.Fatal(err)
			}
			definition, err := mesh.LoadFS(files, starter.MeshFile)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := definition.Plan("dev")
			if err != nil {
				t.Fatal(err)
			}
			steps := slices.Concat(lakes(t, plan), records(t, plan))
			for _, sql := range deliveries[ready.Name] {
				steps = append(steps, athena.Step{DuckDB: sql})
			}
			steps = append(steps, jobs(t, plan)...)
			asked := questions(plan)
			for _, q := range asked {
				steps = append(steps, athena.Step{DuckDB: "USE " + q.Database}, athena.Step{SQL: q.SQL, Rows: true})
			}
			answers := athena.Run(t, steps...)[len(steps)-2*len(asked):]
			want := counts[ready.Name]
			for i, q := range asked {
				n, counted := want[q.Name]
				if got := len(answers[2*i+1].Rows); counted && got != n && (n >= 0 || got == 0) {
					t.Errorf("%s has %d rows, want %d", q.Name, got, n)
				}
				if rows, err := json.Marshal(answers[2*i+1].Rows); err != nil || known[q.Name] != "" && known[q.Name] != string(rows) {
					t.Errorf("%s answers\n%s, %v, want\n%s", q.Name, rows, err, known[q.Name])
				}
				if delete(want, q.Name); !counted && q.Description != "" {
					t.Errorf("nothing is expected of the query %s", q.Name)
				}
			}
			for name := range want {
				t.Errorf("there is no %s", name)
			}
		})
	}
}

// lakes are the databases of a mesh with their empty tables, and the keys.
func lakes(t *testing.T, plan *mesh.Plan) []athena.Step {
	t.Helper()
	var steps []athena.Step
	for i := range plan.Domains {
		d := &plan.Domains[i]
		for _, database := range d.Databases {
			steps = append(steps, athena.Step{DuckDB: "CREATE SCHEMA IF NOT EXISTS " + database.Name})
		}
		for _, table := range d.Tables() {
			if table.Table.View == nil {
				steps = append(steps, empty(t, table.Database, &table.Table))
				if table.Table.Format != contract.FormatIceberg { // Athena's name of a row's file
					steps = append(steps, athena.Step{DuckDB: fmt.Sprintf(`ALTER TABLE %s.%s ADD COLUMN "$path" VARCHAR`, table.Database, table.Table.Name)})
				}
			}
		}
		if k := d.Keys; k != nil {
			steps = append(steps,
				athena.Step{DuckDB: "CREATE SCHEMA IF NOT EXISTS " + k.Database},
				empty(t, k.Database, &k.Table.Table),
				athena.Step{DuckDB: fmt.Sprintf("INSERT INTO %s.%s VALUES ('%s', encode('%s'))", k.Database, k.Table.Table.Name, k.KeyID, secret)})
		}
	}
	return steps
}

// records fills the FHIR stores of a mesh.
func records(t *testing.T, plan *mesh.Plan) []athena.Step {
	t.Helper()
	var steps []athena.Step
	for _, s := range plan.FhirStores {
		database := strings.ReplaceAll(s.DatastoreName, "-", "_")
		steps = append(steps, athena.Step{DuckDB: "CREATE SCHEMA " + database})
		for _, step := range stored(t, fhirdata.Patients(1, 200)) {
			step.DuckDB = strings.ReplaceAll(step.DuckDB, store, database)
			step.DuckDB = strings.ReplaceAll(step.DuckDB, fhirdata.MemberTokenSystem, "https://"+plan.Mesh+".example/fhir/member-token")
			steps = append(steps, step)
		}
	}
	return steps
}

// jobs are the statements of every job that makes tables, each after those it comes after,
// then the views.
func jobs(t *testing.T, plan *mesh.Plan) []athena.Step {
	t.Helper()
	return slices.Concat(tablesMade(t, plan), viewsMade(plan))
}

// tablesMade are the statements of every job that makes tables, each after those it comes
// after. What they read of other domains they read as their domain's subscriptions show it.
func tablesMade(t *testing.T, plan *mesh.Plan) []athena.Step {
	t.Helper()
	type job struct {
		*mesh.JobPlan
		read    func(string) string
		quality string // the machine that evaluates what the job makes, which comes after it
	}
	var waiting []job
	var steps []athena.Step
	done := map[string]bool{}
	for i := range plan.Domains {
		d := &plan.Domains[i]
		if d.Keys != nil {
			done[d.Keys.Job.StateMachineARN] = true
		}
		views, read := shown(t, plan, d.Name)
		steps = append(steps, views...)
		for _, p := range d.Products {
			quality := ""
			if p.Quality != nil {
				quality = p.Quality.StateMachineARN
				done[quality] = p.Materialization == nil && p.Deidentify == nil
			}
			for _, j := range []*mesh.JobPlan{p.Materialization, p.Deidentify} {
				if j != nil {
					waiting = append(waiting, job{j, read, quality})
				}
			}
		}
	}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(j job) bool {
			return !slices.ContainsFunc(j.After, func(arn string) bool { return !done[arn] })
		})
		if i < 0 {
			t.Fatalf("%s waits for jobs that never run", waiting[0].StateMachine)
		}
		for _, s := range waiting[i].Statements {
			steps = append(steps, athena.Step{SQL: waiting[i].read(s.SQL)})
		}
		done[waiting[i].StateMachineARN], done[waiting[i].quality] = true, true
		waiting = slices.Delete(waiting, i, i+1)
	}
	return steps
}

// viewsMade are the views of the contracts.
func viewsMade(plan *mesh.Plan) []athena.Step {
	var steps []athena.Step
	for i := range plan.Domains {
		for _, table := range plan.Domains[i].Tables() {
			if v := table.Table.View; v != nil {
				steps = append(steps, athena.Step{SQL: fmt.Sprintf("CREATE VIEW %s.%s AS %s", table.Database, table.Table.Name, v.SQL)})
			}
		}
	}
	return steps
}

// questions are the saved queries of a mesh, and one for all of each table that a job or
// a view makes.
func questions(plan *mesh.Plan) []mesh.QueryPlan {
	var out []mesh.QueryPlan
	for i := range plan.Domains {
		d := &plan.Domains[i]
		out = append(out, d.Queries...)
		for _, table := range d.Tables() {
			if table.Table.Format == contract.FormatIceberg || table.Table.View != nil {
				name := table.Database + "." + table.Table.Name
				out = append(out, mesh.QueryPlan{Name: name, Database: table.Database, SQL: "SELECT * FROM " + name})
			}
		}
	}
	return out
}
