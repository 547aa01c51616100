package crawler_test

import (
	"path/filepath"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/schedule"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/golden"
)

// variants are the apps that snapshots, cfn-lint and cdk-nag see.
var variants = map[string]func(lake) *crawler.CrawlerProps{
	"events": func(l lake) *crawler.CrawlerProps {
		p := l.props()
		p.Events = &crawler.Events{MaxReceiveCount: jsii.Number(5), RetentionDays: jsii.Number(7)}
		p.Every, p.CombineSchemas, p.TableLevel = schedule.Daily, jsii.Bool(true), jsii.Number(2)
		for _, grok := range []*crawler.Grok{crawler.ClaimLines(), crawler.X12Segments()} {
			p.Classifiers = append(p.Classifiers, crawler.NewClassifier(l.stack, grok.Classification, &crawler.ClassifierProps{Grok: grok}))
		}
		return p
	},
	"scheduled": func(l lake) *crawler.CrawlerProps {
		p := l.props()
		p.Name, p.Description, p.TablePrefix = jsii.String("riverside-claims"), jsii.String("Finds the tables of claims"), jsii.String("raw_")
		p.Schedule, p.Recrawl = jsii.String("cron(15 4 ? * MON-FRI *)"), crawler.NewFolders
		p.S3[0].Exclusions, p.S3[0].SampleSize = []string{"**/_temporary/**"}, jsii.Number(10)
		p.InheritFromTable, p.TableThreshold = jsii.Bool(true), jsii.Number(50)
		return p
	},
	"catalog": func(l lake) *crawler.CrawlerProps {
		p := l.props()
		p.Database, p.S3, p.Catalog = nil, nil, []catalog.ITable{l.table("claims")}
		return p
	},
	"own": func(l lake) *crawler.CrawlerProps {
		p := l.own()
		p.S3 = []crawler.S3Target{{Bucket: l.bucket, Prefix: jsii.String("claims/")}}
		p.Iceberg = []crawler.IcebergTarget{{Bucket: l.bucket, Prefix: jsii.String("iceberg/"), MaximumDepth: jsii.Number(4)}}
		p.Delta = []crawler.DeltaTarget{{Bucket: l.bucket, Prefix: jsii.String("delta/visits/")}}
		p.JDBC = []crawler.JDBCTarget{{Connection: jsii.String("ehr"), Path: jsii.String("clinic/public/%")}}
		p.DeleteBehavior, p.MergeNewColumns = crawler.DropTable, jsii.Bool(true)
		return p
	},
}

func TestSnapshots(t *testing.T) {
	for name, props := range variants {
		t.Run(name, func(t *testing.T) {
			l := newLake(cdktest.Stack())
			crawler.NewCrawler(l.stack, jsii.String("Claims"), props(l))
			golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(cdktest.Of(t, l.stack).JSON+"\n"))
		})
	}
}
