package opendata_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/opendata"
)

func ExampleNewDataset() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Reference"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("eu-west-1")},
	})
	database := catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("reference")})
	researchers := awsiam.NewRole(stack, jsii.String("Researchers"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})

	// Where its publisher has it.
	targets := opendata.NewDataset(stack, jsii.String("OpenTargets"), &opendata.DatasetProps{
		Dataset: jsii.String("open_targets"), Database: database, Tables: []string{"target", "disease"},
	})
	// A copy, as the publisher hosts it no longer.
	clinvar := opendata.NewDataset(stack, jsii.String("ClinVar"), &opendata.DatasetProps{
		Dataset: jsii.String("clinvar"), Database: database, Location: jsii.String("s3://reference-copies/clinvar/"),
	})
	targets.GrantRead(governance.RolePrincipal(researchers))
	clinvar.GrantRead(governance.RolePrincipal(researchers))

	fmt.Println(len(targets.Tables()), targets.Contract().Tables[0].Location)
	fmt.Println(clinvar.Contract().Tables[0].Location)
	// Output:
	// 2 s3://open-targets-public-data-releases/platform/25.12/output/disease/
	// s3://reference-copies/clinvar/variant_summary/
}
