package governance_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

const settingsType = "AWS::LakeFormation::DataLakeSettings"

func TestSettingsOpenNothingByDefault(t *testing.T) {
	stack := cdktest.Stack()
	settings := governance.NewSettings(stack, jsii.String("Settings"), nil)
	usableAsScope(t, settings)
	r := cdktest.Of(t, stack).One(t, settingsType, "Settings")
	r.Want(t, map[string]string{
		"Admins": `[{"DataLakePrincipalIdentifier":{"Fn::Sub":"arn:${AWS::Partition}:iam::` + cdktest.Account +
			`:role/cdk-hnb659fds-cfn-exec-role-` + cdktest.Account + `-` + cdktest.Region + `"}}]`,
		"CreateDatabaseDefaultPermissions": `[]`,
		"CreateTableDefaultPermissions":    `[]`,
		"MutationType":                     `"APPEND"`,
		"Parameters":                       `{"CROSS_ACCOUNT_VERSION":"4"}`,
	})
	retained(t, r)
}

func TestSettingsOfProps(t *testing.T) {
	stack := cdktest.Stack()
	governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{
		Admins:              []string{"arn:aws:iam::111111111111:user/zoe", "arn:aws:iam::111111111111:role/LakeAdmin"},
		DeploymentRoleARN:   jsii.String("arn:aws:iam::111111111111:role/Deploy"),
		ReplaceAdmins:       jsii.Bool(true),
		CrossAccountVersion: jsii.String("5"),

		AllowFullTableAccess: jsii.Bool(true),
	})
	cdktest.Of(t, stack).One(t, settingsType, "Settings").Want(t, map[string]string{
		"AllowFullTableExternalDataAccess": `true`,
		"Admins": `[{"DataLakePrincipalIdentifier":"arn:aws:iam::111111111111:role/Deploy"},` +
			`{"DataLakePrincipalIdentifier":"arn:aws:iam::111111111111:role/LakeAdmin"},` +
			`{"DataLakePrincipalIdentifier":"arn:aws:iam::111111111111:user/zoe"}]`,
		"MutationType": `"REPLACE"`,
		"Parameters":   `{"CROSS_ACCOUNT_VERSION":"5"}`,
	})
}

func TestSettingsWithoutEnvironment(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), nil)
	governance.NewSettings(stack, jsii.String("Settings"), nil)
	cdktest.Of(t, stack).One(t, settingsType, "Settings").Want(t, map[string]string{
		"Admins": `[{"DataLakePrincipalIdentifier":{"Fn::Sub":"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}"}}]`,
	})
}

func TestSettingsNeedAnExecutionRole(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), &awscdk.StackProps{Synthesizer: awscdk.NewLegacyStackSynthesizer()})
	cdktest.Same(t, cdktest.Panic(t, func() { governance.NewSettings(stack, jsii.String("Settings"), nil) }),
		"Test/Settings: DeploymentRoleARN: got nothing, and the stack's synthesizer names no execution role; expected the ARN of the role that CloudFormation works with; fix: set DeploymentRoleARN")
}

func TestOneSettingsPerEnvironment(t *testing.T) {
	first := cdktest.Stack()
	governance.NewSettings(first, jsii.String("Settings"), nil)
	stack := func(id, region string) awscdk.Stack {
		return awscdk.NewStack(awscdk.Stage_Of(first), jsii.String(id), &awscdk.StackProps{
			Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(region)},
		})
	}
	second := stack("Again", cdktest.Region)
	cdktest.Same(t, cdktest.Panic(t, func() { governance.NewSettings(second, jsii.String("Settings"), nil) }),
		"Again/Settings: Settings: got a second one for aws://111111111111/us-east-1; expected one per account and region; fix: use the one at Test/Settings")
	governance.NewSettings(stack("Elsewhere", "us-west-2"), jsii.String("Settings"), nil)
}

func TestSettingsProblems(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{
			Admins:              []string{"arn:aws:iam::111111111111:role/LakeAdmin", "IAM_ALLOWED_PRINCIPALS", "111111111111", "arn:aws:iam::111111111111:role/LakeAdmin"},
			CrossAccountVersion: jsii.String("3"),
		})
	}), `Test/Settings: Admins[1]: got "IAM_ALLOWED_PRINCIPALS"; expected the ARN of an IAM role or user; fix: write arn:aws:iam::<account>:role/<name>
Admins[2]: got "111111111111"; expected the ARN of an IAM role or user; fix: write arn:aws:iam::<account>:role/<name>
Admins[3]: got "arn:aws:iam::111111111111:role/LakeAdmin" again; expected each administrator once; fix: remove it
CrossAccountVersion: got "3"; expected "4" or "5"; fix: leave it out`)
}

