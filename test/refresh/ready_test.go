package refresh_test

import (
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
	"member360": {
		// Who is in claims also has an older adjudication of the same line, which does not count.
		`INSERT INTO healthplan_claims_raw.claim_lines
		SELECT 'c-' || n, '1', token, 'm-' || n, year(current_date) || '-01-02', '23', '99284', 'E11.9', '120.00', paid, 'paid', seen
		FROM (SELECT row_number() OVER (ORDER BY id) AS n, list_filter(identifier, lambda i: i.system = 'https://healthplan.example/fhir/member-token')[1].value AS token FROM healthplan_clinical_fhir.patient)
		CROSS JOIN (VALUES ('900.00', '2026-01-03T00:00:00Z'), ('100.00', '2026-02-03T00:00:00Z')) AS a (paid, seen)
		WHERE n <= 100`,
		`INSERT INTO healthplan_pharmacy_raw.fills VALUES
		('f-1', 'nowhere else', 'm-x', year(current_date) || '-01-02', '00000000001', 'metformin', 'Antidiabetic', '30', '4.50', 'paid', '2026-01-02T00:00:00Z'),
		('f-2', 'nowhere else', 'm-x', year(current_date) || '-01-02', '00000000002', 'atorvastatin', 'Statin', '30', '9.00', 'paid', '2026-01-02T00:00:00Z'),
		('f-2', 'nowhere else', 'm-x', year(current_date) || '-01-02', '00000000002', 'atorvastatin', 'Statin', '30', '9.00', 'reversed', '2026-01-03T00:00:00Z')`,
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
	"member360": {
		"healthplan_clinical_curated.patient": 200, "healthplan_claims_curated.claim_lines": 100, "healthplan_pharmacy_curated.fills": 1,
		"healthplan_member360_analytics.member_360": 201,
		"members-with-open-gaps":                    -1, "cost-of-diabetes": -1, "sources-by-member": 3,
	},
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
	var waiting []*mesh.JobPlan
	var views []athena.Step
	done := map[string]bool{}
	for i := range plan.Domains {
		d := &plan.Domains[i]
		if d.Keys != nil {
			done[d.Keys.Job.StateMachineARN] = true
		}
		for _, p := range d.Products {
			for _, job := range []*mesh.JobPlan{p.Materialization, p.Deidentify} {
				if job != nil {
					waiting = append(waiting, job)
				}
			}
		}
		for _, table := range d.Tables() {
			if v := table.Table.View; v != nil {
				views = append(views, athena.Step{SQL: fmt.Sprintf("CREATE VIEW %s.%s AS %s", table.Database, table.Table.Name, v.SQL)})
			}
		}
	}
	var steps []athena.Step
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(j *mesh.JobPlan) bool {
			return !slices.ContainsFunc(j.After, func(arn string) bool { return !done[arn] })
		})
		if i < 0 {
			t.Fatalf("%s waits for jobs that never run", waiting[0].StateMachine)
		}
		for _, s := range waiting[i].Statements {
			steps = append(steps, athena.Step{SQL: s.SQL})
		}
		done[waiting[i].StateMachineARN] = true
		waiting = slices.Delete(waiting, i, i+1)
	}
	return append(steps, views...)
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
