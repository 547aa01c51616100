package crawler_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewCrawler() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Claims"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: lake.Raw().BucketArn(), Key: lake.Key()})

	crawler.NewCrawler(stack, jsii.String("Crawler"), &crawler.CrawlerProps{
		Database:  catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("lab_raw")}),
		S3:        []crawler.S3Target{{Bucket: lake.Raw(), Prefix: jsii.String("claims/")}},
		Events:    &crawler.Events{},
		Locations: []governance.ILocation{location},
	})

	template := assertions.Template_FromStack(stack, nil)
	fmt.Println(len(*template.FindResources(jsii.String("AWS::SQS::Queue"), nil)), "queues")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::LakeFormation::PrincipalPermissions"), nil)), "grants")
	fmt.Println(len(*template.FindResources(jsii.String("AWS::Lambda::Function"), nil)), "functions")
	// Output:
	// 2 queues
	// 3 grants
	// 0 functions
}
