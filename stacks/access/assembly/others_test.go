package assembly_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// What nobody can read in a template is said, with who and what, beside the grant that
// can be read.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	custom := func(kind, properties string) string {
		return `"X": {"Type": "` + kind + `", "Properties": {"ServiceToken": "arn:aws:lambda:us-east-1:222222222222:function:x", ` + properties + `}}`
	}
	for _, test := range []struct{ name, resources, want string }{
		{"a macro among the resources", `"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://x/grants.yaml"}}`,
			`S Fn::Transform: {"Name":"AWS::Include","Parameters":{"Location":"s3://x/grants.yaml"}}: CloudFormation works it out`},
		{"a loop", `"Fn::ForEach::Readers": ["Reader", {"Ref": "Readers"}, {"G${Reader}": {"Type": "AWS::LakeFormation::PrincipalPermissions"}}]`,
			`S Fn::ForEach::Readers: ["Reader",{"Ref":"Readers"},{"G${Reader}":{"Type":"AWS::LakeFormation::PrincipalPermissions"}}]: CloudFormation works it out`},
		{"a macro of a resource", `"X": {"Type": "AWS::SQS::Queue", "Fn::Transform": {"Name": "Grants"}}`, `S X.Fn::Transform: {"Name":"Grants"}: CloudFormation works it out`},
		{"a macro beside properties", `"X": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "222222222222", "DatabaseInput": {"Name": "x", "Fn::Transform": {"Name": "Open"}}}}`,
			`S X: {"Name":"Open"}: a macro`},
		{"no resource", `"X": ["AWS::Glue::Database"]`, `S X: ["AWS::Glue::Database"]: not a resource`},
		{"properties that are a list", `"X": {"Type": "AWS::Glue::Database", "Properties": []}`, `S X: {"Properties":[],"Type":"AWS::Glue::Database"}: its Properties are not an object`},
		{"a dynamic reference as principal", grantOf("X", `"{{resolve:ssm:/lake/analyst}}"`, tableT, ""),
			`S X: [SELECT] to {{resolve:ssm:/lake/analyst}} on Table 222222222222/lab.t: whatever CloudFormation finds`},
		{"where it stands", grantOf("X", `{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/{{resolve:ssm:/lake/analyst}}"}`, tableT, ""),
			`S X.Principal.DataLakePrincipalIdentifier: arn:aws:iam::222222222222:role/{{resolve:ssm:/lake/analyst}}: a dynamic reference`},
		{"a dynamic reference as database", grantOf("X", `"q"`, `{"Database": {"Name": "{{resolve:ssm:/lake/database:3}}"}}`, ""),
			`S X: [SELECT] to q on Database 222222222222/{{resolve:ssm:/lake/database:3}}: whatever CloudFormation finds`},
		{"a custom resource", custom("Custom::Grants", `"Who": {"Ref": "AWS::AccountId"}, "What": "lab"`), `S X: Custom::Grants {"What":"lab","Who":"222222222222"}: a custom resource`},
		{"the other name of one", custom("AWS::CloudFormation::CustomResource", `"Who": "q"`), `S X: AWS::CloudFormation::CustomResource {"Who":"q"}: a custom resource`},
		{"a call that grants", custom("Custom::AWS", `"Create": {"Fn::Join": ["", ["{\"service\": \"@aws-sdk/client-lakeformation\", \"action\": \"grantPermissions\", \"parameters\": {\"Principal\": {\"DataLakePrincipalIdentifier\": \"arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/q\"}, \"Resource\": {\"Table\": {\"DatabaseName\": \"lab\", \"Name\": \"t\"}}, \"Permissions\": [\"SELECT\"]}}"]]}`),
			`S X: Create calls lakeformation:grantPermissions [SELECT] to arn:aws:iam::222222222222:role/q on Table lab.t: a custom resource calls`},
		{"another call", custom("Custom::AWS", `"Update": "{\"service\": \"Glue\", \"action\": \"putResourcePolicy\", \"parameters\": {\"PolicyInJson\": \"{}\"}}"`),
			`S X: Update calls glue:putResourcePolicy {"PolicyInJson":"{}"}: a custom resource calls`},
		{"a call that cannot be read", custom("Custom::AWS", `"Create": {"Fn::ImportValue": "call"}`), `S X: Create {"Fn::ImportValue":"call"}: a call of an AWS service that could not be read`},
		{"a stack set", `"X": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"StackSetName": "lake", "TemplateBody": "Resources: {G: {Type: AWS::LakeFormation::PrincipalPermissions}}",
			"StackInstancesGroup": [{"DeploymentTargets": {"Accounts": ["333333333333"]}, "Regions": ["eu-west-1"]}]}}`,
			`S X: stack set lake with [AWS::LakeFormation::PrincipalPermissions] to {"Accounts":["333333333333"]} in [eu-west-1]: it deploys a template`},
		{"a share", `"X": {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "s", "ResourceArns": ["arn:aws:glue:us-east-1:222222222222:database/lab"], "Principals": ["333333333333"]}}`,
			`S X: shares [arn:aws:glue:us-east-1:222222222222:database/lab] with [333333333333]: a share of AWS RAM`},
		{"external filtering", `"Settings": {"Type": "AWS::LakeFormation::DataLakeSettings", "Properties": {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [],
			"AllowExternalDataFiltering": true, "ExternalDataFilteringAllowList": [{"DataLakePrincipalIdentifier": "333333333333"}]}}`,
			`S Settings: external data filtering for [333333333333]: engines of these accounts`},
		{"a workflow that grants", `"X": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", ["{\"States\": {\"G\": {\"Resource\": \"arn:", {"Ref": "AWS::Partition"}, ":states:::aws-sdk:lakeformation:grantPermissions\"}}}"]]}}}`,
			`S X: calls lakeformation:grantPermissions: a state machine, which gives access when it runs`},
		{"a module", `"X": {"Type": "Team::Lake::Grants::MODULE", "Properties": {"Who": "q"}}`, `S X: Team::Lake::Grants::MODULE {"Who":"q"}: a module`},
		{"a type of others", `"X": {"Type": "Team::Lake::Grant", "Properties": {"Who": "q"}}`, `S X: Team::Lake::Grant {"Who":"q"}: not a type of AWS`},
		{"a new type of Lake Formation", `"X": {"Type": "AWS::LakeFormation::OptIn", "Properties": {"Who": "q"}}`, `S X: AWS::LakeFormation::OptIn {"Who":"q"}: a type of Lake Formation that is not read`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			state := read(t, lab, grantOf("G", `"p"`, tableT, ""), test.resources)
			if got := sight(state); !slices.Contains(got, "p lab.t a,b") {
				t.Errorf("got %v", got)
			}
			if !said(state, test.want) {
				t.Errorf("got %v, want %s", state.Unresolved, test.want)
			}
		})
	}
}

