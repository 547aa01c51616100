package deidentify_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/deidentify"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func Example() {
	source := contract.Table{Name: "patient", Columns: []contract.Column{
		{Name: "mrn", Type: "string", Sensitivity: ontology.PHI, Identifier: ontology.MedicalRecordNumber},
		{Name: "name", Type: "string", Sensitivity: ontology.PHI, Identifier: ontology.Name},
		{Name: "birth_date", Type: "date", Sensitivity: ontology.PHI, Identifier: ontology.Date},
		{Name: "gender", Type: "string", Sensitivity: ontology.Deidentified},
	}}
	from := func(column string) *contract.Derivation {
		return &contract.Derivation{Sources: []string{"patient." + column}}
	}
	target := contract.Table{
		Name:       "patient_deid",
		Deidentify: &contract.Deidentify{From: contract.ParseReference("registry.patient")},
		Columns: []contract.Column{
			{Name: "token", Type: "string", Sensitivity: ontology.Deidentified, PrimaryKey: 1, Derivation: from("mrn")},
			{Name: "birth_year", Type: "int", Sensitivity: ontology.Deidentified, Derivation: from("birth_date")},
			{Name: "gender", Type: "string", Sensitivity: ontology.Deidentified},
		},
	}
	plan, err := deidentify.New(&source, &target)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Columns {
		fmt.Println(c.Name, "by", c.Method, "from", c.Sources)
	}
	for _, d := range plan.Dropped {
		fmt.Println(d.Name, "dropped:", d.Reason)
	}

	target.Columns[2].Derivation = from("name")
	fmt.Println(deidentify.Check(&source, &target))
	// Output:
	// token by hmac from [mrn]
	// birth_year by year from [birth_date]
	// gender by keep from [gender]
	// name dropped: identifier (45 CFR 164.514(b)(2)(i)(A))
	// columns[2].deidentify: got the identifier name in name, for a column of the target; expected no column made of it; fix: leave the column out
}
