package crawler_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/schedule"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func changed(change func(l lake, p *crawler.CrawlerProps)) func(lake) *crawler.CrawlerProps {
	return func(l lake) *crawler.CrawlerProps {
		p := l.props()
		change(l, p)
		return p
	}
}

// wrong are props with one mistake each, by what the panic says.
var wrong = map[string]func(lake) *crawler.CrawlerProps{
	"S3: got no target of any kind":    changed(func(_ lake, p *crawler.CrawlerProps) { p.S3 = nil }),
	"Database: got nothing":            changed(func(_ lake, p *crawler.CrawlerProps) { p.Database = nil }),
	"Database: got nothing; expected":  changed(func(_ lake, p *crawler.CrawlerProps) { p.Database = (*catalog.Database)(nil) }),
	"After[0]: got nothing":            changed(func(_ lake, p *crawler.CrawlerProps) { p.After = []awscdk.CfnResource{nil} }),
	"Name: got \"a b\"":                changed(func(_ lake, p *crawler.CrawlerProps) { p.Name = jsii.String("a b") }),
	"Description: got 2049 characters": changed(func(_ lake, p *crawler.CrawlerProps) { p.Description = jsii.String(strings.Repeat("x", 2049)) }),
	"TablePrefix: got \"A-\"":          changed(func(_ lake, p *crawler.CrawlerProps) { p.TablePrefix = jsii.String("A-") }),
	"S3[0].Bucket: got nothing":        changed(func(_ lake, p *crawler.CrawlerProps) { p.S3[0].Bucket = nil }),
	"S3[0].Prefix: got \"claims\"":     changed(func(_ lake, p *crawler.CrawlerProps) { p.S3[0].Prefix = jsii.String("claims") }),
	"S3[0].Prefix: got \"/claims/\"":   changed(func(_ lake, p *crawler.CrawlerProps) { p.S3[0].Prefix = jsii.String("/claims/") }),
	"S3[0].SampleSize: got 250":        changed(func(_ lake, p *crawler.CrawlerProps) { p.S3[0].SampleSize = jsii.Number(250) }),
	"S3[0].Exclusions[0]: got nothing": changed(func(_ lake, p *crawler.CrawlerProps) { p.S3[0].Exclusions = []string{""} }),
	"Every: got \"daily\" beside Schedule": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.Schedule, p.Every = jsii.String("cron(15 12 * * ? *)"), schedule.Daily
	}),
	"Every: got \"often\"":                     changed(func(_ lake, p *crawler.CrawlerProps) { p.Every = "often" }),
	"Schedule: got \"cron(* * * * ? *)\"":      changed(func(_ lake, p *crawler.CrawlerProps) { p.Schedule = jsii.String("cron(* * * * ? *)") }),
	"Recrawl: got \"CRAWL_EVENT_MODE\"":        changed(func(_ lake, p *crawler.CrawlerProps) { p.Recrawl = "CRAWL_EVENT_MODE" }),
	"Recrawl: got \"CRAWL_EVERYTHING\" beside": changed(func(_ lake, p *crawler.CrawlerProps) { p.Recrawl, p.Events = crawler.Everything, &crawler.Events{} }),
	"UpdateBehavior: got \"UPDATE_IN_DATABASE\" with": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.Recrawl, p.UpdateBehavior = crawler.NewFolders, crawler.UpdateTable
	}),
	"DeleteBehavior: got \"DEPRECATE_IN_DATABASE\"": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.Recrawl, p.DeleteBehavior = crawler.NewFolders, crawler.DeprecateTable
	}),
	"UpdateBehavior: got \"MAYBE\"": changed(func(_ lake, p *crawler.CrawlerProps) { p.UpdateBehavior = "MAYBE" }),
	"DeleteBehavior: got \"MAYBE\"": changed(func(_ lake, p *crawler.CrawlerProps) { p.DeleteBehavior = "MAYBE" }),
	"TableLevel: got 1.5":           changed(func(_ lake, p *crawler.CrawlerProps) { p.TableLevel = jsii.Number(1.5) }),
	"TableThreshold: got 0":         changed(func(_ lake, p *crawler.CrawlerProps) { p.TableThreshold = jsii.Number(0) }),
	"MergeNewColumns: got true with \"LOG\"": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.UpdateBehavior, p.MergeNewColumns = crawler.LogChange, jsii.Bool(true)
	}),
	"Classifiers[0]: got nothing":     changed(func(_ lake, p *crawler.CrawlerProps) { p.Classifiers = []*crawler.Classifier{nil} }),
	"Locations: got nothing":          changed(func(_ lake, p *crawler.CrawlerProps) { p.Locations = nil }),
	"LocationARNs[0]: got \"s3://x\"": changed(func(_ lake, p *crawler.CrawlerProps) { p.LocationARNs = []string{"s3://x"} }),
	"S3[0]: got prefix \"claims/\" outside": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.Locations, p.LocationARNs = nil, []string{"arn:aws:s3:::riverside-raw/labs"}
	}),
	"LocationAccount: got \"1\"": changed(func(_ lake, p *crawler.CrawlerProps) { p.LocationAccount = jsii.String("1") }),
	"LocationAccount: got an account beside": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.LocationAccount, p.DisableLakeFormationCredentials = jsii.String("222222222222"), jsii.Bool(true)
	}),
	"JDBC: got targets with Lake Formation": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.JDBC = []crawler.JDBCTarget{{Connection: jsii.String("c"), Path: jsii.String("p")}}
	}),
	"Iceberg: got targets with Lake Formation": changed(func(l lake, p *crawler.CrawlerProps) { p.Iceberg = []crawler.IcebergTarget{{Bucket: l.bucket}} }),
	"Delta[0].Prefix: got nothing":             changed(func(l lake, p *crawler.CrawlerProps) { p.Delta = []crawler.DeltaTarget{{Bucket: l.bucket}} }),
	"JDBC[0].Path: got nothing":                changed(func(_ lake, p *crawler.CrawlerProps) { p.JDBC = []crawler.JDBCTarget{{Connection: jsii.String("c")}} }),
	"Iceberg[0].MaximumDepth: got 0": changed(func(l lake, p *crawler.CrawlerProps) {
		p.Iceberg = []crawler.IcebergTarget{{Bucket: l.bucket, MaximumDepth: jsii.Number(0)}}
	}),
	"Catalog: got targets beside another kind": changed(func(l lake, p *crawler.CrawlerProps) {
		p.Catalog = []catalog.ITable{l.table("t")}
	}),
	"Catalog[1]: got more than one table": changed(func(l lake, p *crawler.CrawlerProps) {
		p.Catalog = []catalog.ITable{l.table("t"), l.table("u")}
	}),
	"Catalog[0]: got nothing": changed(func(_ lake, p *crawler.CrawlerProps) { p.Catalog = []catalog.ITable{nil} }),
	"DeleteBehavior: got \"DELETE_FROM_DATABASE\"": changed(func(l lake, p *crawler.CrawlerProps) {
		p.DeleteBehavior, p.Catalog = crawler.DropTable, []catalog.ITable{l.table("t")}
	}),
	"TablePrefix: got \"p_\" beside Catalog": changed(func(l lake, p *crawler.CrawlerProps) {
		p.TablePrefix, p.Catalog = jsii.String("p_"), []catalog.ITable{l.table("t")}
	}),
	"S3[1].Bucket: got another bucket": changed(func(l lake, p *crawler.CrawlerProps) {
		p.S3 = append(p.S3, crawler.S3Target{Bucket: awss3.NewBucket(l.stack, jsii.String("B"), nil)})
	}),
	"Events: got 2 S3 targets": changed(func(l lake, p *crawler.CrawlerProps) {
		p.Events, p.S3 = &crawler.Events{}, append(p.S3, crawler.S3Target{Bucket: l.bucket, Prefix: jsii.String("labs/")})
	}),
	"S3[0].SampleSize: got 5 in event mode": changed(func(_ lake, p *crawler.CrawlerProps) {
		p.Events, p.S3[0].SampleSize = &crawler.Events{}, jsii.Number(5)
	}),
	"Events.MaxReceiveCount: got 0": changed(func(_ lake, p *crawler.CrawlerProps) { p.Events = &crawler.Events{MaxReceiveCount: jsii.Number(0)} }),
	"Events.RetentionDays: got 15":  changed(func(_ lake, p *crawler.CrawlerProps) { p.Events = &crawler.Events{RetentionDays: jsii.Number(15)} }),
	"AlarmTopic: got a topic beside": changed(func(l lake, p *crawler.CrawlerProps) {
		p.AlarmTopic, p.DisableAlarms = awssns.NewTopic(l.stack, jsii.String("T"), nil), jsii.Bool(true)
	}),
	"Key: got Test/K": changed(func(l lake, p *crawler.CrawlerProps) {
		p.Key = awskms.Key_FromKeyArn(l.stack, jsii.String("K"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/1"))
	}),
	"Recrawl: got NewFolders": func(l lake) *crawler.CrawlerProps {
		p := l.own()
		p.Recrawl, p.Delta = crawler.NewFolders, []crawler.DeltaTarget{{Bucket: l.bucket, Prefix: jsii.String("d/")}}
		return p
	},
	"TableLevel: got 2": func(l lake) *crawler.CrawlerProps {
		p := l.own()
		p.TableLevel, p.Delta = jsii.Number(2), []crawler.DeltaTarget{{Bucket: l.bucket, Prefix: jsii.String("d/")}}
		return p
	},
}

func TestEveryMistakeIsNamed(t *testing.T) {
	for text, props := range wrong {
		l := newLake(cdktest.Stack())
		p := props(l)
		got := cdktest.Panic(t, func() { crawler.NewCrawler(l.stack, jsii.String("Claims"), p) })
		if !strings.Contains(got, text) || !strings.Contains(got, "; fix: ") || l.stack.Node().TryFindChild(jsii.String("Claims")) != nil {
			t.Errorf("got %s\nwant %s", got, text)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	got := cdktest.Panic(t, func() { crawler.NewCrawler(cdktest.Stack(), jsii.String("Claims"), nil) })
	for _, prop := range []string{"Database: ", "S3: ", "Locations: "} {
		if !strings.Contains(got, prop) {
			t.Errorf("no %s in %s", prop, got)
		}
	}
}

func TestKeyOfAnotherStack(t *testing.T) {
	l := newLake(cdktest.Stack())
	p := l.props()
	p.Key = awskms.NewKey(awscdk.NewStack(awscdk.Stage_Of(l.stack), jsii.String("Other"), nil), jsii.String("Key"), nil)
	if got := cdktest.Panic(t, func() { crawler.NewCrawler(l.stack, jsii.String("Claims"), p) }); !strings.Contains(got, "Key: got Other/Key") {
		t.Errorf("got %s", got)
	}
}
