package variants_test

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
)

func ExampleTables() {
	for _, statement := range variants.Tables("glue_catalog.genomics_curated") {
		if line, _, _ := strings.Cut(statement, " ("); strings.HasPrefix(line, "CREATE") {
			fmt.Println(line)
		}
	}
	// Output:
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.variants
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.genotypes
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.samples
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.quarantine
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.files
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.annotations
	// CREATE TABLE IF NOT EXISTS glue_catalog.genomics_curated.erased
}

// A lake of variants in an app of its own: what lands in vcf/ becomes rows.
func ExampleNewVariantLake() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Genomics"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	settings := governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{AllowFullTableAccess: jsii.Bool(true)})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: lake.Curated().BucketArn(), Key: lake.Key()})
	location.Cfn().AddResourceDependency(settings.Cfn(), nil)

	genomics := variants.NewVariantLake(stack, jsii.String("Variants"), &variants.VariantLakeProps{
		Landing:   storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("vcf/")},
		Files:     storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("variants/")},
		Database:  catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("genomics")}),
		Locations: []governance.ILocation{location},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Alarms"), &awscdk.CfnOutputProps{Value: genomics.Alarms().TopicArn()})

	template := assertions.Template_FromStack(stack, nil)
	for _, kind := range []string{"AWS::EMRServerless::Application", "AWS::Glue::Table", "AWS::StepFunctions::StateMachine", "AWS::Lambda::Function"} {
		fmt.Println(len(*template.FindResources(jsii.String(kind), nil)), kind)
	}
	// Output:
	// 1 AWS::EMRServerless::Application
	// 7 AWS::Glue::Table
	// 1 AWS::StepFunctions::StateMachine
	// 0 AWS::Lambda::Function
}
