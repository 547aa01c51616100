package governance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// twoStacks are a stack that makes a role and one that makes a database.
func twoStacks() (people, data awscdk.Stack, role awsiam.Role, database *catalog.Database) {
	people = cdktest.Stack()
	data = beside(people, "Data", cdktest.Account, cdktest.Region)
	role = glueRole(people, "Job", nil)
	database = catalog.NewDatabase(data, jsii.String("Db"), &catalog.DatabaseProps{Name: jsii.String("lab")})
	return people, data, role, database
}

func waitsFor(stack, other awscdk.Stack) bool {
	return slices.ContainsFunc(*stack.Dependencies(), func(s awscdk.Stack) bool { return *s.Node().Path() == *other.Node().Path() })
}

// A grant stands where the role is made, unless that closes a circle; the order of
// calls does not matter, and neither does whether the program says which stack
// waits for which or only refers to it.
func TestGrantStandsOnTheGranteesSide(t *testing.T) {
	for name, test := range map[string]struct {
		relate   func(people, data awscdk.Stack, role awsiam.Role)
		withData bool
	}{
		"unrelated":            {func(_, _ awscdk.Stack, _ awsiam.Role) {}, false},
		"people wait for data": {func(people, data awscdk.Stack, _ awsiam.Role) { people.AddStackDependency(data, nil) }, false},
		"people refer to data": {func(_, data awscdk.Stack, role awsiam.Role) {
			awss3.NewBucket(data, jsii.String("Files"), nil).GrantRead(role, nil)
		}, false},
		"data waits for people": {func(people, data awscdk.Stack, _ awsiam.Role) { data.AddStackDependency(people, nil) }, true},
		"data refers to people": {func(_, data awscdk.Stack, role awsiam.Role) {
			awskms.NewKey(data, jsii.String("Key"), nil).AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Principals: &[]awsiam.IPrincipal{role}, Actions: jsii.Strings("kms:Decrypt"), Resources: jsii.Strings("*"),
			}), nil)
		}, true},
	} {
		for _, grantFirst := range []bool{true, false} {
			t.Run(fmt.Sprint(name, grantFirst), func(t *testing.T) {
				people, data, role, database := twoStacks()
				if !grantFirst {
					test.relate(people, data, role)
				}
				database.GrantCreateTable(governance.RolePrincipal(role))
				database.GrantDescribe(governance.PrincipalOf(analyst))
				if grantFirst {
					test.relate(people, data, role)
				}
				inPeople, inData := cdktest.Of(t, people).Type(grantType), cdktest.Of(t, data).Type(grantType)
				wanted := map[bool]int{true: 2, false: 1}[test.withData]
				if len(inData) != wanted || len(inPeople) != 2-wanted {
					t.Fatalf("%d grants with the data and %d with the role", len(inData), len(inPeople))
				}
				if test.withData {
					checkChain(t, cdktest.Of(t, data), 2)
					if !waitsFor(data, people) || waitsFor(people, data) {
						t.Error("the data does not wait for the role, or not only that")
					}
				} else if waitsFor(data, people) || !waitsFor(people, data) {
					t.Error("the role's stack does not wait for the database, or not only that")
				}
			})
		}
	}
}

// Two roles that each read what the other's stack makes are no circle.
func TestGrantsCrosswise(t *testing.T) {
	people, data, role, database := twoStacks()
	other := glueRole(data, "Other", nil)
	own := catalog.NewDatabase(people, jsii.String("Own"), &catalog.DatabaseProps{Name: jsii.String("own")})
	database.GrantDescribe(governance.RolePrincipal(role))
	own.GrantDescribe(governance.RolePrincipal(other))
	if n := len(cdktest.Of(t, people).Type(grantType)) + len(cdktest.Of(t, data).Type(grantType)); n != 2 {
		t.Errorf("%d grants", n)
	}
	if waitsFor(people, data) == waitsFor(data, people) {
		t.Error("the stacks wait for each other, or none for the other")
	}
}

