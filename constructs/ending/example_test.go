package ending_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func ExampleNewWorkflow() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Trials"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-east-1")},
	})
	role := ending.NewRole(stack, jsii.String("EndingRole"), jsii.String("trials-ended-access"))
	settings := governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{
		Admins: []string{"arn:aws:iam::111111111111:role/trials-ended-access"},
	})
	settings.Node().AddDependency(role)

	grants := lakeformation.GrantTo("arn:aws:iam::111111111111:role/Analyst", lakeformation.ReadTable("trials", "visits")...)
	permissions := governance.NewPermissions(stack, jsii.String("Grants"))
	var ends []ending.Grant
	for _, g := range grants {
		permissions.Grant(governance.PrincipalOf(g.Principal), g.Resource, g.Permissions, nil)
		ends = append(ends, ending.Grant{Grant: g, Needs: []string{"trial-7"}})
	}
	workflow := ending.NewWorkflow(stack, jsii.String("Ending"), &ending.WorkflowProps{
		Subscriptions: []ending.Subscription{{Name: "trial-7", LastDay: "2027-06-30"}},
		Grants:        ends,
		Role:          role,
		Key:           awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)}),
	})

	fmt.Println(*workflow.Cfn().StateMachineType())
	// Output:
	// STANDARD
}
