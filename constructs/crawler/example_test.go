package crawler_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
)

func ExampleNewCrawler() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Claims"), nil)
	raw := awss3.NewBucket(stack, jsii.String("Raw"), &awss3.BucketProps{BucketName: jsii.String("riverside-raw")})
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::riverside-raw")})

	crawler.NewCrawler(stack, jsii.String("Crawler"), &crawler.CrawlerProps{
		Database:  jsii.String("riverside_raw"),
		S3:        []crawler.S3Target{{Bucket: raw, Prefix: "claims/"}},
		Events:    &crawler.Events{},
		Grants:    governance.NewPermissions(stack, jsii.String("Grants")),
		Locations: []*governance.Location{location},
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
