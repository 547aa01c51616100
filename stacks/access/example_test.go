package access_test

import (
	"fmt"
	"os"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

// Who can see what of the patients, once the synthesized stacks are deployed.
func Example() {
	state, err := assembly.Read("assembly/testdata/riverside")
	if err != nil {
		fmt.Println(err)
		return
	}
	matrix, err := state.Evaluate().Filter(access.MatrixFilter{Product: "clinical.patients", Principal: "Cardiology"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := render.Table(os.Stdout, matrix); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Principal          Product            Table     Columns seen                        Rows                                 Rights
	// ─────────────────  ─────────────────  ────────  ──────────────────────────────────  ───────────────────────────────────  ───────────────
	// CardiologyAnalyst  clinical.patients  patients  public 1/1, deidentified 3/3,       public: all;                         DESCRIBE SELECT
	//                                                 phi 0/2                             deidentified: study_id = 'NCT0456'
	//
	// Notes:
	//   - The rows are what Lake Formation allows. The IAM permissions that a principal needs too are not read. Policies of templates are read
	//     for ways past Lake Formation only, which --bypasses lists; other policies are not. Who creates a database or table,
	//     such as the role that CloudFormation works with, holds all permissions on it, which templates do not tell.
}

// Who gains what by a change.
func ExampleDiff() {
	before, err := assembly.Read("assembly/testdata/riverside")
	if err != nil {
		fmt.Println(err)
		return
	}
	after := access.Merge(before)
	catalog := after.Catalog("222222222222", "us-east-1")
	catalog.Filters[0].Rows = "study_id LIKE 'NCT%'"
	for i := range catalog.Associations {
		if catalog.Associations[i].Resource.Key() == "TableWithColumns 222222222222/riverside_clinical_curated.patients(study_id)" {
			catalog.Associations[i].Tags[0].Values = []string{"phi"}
		}
	}
	if err := render.Difference(os.Stdout, access.Diff(before, after)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// - CardiologyAnalyst loses DESCRIBE on riverside_clinical_curated.patients
	// - CardiologyAnalyst loses SELECT on 1 public column of riverside_clinical_curated.patients: study_id
	// ~ CardiologyAnalyst sees other rows of 3 deidentified columns of riverside_clinical_curated.patients (patient_key, birth_year, codes): now study_id LIKE 'NCT%' instead of study_id = 'NCT0456'
	// - account 333333333333 loses DESCRIBE on riverside_clinical_curated.patients
	// - account 333333333333 loses the right to pass on DESCRIBE on riverside_clinical_curated.patients
	// - account 333333333333 loses SELECT on 1 public column of riverside_clinical_curated.patients: study_id
	// ~ account 333333333333 sees other rows of 3 deidentified columns of riverside_clinical_curated.patients (patient_key, birth_year, codes): now study_id LIKE 'NCT%' instead of study_id = 'NCT0456'
	//
	// changed 222222222222/us-east-1: filter riverside_clinical_curated.patients[research_study_1a2b3c4d]: birth_year, codes, patient_key where study_id = 'NCT0456' -> birth_year, codes, patient_key where study_id LIKE 'NCT%'
	// changed 222222222222/us-east-1: tags on TableWithColumns riverside_clinical_curated.patients(study_id): riverside:sensitivity=public -> riverside:sensitivity=phi
}

// Why somebody sees a column, and what is missing for another.
func ExampleExplainer() {
	state, err := assembly.Read("assembly/testdata/riverside")
	if err != nil {
		fmt.Println(err)
		return
	}
	explainer := access.NewExplainer(state)
	for _, column := range []string{"birth_year", "mrn"} {
		e, err := explainer.Explain("CardiologyAnalyst", "patients", column)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(column + ": " + e.Answer())
		for _, p := range append(e.Paths, e.Missing...) {
			last := p.Steps[len(p.Steps)-1]
			fmt.Printf("  %d steps, the last: %s: %s\n", len(p.Steps), last.Kind, last.Text)
		}
	}
	// Output:
	// birth_year: yes
	//   6 steps, the last: table: column birth_year of table riverside_clinical_curated.patients in 222222222222/us-east-1
	// mrn: no grant shows it
	//   1 steps, the last: share: account 222222222222 does not share it with account 333333333333
	//   2 steps, the last: filter: filter research_study_1a2b3c4d shows columns birth_year, codes, patient_key in the rows where study_id = 'NCT0456', not mrn
	//   2 steps, the last: tag: needs riverside:sensitivity=phi, inherited from database riverside_clinical_curated; the grant gives internal|public
}
