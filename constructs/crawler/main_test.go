package crawler_test

import (
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

const (
	crawlerType = "AWS::Glue::Crawler"
	queueType   = "AWS::SQS::Queue"
	bucketType  = "AWS::S3::Bucket"
	keyType     = "AWS::KMS::Key"
	policyType  = "AWS::IAM::ManagedPolicy"
	grantType   = "AWS::LakeFormation::PrincipalPermissions"
)

// lake is what a crawler needs around it.
type lake struct {
	stack    awscdk.Stack
	bucket   awss3.Bucket
	grants   *governance.Permissions
	location *governance.Location
	database catalog.IDatabase
}

func newLake(stack awscdk.Stack) lake {
	bucket := awss3.NewBucket(stack, jsii.String("Raw"), &awss3.BucketProps{BucketName: jsii.String("riverside-raw")})
	return lake{
		stack:  stack,
		bucket: bucket,
		grants: governance.NewPermissions(stack, jsii.String("Grants")),
		location: governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{
			ARN: jsii.String("arn:aws:s3:::riverside-raw"),
		}),
		database: catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("riverside_raw")),
	}
}

// table is a table of the lake that something else made.
func (l lake) table(name string) catalog.ITable {
	return catalog.TableFromAttributes(l.stack, jsii.String("Table-"+name), &catalog.TableAttributes{Database: l.database, TableName: jsii.String(name)})
}

// props crawl the claims of the lake.
func (l lake) props() *crawler.CrawlerProps {
	return &crawler.CrawlerProps{
		Database:    l.database,
		S3:          []crawler.S3Target{{Bucket: l.bucket, Prefix: jsii.String("claims/")}},
		Permissions: l.grants,
		Locations:   []governance.ILocation{l.location},
	}
}

// own are props without Lake Formation credentials.
func (l lake) own() *crawler.CrawlerProps {
	return &crawler.CrawlerProps{Database: l.database, DisableLakeFormationCredentials: jsii.Bool(true)}
}

// of synthesizes a lake with one crawler, changed as asked.
func of(t *testing.T, change func(l lake, p *crawler.CrawlerProps)) cdktest.Template {
	t.Helper()
	l := newLake(cdktest.Stack())
	p := l.props()
	change(l, p)
	crawler.NewCrawler(l.stack, jsii.String("Claims"), p)
	return cdktest.Of(t, l.stack)
}

func arn(r cdktest.Resource) string { return `{"Fn::GetAtt":["` + r.ID + `","Arn"]}` }
