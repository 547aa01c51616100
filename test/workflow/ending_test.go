package workflow

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/governance"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const (
	board  = "arn:aws:iam::111111111111:role/Board"
	reader = "222222222222"
)

// endings is a deployed workflow that ends access.
type endings struct {
	*cloud
	machine string
}

// newEndings deploys the workflow of three subscriptions, of which two are of one product.
// What they need is granted by hand, as stacks of their own do.
func newEndings(t *testing.T) *endings {
	t.Helper()
	stack := newStack()
	settings := governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{
		DeploymentRoleARN: jsii.String("arn:aws:iam::" + account + ":role/Deployer"), Admins: []string{"arn:aws:iam::" + account + ":role/ended-access"},
	})
	database := awsglue.NewCfnDatabase(stack, jsii.String("Database"), &awsglue.CfnDatabaseProps{
		CatalogId: jsii.String(account), DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{Name: jsii.String("lab")},
	})
	database.AddResourceDependency(settings.Cfn(), nil)
	const labs, visits, shown = "research/lab.labs/analysts", "research/lab.visits/analysts", "research/lab.visits/board"
	ending.NewWorkflow(stack, jsii.String("Ending"), &ending.WorkflowProps{
		Subscriptions: []ending.Subscription{{Name: labs, LastDay: "2020-02-29"}, {Name: visits, LastDay: "2999-12-31"}, {Name: shown, LastDay: "2999-12-31"}},
		Grants: []ending.Grant{
			{Grant: lf.Grant{Principal: analyst, Resource: lf.Database("lab"), Permissions: []lf.Permission{lf.Describe}}, Needs: []string{labs, visits}},
			{Grant: lf.Grant{Principal: analyst, Resource: lf.Table("lab", lf.AllTables), Permissions: []lf.Permission{lf.Describe, lf.Select}}, Needs: []string{labs}},
			{Grant: lf.Grant{Principal: board, Resource: lf.Database("lab"), Permissions: []lf.Permission{lf.Describe}}, Needs: []string{shown}},
			{Grant: lf.Grant{Principal: reader, Resource: lf.Database("lab"), Permissions: []lf.Permission{lf.Describe}, Grantable: []lf.Permission{lf.Describe}}, Needs: []string{shown, visits}},
		},
		Role: ending.NewRole(stack, jsii.String("Role"), jsii.String("ended-access")),
		Key:  awskms.NewKey(stack, jsii.String("Key"), nil),
	})
	text := render(t, stack)
	e := &endings{cloud: launch(t)}
	e.deploy(t, text)
	e.machine = e.id(t, machineType, "Ending")
	e.granted(t)
	return e
}

// granted grants everything.
func (e *endings) granted(t *testing.T) {
	t.Helper()
	database := &types.Resource{Database: &types.DatabaseResource{Name: aws.String("lab")}}
	e.grant(t, analyst, database, types.PermissionDescribe)
	e.grant(t, analyst, &types.Resource{Table: &types.TableResource{DatabaseName: aws.String("lab"), TableWildcard: &types.TableWildcard{}}}, types.PermissionDescribe, types.PermissionSelect)
	e.grant(t, board, database, types.PermissionDescribe)
	_, err := e.lake(t).GrantPermissions(t.Context(), &lakeformation.GrantPermissionsInput{
		Principal: holder(reader), Resource: database, Permissions: []types.Permission{types.PermissionDescribe}, PermissionsWithGrantOption: []types.Permission{types.PermissionDescribe},
	})
	must(t, err)
}

// What is left when the first subscription has ended, and at first.
var (
	withoutLabs = []string{reader + `: 111111111111/lab["DESCRIBE"]`, analyst + `: 111111111111/lab["DESCRIBE"]`, board + `: 111111111111/lab["DESCRIBE"]`}
	everything  = slices.Insert(slices.Clone(withoutLabs), 1, analyst+`: 111111111111/lab/*["DESCRIBE","SELECT"]`)
)

// left compares what is granted.
func (e *endings) left(t *testing.T, want ...string) {
	t.Helper()
	if got := e.grants(t, ""); !slices.Equal(got, want) {
		t.Errorf("granted: %q\nwant: %q", got, want)
	}
}

// report is what an execution says at its end.
func (e *endings) report(t *testing.T, of execution) (out struct {
	Ended                 []string
	Revoked, Gone, Failed int
}) {
	t.Helper()
	var shown struct {
		Output string `json:"output"`
	}
	e.call(t, "states", "AWSStepFunctions.DescribeExecution", object{"executionArn": of.ARN}, &shown)
	must(t, json.Unmarshal([]byte(shown.Output), &out))
	return out
}

