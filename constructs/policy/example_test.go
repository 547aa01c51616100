package policy_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/policy"
)

// One line holds an app to the rules; one resource breaks a rule on purpose.
func ExampleUse() {
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false)})
	policy.Use(app)

	stack := awscdk.NewStack(app, jsii.String("Lake"), nil)
	raw := awslakeformation.NewCfnResource(stack, jsii.String("Raw"), &awslakeformation.CfnResourceProps{
		ResourceArn:          jsii.String("arn:aws:s3:::riverside-raw"),
		RoleArn:              jsii.String("arn:aws:iam::111111111111:role/Location"),
		UseServiceLinkedRole: jsii.Bool(false),
		HybridAccessEnabled:  jsii.Bool(true),
	})
	policy.Acknowledge(raw, policy.Acknowledgement{
		Rule:   "LakeMesh.LF43",
		Reason: "The old readers of this bucket keep IAM access until they have moved, at the end of June.",
	})

	app.Synth(nil)
	fmt.Println("synthesized")
	// Output: synthesized
}
