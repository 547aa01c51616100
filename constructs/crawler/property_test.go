package crawler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/schedule"

	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// drawn are props of which some combinations are wrong.
func drawn(r *rapid.T, l lake) *crawler.CrawlerProps {
	p := l.props()
	p.Recrawl = rapid.SampledFrom([]crawler.Recrawl{"", crawler.Everything, crawler.NewFolders}).Draw(r, "recrawl")
	p.UpdateBehavior = rapid.SampledFrom([]crawler.UpdateBehavior{"", crawler.UpdateTable, crawler.LogChange}).Draw(r, "change")
	p.DeleteBehavior = rapid.SampledFrom([]crawler.DeleteBehavior{"", crawler.LogDeletion, crawler.DeprecateTable, crawler.DropTable}).Draw(r, "delete")
	p.Every = rapid.SampledFrom([]schedule.Rate{"", schedule.Hourly, schedule.Daily}).Draw(r, "every")
	p.MergeNewColumns = jsii.Bool(rapid.Bool().Draw(r, "merge"))
	p.DisableLakeFormationCredentials = jsii.Bool(rapid.Bool().Draw(r, "own credentials"))
	p.DisableAlarms = jsii.Bool(rapid.Bool().Draw(r, "no alarms"))
	if rapid.Bool().Draw(r, "events") {
		p.Events = &crawler.Events{MaxReceiveCount: jsii.Number(float64(rapid.IntRange(0, 4).Draw(r, "receives")))}
	}
	if rapid.Bool().Draw(r, "sample") {
		p.S3[0].SampleSize = jsii.Number(float64(rapid.IntRange(0, 250).Draw(r, "size")))
	}
	if rapid.Bool().Draw(r, "jdbc") {
		p.JDBC = []crawler.JDBCTarget{{Connection: jsii.String("ehr"), Path: jsii.String("clinic/%")}}
	}
	if rapid.Bool().Draw(r, "no grants") {
		p.Permissions = nil
	}
	return p
}

// allowed says, in other words than the package does, whether AWS takes the props.
func allowed(p *crawler.CrawlerProps) bool {
	own := *p.DisableLakeFormationCredentials
	logsOnly := (p.UpdateBehavior == "" || p.UpdateBehavior == crawler.LogChange) && (p.DeleteBehavior == "" || p.DeleteBehavior == crawler.LogDeletion)
	updates := p.UpdateBehavior == crawler.UpdateTable || p.UpdateBehavior == "" && p.Recrawl != crawler.NewFolders
	switch {
	case p.Events != nil && (p.Recrawl != "" || p.S3[0].SampleSize != nil || len(p.JDBC) > 0 || *p.Events.MaxReceiveCount < 1):
		return false
	case p.Recrawl == crawler.NewFolders && (!logsOnly || len(p.JDBC) > 0):
		return false
	case p.S3[0].SampleSize != nil && (*p.S3[0].SampleSize < 1 || *p.S3[0].SampleSize > 249):
		return false
	case !own && len(p.JDBC) > 0:
		return false
	}
	return !*p.MergeNewColumns || updates
}

func TestEveryCombination(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := newLake(cdktest.Stack())
		p := drawn(r, l)
		failure := attempt(func() { crawler.NewCrawler(l.stack, jsii.String("Claims"), p) })
		if allowed(p) != (failure == "") {
			r.Fatalf("allowed %v, got %q", allowed(p), failure)
		}
		if failure != "" {
			named := func(prop string) bool { return strings.Contains(failure, prop) }
			if !slices.ContainsFunc([]string{"Recrawl", "UpdateBehavior", "DeleteBehavior", "S3[0]", "Events", "JDBC", "Permissions", "MergeNewColumns"}, named) {
				r.Fatalf("no prop is named: %s", failure)
			}
			return
		}
		holds(t, cdktest.Of(t, l.stack), p)
	})
}

// holds checks what is true of every template.
func holds(t *testing.T, template cdktest.Template, p *crawler.CrawlerProps) {
	t.Helper()
	noCycles(t, template)
	made := template.One(t, crawlerType, "Claims")
	if made.Get("RecrawlPolicy.RecrawlBehavior") == "CRAWL_NEW_FOLDERS_ONLY" {
		made.Want(t, map[string]string{"SchemaChangePolicy": `{"DeleteBehavior":"LOG","UpdateBehavior":"LOG"}`})
	}
	if events := made.Get("RecrawlPolicy.RecrawlBehavior") == "CRAWL_EVENT_MODE"; events != (made.Get("Targets.S3Targets.0.EventQueueArn") != nil) ||
		events != (made.Get("Targets.S3Targets.0.DlqEventQueueArn") != nil) || events != (len(template.Type(queueType)) == 2) {
		t.Errorf("event mode and queues differ: %s", cdktest.Compact(made.Properties))
	}
	for _, q := range template.Type(queueType) {
		if q.Get("KmsMasterKeyId") == nil {
			t.Errorf("%s is not encrypted", q.ID)
		}
	}
	if made.Get("CrawlerSecurityConfiguration") == nil {
		t.Error("logs are not encrypted")
	}
	policy := policyText(t, template)
	if through := made.Get("LakeFormationConfiguration.UseLakeFormationCredentials") == true; through == strings.Contains(policy, "s3:") || through != strings.Contains(policy, "lakeformation:GetDataAccess") {
		t.Errorf("credentials and policy differ: %s", policy)
	}
	if (p.DeleteBehavior == crawler.DropTable) != strings.Contains(policy, "glue:DeleteTable") {
		t.Errorf("deletion and policy differ: %s", policy)
	}
	for _, g := range template.Type(grantType) {
		if !slices.Contains(made.DependsOn, g.ID) {
			t.Errorf("the crawler does not wait for %s", g.ID)
		}
	}
	for _, kind := range []string{"AWS::Lambda::Function", "AWS::CloudFormation::CustomResource", "AWS::IAM::Policy"} {
		if len(template.Type(kind)) > 0 {
			t.Errorf("a %s", kind)
		}
	}
}

func attempt(f func()) (failure string) {
	defer func() {
		if got := recover(); got != nil {
			if err, isError := got.(error); isError {
				failure = err.Error()
				return
			}
			panic(got)
		}
	}()
	f()
	return ""
}
