package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3notifications"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// refusedPrograms are mistakes that are named with what was got, what was
// expected and the fix.
func refusedPrograms() []program {
	return []program{
		{Name: "nobody-is-granted", Refused: []string{"Principal: got nothing", "fix: "}, build: func(app awscdk.App) {
			database(agnostic(app, "Lab"), "Db", "a").GrantDescribe(governance.Principal{})
		}},
		{Name: "no-role-is-granted", Refused: []string{"Principal: got no role", "fix: "}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			function := awslambda.Function_FromFunctionArn(stack, jsii.String("F"), jsii.String("arn:aws:lambda:us-east-1:111111111111:function:f"))
			database(stack, "Db", "a").GrantDescribe(governance.RolePrincipal(function.Role()))
		}},
		{Name: "a-service-is-granted", Refused: []string{"Principal: got the service glue.amazonaws.com", "fix: "}, build: func(app awscdk.App) {
			database(agnostic(app, "Lab"), "Db", "a").GrantDescribe(governance.PrincipalFrom(awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)))
		}},
		{Name: "no-id", Refused: []string{"id: got nothing", "Name: got nothing", "fix: "}, build: func(app awscdk.App) {
			catalog.NewDatabase(agnostic(app, "Lab"), nil, nil)
		}},
		{Name: "no-scope", Refused: []string{"scope: got nothing", "fix: "}, build: func(awscdk.App) {
			storage.NewLakeStorage(nil, jsii.String("Lake"), nil)
		}},
		{Name: "all-problems-at-once", Refused: []string{"Name: got \"Lab Curated\"", "LocationURI: got \"results\"", "fix: "}, build: func(app awscdk.App) {
			catalog.NewDatabase(agnostic(app, "Lab"), jsii.String("Db"), &catalog.DatabaseProps{Name: jsii.String("Lab Curated"), LocationURI: jsii.String("results")})
		}},
		{Name: "two-databases-of-one-name", Refused: []string{"lab", "fix: "}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			database(stack, "A", "lab")
			database(stack, "B", "lab")
		}},
		{Name: "two-settings-of-one-account", Refused: []string{"Settings", "fix: "}, build: func(app awscdk.App) {
			for _, id := range []string{"A", "B"} {
				governance.NewSettings(fixed(app, id, "210000000080", "us-east-1"), jsii.String("Settings"), nil)
			}
		}},
		{Name: "removal-policies-destroy-a-lake", Refused: []string{"fix: "}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			awscdk.RemovalPolicies_Of(app).Destroy(nil)
		}},
		{Name: "notification-would-drop-events", Refused: []string{"AddEventNotification", "fix: "}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{Raw: &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)}})
			lake.Raw().AddEventNotification(awss3.EventType_OBJECT_CREATED, awss3notifications.NewSnsDestination(awssns.NewTopic(stack, jsii.String("T"), nil)))
		}},
		{Name: "legacy-synthesizer-without-role", Refused: []string{"DeploymentRoleARN", "fix: "}, build: func(app awscdk.App) {
			stack := awscdk.NewStack(app, jsii.String("Foundation"), &awscdk.StackProps{Synthesizer: awscdk.NewLegacyStackSynthesizer()})
			governance.NewSettings(stack, jsii.String("Settings"), nil)
		}},
		{Name: "location-of-another-partition", Refused: []string{"ARN: got", "fix: "}, build: func(app awscdk.App) {
			governance.NewLocation(fixed(app, "Gov", "210000000081", "us-gov-west-1"), jsii.String("L"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab-curated")})
		}},
		{Name: "query-granted-to-nobody", Refused: []string{"grantee: got nothing", "fix: "}, build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			query.NewWorkGroup(stack, jsii.String("W"), &query.WorkGroupProps{Name: jsii.String("w"), Key: lake.Key(), AccessLogs: lake.Logs()}).GrantQuery(nil)
		}},
		{Name: "fhir-tables-for-nobody", Refused: []string{"Principals[0]", "fix: "}, build: func(app awscdk.App) {
			stack := agnostic(app, "Records")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			store := fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{DatastoreName: jsii.String("records"), Key: lake.Key()})
			fhirstore.NewQueryAccess(stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: store, Principals: []governance.Principal{{}}})
		}},
	}
}
