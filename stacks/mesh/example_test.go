package mesh_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// A mesh can be written as a Go value; no file and no AWS account is needed to
// plan it.
func ExampleDefinition_Plan() {
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion,
		Name:       "riverside",
		Stages: map[string]mesh.Stage{
			"dev": {Region: "us-east-1", Accounts: map[string]string{"main": "111111111111"}},
		},
		Principals: map[string]string{
			"cardiology-analysts": "arn:aws:iam::{main}:role/CardiologyAnalyst",
		},
		Domains: []mesh.Domain{
			{
				Name: "clinical", Account: "main", Owner: "clinical-data@riverside.example",
				Contracts: []*contract.Contract{{
					Name:        "patient_deid",
					Sensitivity: ontology.Deidentified,
					Zone:        ontology.Analytics,
					Tables: []contract.Table{{
						Name: "patients",
						Columns: []contract.Column{
							{Name: "study_id", Type: "string", Classification: "public", Sensitivity: ontology.Public},
							{Name: "birth_year", Type: "int", Classification: "deidentified", Sensitivity: ontology.Deidentified},
						},
					}},
				}},
			},
			{Name: "research", Account: "main", Owner: "research@riverside.example"},
		},
		Subscriptions: []mesh.Subscription{{
			Consumer:    "research",
			Principals:  []string{"cardiology-analysts"},
			Product:     "clinical.patient_deid",
			Sensitivity: []string{"public", "deidentified"},
			Purpose:     "heart-failure cohort",
			Approver:    "clinical-data@riverside.example",
			Expires:     "2030-06-30",
		}},
	}

	plan, err := definition.Plan("dev")
	if err != nil {
		fmt.Println(err)
		return
	}
	clinical, _ := plan.Domain("clinical")
	patients := clinical.Products[0]
	fmt.Println(patients.StackName)
	fmt.Println(patients.Tables[0].Location)
	for _, association := range patients.Associations {
		fmt.Println(association.Resource.Key(), association.Tags)
	}
	research, _ := plan.Consumer("research")
	for _, grant := range research.Grants {
		fmt.Println(grant.Permissions, "on", grant.Resource.Key())
	}
	// Output:
	// riverside-dev-clinical-product-patient-deid
	// s3://riverside-clinical-analytics-111111111111-us-east-1/patient_deid/patients/
	// Table riverside_clinical_analytics.patients [{riverside:clinical.product [patient_deid]} {riverside:sensitivity [deidentified]}]
	// TableWithColumns riverside_clinical_analytics.patients(study_id) [{riverside:sensitivity [public]}]
	// [DESCRIBE] on LFTagPolicy DATABASE where riverside:clinical.product=no-product and riverside:zone=analytics
	// [DESCRIBE SELECT] on LFTagPolicy TABLE where riverside:clinical.product=patient_deid and riverside:sensitivity=deidentified|public
}