func TestSharingIsOfVersionFourOrFive(t *testing.T) {
	for _, version := range []string{"", "1", "3", "6", "04", "4.0", "LATEST"} {
		text := cdktest.Panic(t, func() {
			governance.NewSettings(cdktest.Stack(), jsii.String("Settings"), &governance.SettingsProps{CrossAccountVersion: jsii.String(version)})
		})
		cdktest.Same(t, text, fmt.Sprintf(`Test/Settings: CrossAccountVersion: got %q; expected "4" or "5"; fix: leave it out`, version))
	}
}

func TestAtMostThirtyAdmins(t *testing.T) {
	admins := make([]string, 30)
	for i := range admins {
		admins[i] = fmt.Sprintf("arn:aws:iam::111111111111:role/Admin%d", i)
	}
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewSettings(cdktest.Stack(), jsii.String("Settings"), &governance.SettingsProps{Admins: admins})
	}), "Test/Settings: Admins: got 31 with the deployment role; expected at most 30; fix: let people assume one administrator role")
	governance.NewSettings(cdktest.Stack(), jsii.String("Settings"), &governance.SettingsProps{Admins: admins[1:]})
}

// The execution role is that of the synthesizer, however the app came to it.
func TestDeploymentRoleOfSynthesizers(t *testing.T) {
	role := func(name string) string {
		return `{"Fn::Sub":"arn:${AWS::Partition}:iam::111111111111:role/` + name + `"}`
	}
	own := awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("river")})
	for name, test := range map[string]struct {
		synthesizer awscdk.IReusableStackSynthesizer
		ofApp       bool
		context     map[string]any
		want        string
	}{
		"default":             {nil, false, nil, role("cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1")},
		"qualifier":           {own, false, nil, role("cdk-river-cfn-exec-role-111111111111-us-east-1")},
		"qualifier of an app": {own, true, nil, role("cdk-river-cfn-exec-role-111111111111-us-east-1")},
		"qualifier by context": {
			awscdk.NewDefaultStackSynthesizer(nil), false, map[string]any{"@aws-cdk/core:bootstrapQualifier": "lake"},
			role("cdk-lake-cfn-exec-role-111111111111-us-east-1"),
		},
		"role": {
			awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{CloudFormationExecutionRole: jsii.String("arn:aws:iam::111111111111:role/deployer")}), true, nil,
			`"arn:aws:iam::111111111111:role/deployer"`,
		},
		"bootstrapless": {
			awscdk.NewBootstraplessSynthesizer(&awscdk.BootstraplessSynthesizerProps{CloudFormationExecutionRoleArn: jsii.String("arn:aws:iam::111111111111:role/deployer")}), false, nil,
			`"arn:aws:iam::111111111111:role/deployer"`,
		},
		"command line": {awscdk.NewCliCredentialsStackSynthesizer(nil), true, nil, ""},
		"legacy":       {awscdk.NewLegacyStackSynthesizer(), false, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			context := test.context
			app := awscdk.NewApp(&awscdk.AppProps{Context: &context})
			props := &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)}}
			if test.ofApp {
				app = awscdk.NewApp(&awscdk.AppProps{Context: &context, DefaultStackSynthesizer: test.synthesizer})
			} else if test.synthesizer != nil {
				props.Synthesizer = test.synthesizer
			}
			stack := awscdk.NewStack(app, jsii.String("Test"), props)
			if test.want == "" {
				cdktest.Same(t, cdktest.Panic(t, func() { governance.NewSettings(stack, jsii.String("Settings"), nil) }),
					"Test/Settings: DeploymentRoleARN: got nothing, and the stack's synthesizer names no execution role; expected the ARN of the role that CloudFormation works with; fix: set DeploymentRoleARN")
				governance.NewSettings(stack, jsii.String("Told"), &governance.SettingsProps{DeploymentRoleARN: jsii.String("arn:aws:iam::111111111111:role/deployer")})
				return
			}
			governance.NewSettings(stack, jsii.String("Settings"), nil)
			cdktest.Of(t, stack).One(t, "AWS::LakeFormation::DataLakeSettings", "Settings").Want(t, map[string]string{
				"Admins": `[{"DataLakePrincipalIdentifier":` + test.want + `}]`,
			})
		})
	}
}

// Stages without a fixed environment may be deployed with two profiles.
func TestSettingsOfStagesWithoutEnvironment(t *testing.T) {
	app := awscdk.NewApp(nil)
	for _, name := range []string{"Beta", "Prod"} {
		stage := awscdk.NewStage(app, jsii.String(name), nil)
		governance.NewSettings(awscdk.NewStack(stage, jsii.String("Foundation"), nil), jsii.String("Settings"), nil)
		other := awscdk.NewStack(stage, jsii.String("Other"), nil)
		cdktest.Same(t, cdktest.Panic(t, func() { governance.NewSettings(other, jsii.String("Settings"), nil) }),
			name+"/Other/Settings: Settings: got a second one for aws://unknown-account/unknown-region; expected one per account and region; fix: use the one at "+name+"/Foundation/Settings")
	}
	app.Synth(nil)
}
