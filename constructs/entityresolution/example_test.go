package entityresolution_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/entityresolution"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Patients and members who are one person, compared every night.
func ExampleNewMatchingWorkflow() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Persons"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-east-1")},
	})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})
	persons := entityresolution.NewSchemaMapping(stack, jsii.String("Persons"), &entityresolution.SchemaMappingProps{
		SchemaName: jsii.String("persons"),
		Fields: []entityresolution.Field{
			{Column: jsii.String("record_id"), Type: entityresolution.UniqueID},
			{Column: jsii.String("full_name"), Type: entityresolution.Name, MatchKey: jsii.String("name")},
			{Column: jsii.String("birth_date"), Type: entityresolution.Date, MatchKey: jsii.String("birth date")},
		},
	})

	tables, inputs := []catalog.ITable{}, []entityresolution.Input{}
	for _, name := range []string{"patients", "members"} {
		table := catalog.TableFromName(stack, jsii.String(name), jsii.String("registry"), jsii.String(name))
		tables = append(tables, table)
		inputs = append(inputs, entityresolution.Input{
			Table: table, Schema: persons, Files: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String(name + "/")},
		})
	}
	matching := entityresolution.NewMatchingWorkflow(stack, jsii.String("Matching"), &entityresolution.MatchingWorkflowProps{
		WorkflowName: jsii.String("persons"), Inputs: inputs, Schedule: jsii.String("cron(15 2 * * ? *)"),
		Rules: []entityresolution.Rule{
			{Name: jsii.String("name and birth date"), MatchKeys: []string{"name", "birth date"}},
		},
		Output: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("matches/")},
	})
	for _, table := range tables {
		table.GrantRead(governance.RolePrincipal(matching.Role()))
	}

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::EntityResolution::MatchingWorkflow"), nil)), "matching workflow")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::Lambda::Function"), nil)), "functions")
	// Output:
	// 1 matching workflow
	// 0 functions
}
