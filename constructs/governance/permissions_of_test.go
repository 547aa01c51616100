package governance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// beside is another stack of the app.
func beside(stack awscdk.Stack, id, account, region string) awscdk.Stack {
	return awscdk.NewStack(awscdk.Stage_Of(stack), jsii.String(id), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
	})
}

func describe() []lakeformation.Permission {
	return []lakeformation.Permission{lakeformation.Describe}
}

func TestPermissionsOfAStackAreOne(t *testing.T) {
	stack := cdktest.Stack()
	below := constructs.NewConstruct(stack, jsii.String("Below"))
	made := governance.PermissionsOf(below)
	if governance.PermissionsOf(stack) != made || *made.Node().Path() != "Test/LakeFormationGrants" {
		t.Errorf("other Permissions than %s", *made.Node().Path())
	}
	other := beside(stack, "Other", cdktest.Account, cdktest.Region)
	own := governance.NewPermissions(constructs.NewConstruct(other, jsii.String("Deep")), jsii.String("Grants"))
	if governance.PermissionsOf(other) != own || own == made {
		t.Error("the Permissions that NewPermissions made are not found")
	}
	nested := awscdk.NewNestedStack(other, jsii.String("Nested"), nil)
	if governance.PermissionsOf(nested) == own {
		t.Error("a nested stack shares the Permissions of its parent")
	}
}

func TestSecondPermissionsAreRefused(t *testing.T) {
	stack := cdktest.Stack()
	governance.NewPermissions(stack, jsii.String("Grants"))
	cdktest.Same(t, cdktest.Panic(t, func() { governance.NewPermissions(stack, jsii.String("More")) }),
		"Test/More: Permissions: got a second Permissions in the stack Test; expected one per stack, as grants of two do not wait for each other; "+
			"fix: use the one at Test/Grants, which PermissionsOf returns")
}

// refused synthesizes the app of a stack and expects an error with the text.
func refused(t *testing.T, stack awscdk.Stack, text string) {
	t.Helper()
	got := cdktest.Panic(t, func() { awscdk.App_Of(stack).Synth(nil) })
	if !strings.Contains(got, text) {
		t.Errorf("got:\n%s\nwant in it:\n%s", got, text)
	}
}

func TestGrantsToAdministratorsAreRefused(t *testing.T) {
	deployment := "arn:aws:iam::" + cdktest.Account + ":role/cdk-hnb659fds-cfn-exec-role-" + cdktest.Account + "-" + cdktest.Region
	for _, principal := range []string{writer, deployment} {
		for _, settingsFirst := range []bool{true, false} {
			foundation := cdktest.Stack()
			stack := beside(foundation, "Domain", cdktest.Account, cdktest.Region)
			settings := func() {
				governance.NewSettings(foundation, jsii.String("Settings"), &governance.SettingsProps{Admins: []string{writer}})
			}
			if settingsFirst {
				settings()
			}
			governance.PermissionsOf(stack).Grant(governance.PrincipalOf(principal), lakeformation.Database("lab"), describe(), nil)
			if !settingsFirst {
				settings()
			}
			refused(t, stack, "[Domain/LakeFormationGrants] got a grant to "+principal+" on Database lab; expected a principal that does not administer Lake Formation")
		}
	}
}

func TestAdministratorsOfElsewhereMayBeGranted(t *testing.T) {
	foundation := cdktest.Stack()
	governance.NewSettings(foundation, jsii.String("Settings"), &governance.SettingsProps{Admins: []string{writer}})
	stack := beside(foundation, "Domain", cdktest.Account, "us-west-2")
	governance.PermissionsOf(stack).Grant(governance.PrincipalOf(writer), lakeformation.Database("lab"), describe(), nil)
	cdktest.Of(t, stack).One(t, grantType, "LakeFormationGrants")
}

