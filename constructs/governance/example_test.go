package governance_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
)

func ExamplePermissions_Grant() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	permissions := governance.NewPermissions(stack, jsii.String("Permissions"))
	analyst := governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")
	curated := []lakeformation.Condition{{Key: "lab:zone", Values: []string{"curated"}}}
	// A reader sees a table only with both grants.
	permissions.Grant(analyst, lakeformation.TagPolicy(lakeformation.Databases, curated...),
		[]lakeformation.Permission{lakeformation.Describe}, nil)
	permissions.Grant(analyst, lakeformation.TagPolicy(lakeformation.Tables, curated...),
		[]lakeformation.Permission{lakeformation.Describe, lakeformation.Select}, nil)

	fmt.Println(len(permissions.Grants()), "grants, one after another")
	// Output:
	// 2 grants, one after another
}

func ExampleNewRowColumnFilter() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	cohort := governance.NewRowColumnFilter(stack, jsii.String("Cohort"), &governance.RowColumnFilterProps{
		Database:   "lab_curated",
		Table:      "results",
		NamePrefix: "cohort",
		Rows: rowfilter.And(
			rowfilter.Equals("study_id", "NCT0456"),
			rowfilter.In("consent", "research", "treatment"),
		),
		ExcludedColumns: []string{"patient_name"},
	})

	fmt.Println(cohort.Resource().Key())
	fmt.Println(cohort.Filter().Rows)
	// Output:
	// DataCellsFilter lab_curated.results[cohort_6907c504]
	// study_id = 'NCT0456' AND consent IN ('research', 'treatment')
}