func TestWhatWaitsForAGrantThatWouldMoveIsNamed(t *testing.T) {
	people, data, role, database := twoStacks()
	later := awss3.NewBucket(people, jsii.String("Later"), nil)
	database.GrantDescribe(governance.RolePrincipal(role)).ApplyBefore(later)
	awskms.NewKey(data, jsii.String("Key"), nil).AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{role}, Actions: jsii.Strings("kms:Decrypt"), Resources: jsii.Strings("*"),
	}), nil)
	refused(t, people, "[Test/LakeFormationGrants] got a grant to Test/Job on Database lab that Test waits for, while Data refers to Test; expected one direction; "+
		"fix: call AddStackDependency on Data with Test, and let what waits for the grant stand there")
}

// The CDK's own grants look at which stacks wait for which: a grant of Lake
// Formation changes nothing about that before the app is synthesized.
func TestGrantsOfKeysDoNotNoticePermissions(t *testing.T) {
	people, data, role, database := twoStacks()
	database.GrantDescribe(governance.RolePrincipal(role))
	if waitsFor(people, data) || waitsFor(data, people) {
		t.Error("a stack waits for another because of a grant, before the app is synthesized")
	}
	if cdktest.Of(t, people); !waitsFor(people, data) {
		t.Error("the role's stack does not wait for the database")
	}
}

// One principal that is reached in several ways is granted to once, and the name
// is kept that makes CloudFormation wait for the role.
func TestOnePrincipalReachedTwice(t *testing.T) {
	const named = "arn:aws:iam::111111111111:role/service/Job"
	templates := map[string]bool{}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}} {
		stack := cdktest.Stack()
		role := awsiam.NewRole(stack, jsii.String("Job"), &awsiam.RoleProps{
			RoleName: jsii.String("Job"), Path: jsii.String("/service/"), AssumedBy: awsiam.NewAccountRootPrincipal(),
		})
		imported := awsiam.Role_FromRoleName(stack, jsii.String("Imported"), jsii.String("service/Job"), nil)
		ways := []governance.Principal{
			governance.RolePrincipal(role), governance.PrincipalOf(named), governance.PrincipalFrom(imported),
			governance.PrincipalOf("arn:" + *awscdk.Aws_PARTITION() + ":iam::" + *awscdk.Aws_ACCOUNT_ID() + ":role/service/Job"),
		}
		grants := governance.PermissionsOf(stack)
		for _, i := range order {
			grants.Grant(ways[i], lakeformation.Database("lab"), describe(), nil)
		}
		template := cdktest.Of(t, stack)
		template.One(t, grantType, "LakeFormationGrantsJobDatabase").Want(t, map[string]string{
			"Principal": `{"DataLakePrincipalIdentifier":` + arn(template.One(t, roleType, "Job")) + `}`,
		})
		templates[template.JSON] = true
	}
	if len(templates) != 1 {
		t.Error("the order of calls shows")
	}
}