func TestRoleThatAdministersIsRefused(t *testing.T) {
	stack := cdktest.Stack()
	role := awsiam.NewRole(stack, jsii.String("Admin"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{Admins: []string{*role.RoleArn()}})
	governance.PermissionsOf(stack).Grant(governance.RolePrincipal(role), lakeformation.Database("lab"), describe(), nil)
	refused(t, stack, "got a grant to Test/Admin on Database lab")
}

func TestSameGrantInTwoStacksIsRefused(t *testing.T) {
	stack := cdktest.Stack()
	for _, s := range []awscdk.Stack{stack, beside(stack, "Other", cdktest.Account, cdktest.Region)} {
		governance.PermissionsOf(s).Grant(governance.PrincipalOf(analyst), lakeformation.Database("lab"), describe(), nil)
	}
	governance.PermissionsOf(beside(stack, "Elsewhere", partner, cdktest.Region)).Grant(governance.PrincipalOf(analyst), lakeformation.Database("lab"), describe(), nil)
	got := cdktest.Panic(t, func() { awscdk.App_Of(stack).Synth(nil) })
	if !strings.Contains(got, "[Other/LakeFormationGrants] got a grant to "+analyst+" on Database lab that Test/LakeFormationGrants has as well; expected one grant per principal and resource") ||
		strings.Contains(got, "Elsewhere") {
		t.Error(got)
	}
}

func TestTokensOfOtherAccountsAreRefused(t *testing.T) {
	here := cdktest.Stack()
	there := beside(here, "There", partner, cdktest.Region)
	role := awsiam.NewRole(there, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	bucket := awss3.NewBucket(there, jsii.String("Bucket"), nil)
	grants := governance.PermissionsOf(here)
	const expected = "which only its deployment in aws://222222222222/us-east-1 knows; expected a plain string in aws://111111111111/us-east-1; " +
		"fix: give the resource a fixed name and write its ARN out"
	for value, call := range map[string]func(){
		"Principal: got a value of There/Reader, ": func() {
			grants.Grant(governance.RolePrincipal(role), lakeformation.Database("lab"), describe(), nil)
		},
		"Principal: got a value of There/Reader,  ": func() {
			grants.Grant(governance.PrincipalOf(*role.RoleArn()), lakeformation.Database("lab"), describe(), nil)
		},
		"Resource: got a value of There/Bucket, ": func() {
			grants.Grant(governance.PrincipalOf(analyst), lakeformation.Location(*bucket.BucketArn()), []lakeformation.Permission{lakeformation.DataLocationAccess}, nil)
		},
	} {
		cdktest.Same(t, cdktest.Panic(t, call), "Test/LakeFormationGrants: "+strings.TrimRight(value, " ")+" "+expected)
	}
	if text := cdktest.Panic(t, func() {
		governance.NewLocation(here, jsii.String("Place"), &governance.LocationProps{ARN: bucket.BucketArn()})
	}); !strings.Contains(text, "a value of There/Bucket, which only") {
		t.Error(text)
	}
	if n := len(grants.Grants()); n != 0 {
		t.Errorf("%d refused grants are in the Permissions", n)
	}
}

func TestLocationGrantsAccessToWhatIsRegistered(t *testing.T) {
	stack := cdktest.Stack()
	location := governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab/results/")})
	location.GrantAccess(governance.PrincipalOf(writer))
	template := cdktest.Of(t, stack)
	grant := template.One(t, grantType, "LakeFormationGrants")
	grant.Want(t, map[string]string{
		"Permissions": `["DATA_LOCATION_ACCESS"]`,
		"Resource":    `{"DataLocation":{"CatalogId":"111111111111","ResourceArn":"arn:aws:s3:::lab/results/"}}`,
		"Principal":   `{"DataLakePrincipalIdentifier":"` + writer + `"}`,
	})
	registration := template.One(t, registrationType, "Place")
	dependsOn(t, grant, registration.ID)
	dependsOn(t, registration, template.One(t, managedPolicyType, "Place").ID)
}

func TestOverlappingLocationsAreRefused(t *testing.T) {
	stack := cdktest.Stack()
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	for i, arn := range []string{"arn:aws:s3:::lab/results", *bucket.BucketArn() + "/raw"} {
		governance.NewLocation(stack, jsii.String("Place"+string(rune('A'+i))), &governance.LocationProps{ARN: jsii.String(arn)})
	}
	other := beside(stack, "Other", cdktest.Account, cdktest.Region)
	for arn, first := range map[string]string{
		"arn:aws:s3:::lab":                `"arn:aws:s3:::lab/results" at Test/PlaceA`,
		"arn:aws:s3:::lab/":               `"arn:aws:s3:::lab/results" at Test/PlaceA`,
		"arn:aws:s3:::lab/results":        `"arn:aws:s3:::lab/results" at Test/PlaceA`,
		"arn:aws:s3:::lab/results/":       `"arn:aws:s3:::lab/results" at Test/PlaceA`,
		"arn:aws:s3:::lab/results/2027":   `"arn:aws:s3:::lab/results" at Test/PlaceA`,
		*bucket.BucketArn():               `/raw" at Test/PlaceB`,
		*bucket.BucketArn() + "/raw/2027": `/raw" at Test/PlaceB`,
	} {
		text := cdktest.Panic(t, func() {
			governance.NewLocation(other, jsii.String("Again"), &governance.LocationProps{ARN: jsii.String(arn)})
		})
		if !strings.Contains(text, "Other/Again: ARN: got ") || !strings.Contains(text, first+"; expected places that do not overlap, as Lake Formation registers each once") {
			t.Errorf("%s: %s", arn, text)
		}
	}
	for id, arn := range map[string]string{"Beside": "arn:aws:s3:::lab/results-2", "Bucket": "arn:aws:s3:::lab-2", "Own": *bucket.BucketArn() + "/rawer"} {
		governance.NewLocation(other, jsii.String(id), &governance.LocationProps{ARN: jsii.String(arn)})
	}
	governance.NewLocation(beside(stack, "Elsewhere", cdktest.Account, "us-west-2"), jsii.String("Place"),
		&governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab/results")})
}

// Permissions keep nothing of a synthesis: what is added before the next one is
// checked as well.
func TestEverySynthesisIsCheckedAnew(t *testing.T) {
	stack := cdktest.Stack()
	other := beside(stack, "Other", cdktest.Account, cdktest.Region)
	for i, s := range []awscdk.Stack{stack, other} {
		database := lakeformation.Database("lab" + string(rune('0'+i)))
		governance.PermissionsOf(s).Grant(governance.PrincipalOf(writer), database, describe(), nil)
	}
	app := awscdk.App_Of(stack)
	app.Synth(nil)
	governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{Admins: []string{writer}})
	text := cdktest.Panic(t, func() { app.Synth(&awscdk.StageSynthesisOptions{Force: jsii.Bool(true)}) })
	for _, place := range []string{"[Test/LakeFormationGrants]", "[Other/LakeFormationGrants]"} {
		if !strings.Contains(text, place+" got a grant to "+writer) {
			t.Errorf("nothing about %s in:\n%s", place, text)
		}
	}
}
