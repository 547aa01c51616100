package crawler_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// A crawler of a lake with generated names, started by S3's events and by a state
// machine of the app's own.
func ExampleNewCrawler() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Claims"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: lake.Raw().BucketArn(), Key: lake.Key()})

	claims := crawler.NewCrawler(stack, jsii.String("Crawler"), &crawler.CrawlerProps{
		Database:  catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("lab_raw")}),
		S3:        []crawler.S3Target{{Bucket: lake.Raw(), Prefix: jsii.String("claims/")}},
		Events:    &crawler.Events{},
		Locations: []governance.ILocation{location},
	})

	// What it makes is reached by accessors, and granted to whatever the CDK grants to.
	claims.Alarms().AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String("on-call@example.org"), nil))
	operator := awsiam.NewRole(stack, jsii.String("Operator"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil),
	})
	claims.GrantStart(operator)

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::SQS::Queue"), nil)), "queues")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::LakeFormation::PrincipalPermissions"), nil)), "grants")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::Lambda::Function"), nil)), "functions")
	// Output:
	// 2 queues
	// 3 grants
	// 0 functions
}