// What gives nobody access is not spoken of.
func TestHarmlessResourcesAreNotSaid(t *testing.T) {
	state := read(t, lab,
		`"A": {"Type": "Custom::S3AutoDeleteObjects", "Properties": {"BucketName": {"Ref": "Bucket"}}}`,
		`"B": {"Type": "Custom::AWS", "Properties": {"Create": "{\"service\": \"Route53\", \"action\": \"changeResourceRecordSets\"}"}}`,
		`"C": {"Type": "Custom::AWS", "Properties": {"Create": "{\"service\": \"lake-formation\", \"action\": \"getDataLakeSettings\"}"}}`,
		`"D": {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "s", "ResourceArns": ["arn:aws:ec2:us-east-1:222222222222:subnet/x"]}}`)
	if len(state.Unresolved) != 0 {
		t.Errorf("got %v", state.Unresolved)
	}
}

// Macros over the whole template are said.
func TestTransforms(t *testing.T) {
	dir := appOf(t, home, lab)
	write(t, dir, "S.template.json", `{"Transform": ["AWS::Serverless-2016-10-31", {"Name": "AWS::Include"}], "Resources": {`+lab+`}}`)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range state.Unresolved {
		said, _, _ := strings.Cut(u.String(), ": CloudFormation")
		got = append(got, said)
	}
	if diff := cmp.Diff([]string{"S Transform: AWS::Serverless-2016-10-31: it makes functions, state machines and APIs with roles of their own, whose policies are not read; it makes no grants of Lake Formation", `S Transform: {"Name":"AWS::Include"}`}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
