package mesh_test

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// small is a valid mesh with something of everything; each call makes its own.
func small() *mesh.Definition {
	return &mesh.Definition{
		APIVersion: mesh.APIVersion,
		Name:       "river",
		Stages: map[string]mesh.Stage{
			"dev":  {Region: "us-east-1", Accounts: map[string]string{"main": "111111111111"}},
			"prod": {Region: "ap-southeast-2", Accounts: map[string]string{"main": "222222222222", "spare": "333333333333"}},
		},
		Admins: []string{"arn:aws:iam::{main}:role/LakeAdmin"},
		Principals: map[string]string{
			"analysts": "arn:aws:iam::{main}:role/Analyst",
			"board":    "arn:aws:iam::{main}:role/Board",
		},
		Domains: []mesh.Domain{
			{
				Name: "clinical", Description: "Records", Account: "main", Owner: "clinical@river.example",
				Contracts: []*contract.Contract{encounters(), deid()},
			},
			{Name: "lab-core", Account: "main", Owner: "lab@river.example", Contracts: []*contract.Contract{labs()}},
			{
				Name: "research", Account: "main", Owner: "research@river.example",
				Queries: []mesh.Query{{Name: "cohort", SQL: "SELECT 1"}, {Name: "age", SQL: "SELECT 2"}},
			},
		},
		Subscriptions: []mesh.Subscription{
			{
				Consumer: "research", Principals: []string{"research-pipeline", "analysts"}, Product: "clinical.patient_deid",
				Sensitivity: []string{"deidentified", "public"}, Rows: rowfilter.Raw("study_id = 'NCT0456'"),
				Purpose: "heart-failure cohort", Approver: "clinical@river.example", Expires: "2030-06-30",
			},
			{
				Consumer: "research", Principals: []string{"analysts"}, Product: "lab-core.labs",
				Purpose: "reference ranges", Approver: "lab@river.example", Expires: "2030-06-30",
			},
			{
				Consumer: "lab-core", Principals: []string{"board"}, Product: "clinical.encounters",
				Sensitivity: []string{"Internal"}, Purpose: "planning", Approver: "clinical@river.example", Expires: "2030-01-31",
			},
		},
		Guardrails: []mesh.GuardrailRule{{Name: mesh.PHIStaysInDomain}},
	}
}

func column(name, glue string, level ontology.Sensitivity) contract.Column {
	return contract.Column{Name: name, Type: glue, Classification: string(level), Sensitivity: level}
}

func encounters() *contract.Contract {
	name := column("patient_name", "string", ontology.PHI)
	name.Identifier = ontology.Name
	return &contract.Contract{
		Name: "encounters", Domain: "clinical", Status: "active",
		Tables: []contract.Table{{
			Name: "encounter",
			Columns: []contract.Column{
				column("id", "string", ontology.Internal), name,
				{Name: "note", Type: "string"}, // not classified
			},
		}},
	}
}

func deid() *contract.Contract {
	year := column("year", "int", ontology.Public)
	year.Partition = 1
	return &contract.Contract{
		Name: "patient_deid", Sensitivity: ontology.Deidentified, Zone: ontology.Analytics,
		Tables: []contract.Table{
			{
				Name: "patients",
				Columns: []contract.Column{
					column("study_id", "string", ontology.Public),
					column("batch", "string", ontology.Internal),
					column("birth_year", "int", ontology.Deidentified),
					column("codes", "array<string>", ontology.Deidentified),
					year,
				},
			},
			{Name: "studies", Columns: []contract.Column{column("study_id", "string", ontology.Public), column("title", "string", ontology.Public)}},
			{Name: "loads", Columns: []contract.Column{column("started", "timestamp", ontology.Internal)}},
		},
	}
}

func labs() *contract.Contract {
	location := "s3://lab-archive/results/"
	return &contract.Contract{
		Name: "labs", Zone: ontology.Raw,
		Tables: []contract.Table{
			{Name: "results", Location: location, Columns: []contract.Column{column("value", "double", ontology.PHI)}},
			{Name: "ranges", Location: location, Columns: []contract.Column{column("code", "string", ontology.Public), column("low", "double", ontology.Public)}},
		},
	}
}