// An id says what a thing is: it stays the same in another stage, under another
// name of the stage, and whatever tokens were made before.
func TestIDsOfTokensAreStable(t *testing.T) {
	ids := func(stage string, noise int) []string {
		var scope awscdk.Stage = awscdk.NewApp(nil)
		if stage != "" {
			scope = awscdk.NewStage(scope, jsii.String(stage), nil)
		}
		stack := awscdk.NewStack(scope, jsii.String("Lab"), nil)
		for range noise {
			awscdk.Token_AsString(map[string]any{"Ref": "Other"}, nil)
		}
		bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
		parameter := awscdk.NewCfnParameter(stack, jsii.String("Who"), nil)
		grants := governance.PermissionsOf(stack)
		for _, principal := range []governance.Principal{
			governance.RolePrincipal(glueRole(stack, "Job", nil)),
			governance.PrincipalFrom(awsiam.NewUser(stack, jsii.String("Jo"), nil)),
			governance.PrincipalOf(*parameter.ValueAsString()),
			governance.PrincipalOf(*awscdk.Fn_ImportValue(jsii.String("Analyst"))),
			governance.PrincipalOf("arn:aws:iam::" + *awscdk.Aws_ACCOUNT_ID() + ":role/Analyst"),
			governance.PrincipalFrom(awsiam.NewAccountRootPrincipal()),
		} {
			grants.Grant(principal, lakeformation.Location(*bucket.BucketArn()+"/raw"), []lakeformation.Permission{lakeformation.DataLocationAccess}, nil)
			grants.Grant(principal, lakeformation.Database(*awscdk.Fn_ImportValue(jsii.String("Database"))), describe(), nil)
		}
		var out []string
		for _, r := range cdktest.Of(t, stack).Type(grantType) {
			out = append(out, r.ID)
		}
		return out
	}
	first := ids("", 0)
	if len(first) != 12 {
		t.Fatalf("%d grants: %v", len(first), first)
	}
	for _, stage := range []string{"", "Beta", "Gamma"} {
		if got := ids(stage, 17); !slices.Equal(got, first) {
			t.Errorf("in stage %q:\n%v\nwant\n%v", stage, got, first)
		}
	}
}

// Two stages in one environment make roles of one place: they are not one role.
func TestStagesHaveRolesOfTheirOwn(t *testing.T) {
	app := awscdk.NewApp(nil)
	env := &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)}
	for _, name := range []string{"Beta", "Gamma"} {
		stack := awscdk.NewStack(awscdk.NewStage(app, jsii.String(name), nil), jsii.String("Lab"), &awscdk.StackProps{Env: env})
		governance.PermissionsOf(stack).Grant(governance.RolePrincipal(glueRole(stack, "Job", nil)), lakeformation.Database("lab"), describe(), nil)
	}
	app.Synth(nil)
}

// A grant costs as many calls of the CDK in a large stack as in a small one.
func TestGrantsAreLinear(t *testing.T) {
	edges := func(tables int) (grants, waits int) {
		stack := cdktest.Stack()
		governance.NewSettings(stack, jsii.String("Settings"), nil)
		for i := range tables {
			name := fmt.Sprintf("t%03d", i)
			for _, reader := range []string{analyst, writer} {
				governance.PermissionsOf(stack).Grant(governance.PrincipalOf(reader), lakeformation.Table("lab", name), reads(), nil)
			}
		}
		template := cdktest.Of(t, stack)
		for _, g := range template.Type(grantType) {
			grants++
			waits += len(g.DependsOn)
		}
		return grants, waits
	}
	for _, n := range []int{5, 50} {
		if grants, waits := edges(n); grants != 2*n || waits != grants {
			t.Errorf("%d tables: %d grants wait for %d things, want each for one", n, grants, waits)
		}
	}
}

// A stack that waits for another by its node, as Node().AddDependency says it, keeps
// its grants: the other one must not refer to what is granted.
func TestGrantStaysInAStackThatWaitsByItsNode(t *testing.T) {
	roles := cdktest.Stack()
	lake, places := beside(roles, "Lake", cdktest.Account, cdktest.Region), beside(roles, "Places", cdktest.Account, cdktest.Region)
	lake.Node().AddDependency(roles)
	places.Node().AddDependency(lake)
	bucket := awss3.NewBucket(lake, jsii.String("Bucket"), nil)
	job := awsiam.NewRole(roles, jsii.String("Job"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)})
	governance.NewLocation(places, jsii.String("Place"), &governance.LocationProps{ARN: bucket.BucketArn()}).GrantAccess(governance.RolePrincipal(job))
	if n := len(cdktest.Of(t, places).Type(grantType)); n != 1 {
		t.Errorf("%d grants stand beside the location", n)
	}
}