func TestAccessEnds(t *testing.T) {
	e := newEndings(t)
	e.left(t, everything...)

	// Lake Formation is busy at first. What another subscription needs stays.
	e.script(t, object{"operation": "RevokePermissions", "error": "ConcurrentModificationException", "times": 3}, object{"operation": "RevokePermissions", "error": "ThrottledException", "times": 4})
	nightly := object{"source": "aws.events", "detail-type": "Scheduled Event", "resources": []string{}, "detail": object{}}
	first := e.start(t, e.machine, nightly)
	e.ended(t, first, "SUCCEEDED", "")
	if got := e.report(t, first); !slices.Equal(got.Ended, []string{"research/lab.labs/analysts"}) || got.Revoked != 2 || got.Gone+got.Failed > 0 {
		t.Errorf("%+v", got)
	}
	e.left(t, withoutLabs...)

	// An event that comes twice, while the first one is worked on.
	e.granted(t)
	var twice [2]execution
	for i := range twice {
		e.call(t, "states", "AWSStepFunctions.StartExecution", object{"stateMachineArn": e.machine, "input": "{}"}, &twice[i])
	}
	sum := 0
	for _, again := range twice {
		e.ended(t, e.await(t, again), "SUCCEEDED", "")
		got := e.report(t, again)
		sum += got.Revoked
		if got.Revoked+got.Gone != 2 {
			t.Errorf("%+v", got)
		}
	}
	if sum != 2 {
		t.Errorf("two executions revoked %d permissions", sum)
	}
	e.left(t, withoutLabs...)

	// A permission that is gone does not keep the other.
	e.granted(t)
	_, err := e.lake(t).RevokePermissions(t.Context(), &lakeformation.RevokePermissionsInput{
		Principal: holder(analyst), Permissions: []types.Permission{types.PermissionDescribe},
		Resource: &types.Resource{Table: &types.TableResource{DatabaseName: aws.String("lab"), TableWildcard: &types.TableWildcard{}}},
	})
	must(t, err)
	e.ended(t, e.start(t, e.machine, object{}), "SUCCEEDED", "")
	e.left(t, withoutLabs...)

	// What cannot be seen is gone; what IAM denies is not, and does not keep the rest.
	e.granted(t)
	e.script(t, object{"operation": "RevokePermissions", "error": "AccessDeniedException", "message": "Resource does not exist or requester is not authorized to access requested permissions."})
	e.ended(t, e.start(t, e.machine, object{}), "SUCCEEDED", "")
	e.script(t, object{"operation": "RevokePermissions", "error": "AccessDeniedException", "message": "User: role is not authorized to perform: lakeformation:RevokePermissions"})
	e.ended(t, e.start(t, e.machine, object{}), "FAILED", ending.StillGranted)
	e.granted(t)
	e.script(t, object{"operation": "RevokePermissions", "error": "InternalServiceException", "times": 21})
	e.ended(t, e.start(t, e.machine, object{}), "FAILED", ending.StillGranted)
	if left := e.grants(t, analyst); len(left) != 2 {
		t.Errorf("one call failed, and %q is left", left)
	}
	e.ended(t, e.start(t, e.machine, object{}), "SUCCEEDED", "")
	e.left(t, withoutLabs...)

	t.Run("at once", e.testAtOnce)
	t.Run("no administrator", e.testNoAdministrator)
}

// One subscription is ended at once, or all that a domain has of a product.
func (e *endings) testAtOnce(t *testing.T) {
	e.ended(t, e.start(t, e.machine, object{"subscriptions": []string{"research/lab.visits/analysts", "research/lab.vis"}}), "FAILED", ending.UnknownSubscription)
	e.left(t, withoutLabs...)

	e.ended(t, e.start(t, e.machine, object{"subscriptions": []string{"research/lab.visits/analysts"}}), "SUCCEEDED", "")
	e.left(t, withoutLabs[0], withoutLabs[2]) // the account needs what the board reads
	e.ended(t, e.start(t, e.machine, object{}), "SUCCEEDED", "")
	e.left(t, withoutLabs[0], withoutLabs[2])
	e.ended(t, e.start(t, e.machine, object{"subscriptions": []string{"research/lab.visits"}}), "SUCCEEDED", "")
	e.left(t)
	again := e.start(t, e.machine, object{"subscriptions": "research"})
	e.ended(t, again, "SUCCEEDED", "")
	if got := e.report(t, again); len(got.Ended) != 3 || got.Gone != 5 || got.Revoked+got.Failed > 0 {
		t.Errorf("%+v", got)
	}
}

// Without its place among the administrators the workflow says so and calls nothing.
func (e *endings) testNoAdministrator(t *testing.T) {
	e.granted(t)
	_, err := e.lake(t).PutDataLakeSettings(t.Context(), &lakeformation.PutDataLakeSettingsInput{DataLakeSettings: &types.DataLakeSettings{}})
	must(t, err)
	failed := e.start(t, e.machine, object{})
	e.ended(t, failed, "FAILED", ending.NotAdministrator)
	if !strings.Contains(failed.Cause, "deploy the settings") {
		t.Error(failed.Cause)
	}
	e.left(t, everything...)
}
