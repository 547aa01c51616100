package governance_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func ExamplePermissions_Grant() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	permissions := governance.PermissionsOf(stack)
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

func ExampleNewDataCellsFilter() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	cohort := governance.NewDataCellsFilter(stack, jsii.String("Cohort"), &governance.DataCellsFilterProps{
		Database:   jsii.String("lab_curated"),
		Table:      jsii.String("results"),
		NamePrefix: jsii.String("cohort"),
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

func ExampleDataProduct_GrantRead() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Clinical"), nil)

	patients := governance.NewDataProduct(stack, jsii.String("Patients"), &governance.DataProductProps{
		Mesh:    jsii.String("riverside"),
		Domain:  jsii.String("clinical"),
		Product: jsii.String("patient_deid"),
	})
	analyst := governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")
	grants := patients.GrantRead(analyst, &governance.GrantReadOptions{
		Sensitivity: []ontology.Sensitivity{ontology.Public, ontology.Deidentified},
	})

	fmt.Println(len(grants.Cfn()), "grants, however many tables the product has")
	// Output:
	// 2 grants, however many tables the product has
}

func ExampleLocation_GrantAccess() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)

	curated := governance.NewLocation(stack, jsii.String("Curated"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab-curated")})
	job := awsiam.NewRole(stack, jsii.String("Job"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})
	curated.GrantAccess(governance.RolePrincipal(job))

	fmt.Println(len(governance.PermissionsOf(stack).Grants()), "grant in the Permissions of the stack")
	// Output:
	// 1 grant in the Permissions of the stack
}

// A function of plain CDK reads a table that plain CDK makes, and a queue of plain
// CDK comes after the grant.
func ExamplePrincipalFrom() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Lab"), nil)
	table := awsglue.NewCfnTable(stack, jsii.String("Results"), &awsglue.CfnTableProps{
		CatalogId: stack.Account(), DatabaseName: jsii.String("lab"),
		TableInput: &awsglue.CfnTable_TableInputProperty{Name: jsii.String("results")},
	})
	reader := awslambda.NewFunction(stack, jsii.String("Reader"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_PYTHON_3_13(), Handler: jsii.String("index.handler"),
		Code: awslambda.Code_FromInline(jsii.String("def handler(event, context): pass")),
	})

	granted := governance.PermissionsOf(stack).Grant(governance.PrincipalFrom(reader), lakeformation.Table("lab", "results"),
		[]lakeformation.Permission{lakeformation.Describe, lakeformation.Select},
		&governance.GrantOptions{After: []awscdk.CfnResource{table}}) // this library does not know of it
	granted.ApplyBefore(awssqs.NewQueue(stack, jsii.String("Questions"), nil))

	template := assertions.Template_FromStack(stack, nil)
	for _, queue := range *template.FindResources(jsii.String("AWS::SQS::Queue"), nil) {
		waits, _ := (*queue)["DependsOn"].([]any)
		fmt.Println("the queue waits for", len(waits), "grant")
	}
	// Output:
	// the queue waits for 1 grant
}

func ExampleNewResourceLink() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Research"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("333333333333"), Region: jsii.String("us-east-1")},
	})

	clinical := governance.NewResourceLink(stack, jsii.String("Clinical"), &governance.ResourceLinkProps{
		Name:           jsii.String("clinical"),
		TargetAccount:  jsii.String("222222222222"),
		TargetDatabase: jsii.String("riverside_clinical_analytics"),
	})
	// The clinical account has shared the table with this one, to be passed on.
	clinical.GrantRead(governance.PrincipalOf("arn:aws:iam::333333333333:role/Analyst"), "patient_deid")

	fmt.Println(clinical.Target().Key())
	// Output:
	// Database 222222222222/riverside_clinical_analytics
}
