package lakeformation_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func ExampleMergeGrants() {
	const analyst = "arn:aws:iam::111111111111:role/Analyst"
	results := lakeformation.Table("lab", "results")
	for _, grant := range lakeformation.MergeGrants([]lakeformation.Grant{
		{Principal: analyst, Resource: results, Permissions: []lakeformation.Permission{lakeformation.Select}},
		{Principal: analyst, Resource: lakeformation.Database("lab"), Permissions: []lakeformation.Permission{lakeformation.Describe}},
		{Principal: analyst, Resource: results, Permissions: []lakeformation.Permission{lakeformation.Describe}},
	}) {
		fmt.Println(grant.Resource.Key(), grant.Permissions)
	}
	// Output:
	// Database lab [DESCRIBE]
	// Table lab.results [DESCRIBE SELECT]
}

func ExampleResource_Check() {
	err := lakeformation.Database("lab").Check([]lakeformation.Permission{lakeformation.Select})
	fmt.Println(err)
	// Output:
	// Permissions[0]: got SELECT on the Database lab; expected one of [DESCRIBE ALTER DROP CREATE_TABLE]; fix: leave out what the resource does not take
}

func ExampleDataCellsFilter_Named() {
	cohort := lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "study_id = 'NCT0456'"}
	fmt.Println(cohort.Named("cohort").Resource().Key())
	cohort.Rows = "study_id = 'NCT0457'"
	fmt.Println(cohort.Named("cohort").Resource().Key())
	// Output:
	// DataCellsFilter lab.results[cohort_217ca7af]
	// DataCellsFilter lab.results[cohort_81f0722d]
}
