package crawler

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/schedule"
)

// problems are those that the props show by themselves.
func (p *CrawlerProps) problems() problem.List {
	var list problem.List
	checkText(&list, "Name", p.Name, crawlerName, "1 to 255 letters, digits, hyphens and underscores")
	checkText(&list, "RoleName", p.RoleName, roleName, "1 to 64 letters, digits and any of +=,.@_-")
	checkText(&list, "TablePrefix", p.TablePrefix, tablePrefix, "1 to 128 lower case letters, digits and underscores")
	checkText(&list, "LocationAccount", p.LocationAccount, accountID, "12 digits")
	cdkx.CheckLength(&list, "Description", p.Description, 2048)
	p.checkDatabase(&list)
	p.checkTargets(&list)
	p.checkSchedule(&list)
	p.checkBehavior(&list)
	p.checkOutput(&list)
	p.checkLakeFormation(&list)
	p.checkEvents(&list)
	for i, c := range p.Classifiers {
		if c == nil {
			list.Addf(index("Classifiers", i), "nothing", "a classifier", "leave it out or make one with NewClassifier")
		}
	}
	for i, needed := range p.After {
		if cdkx.Missing(needed) {
			list.Addf(index("After", i), "nothing", "a resource", "leave it out")
		}
	}
	if p.AlarmTopic != nil && cdkx.Value(p.DisableAlarms, false) {
		list.Addf("AlarmTopic", "a topic beside DisableAlarms", "a topic only with alarms", "leave one of the two out")
	}
	return list
}

func (p *CrawlerProps) checkDatabase(list *problem.List) {
	switch {
	case cdkx.Missing(p.Database) && len(p.Catalog) > 0:
	case cdkx.Missing(p.Database):
		list.Addf("Database", "nothing", "a database", "set Database to one of the app, or to catalog.DatabaseFromName")
	case len(p.Catalog) > 0:
		list.Addf("Database", cdkx.Quote(*p.Database.DatabaseName())+" beside Catalog", "no database, because tables in the catalog have one", "leave Database out")
	}
}

func (p *CrawlerProps) checkSchedule(list *problem.List) {
	if p.Schedule != nil && p.Every != "" {
		list.Addf("Every", fmt.Sprintf("%q beside Schedule", p.Every), "one schedule", "leave Every or Schedule out")
	}
	if p.Every != "" && p.Every.Cron() == "" {
		list.Addf("Every", cdkx.Quote(p.Every), fmt.Sprintf("one of %v", schedule.Rates()), "use Schedule for any other")
	}
	cdkx.CheckSchedule(list, "Schedule", p.Schedule)
}

func (p *CrawlerProps) checkBehavior(list *problem.List) {
	oneOf(list, "UpdateBehavior", p.UpdateBehavior, UpdateTable, LogChange)
	oneOf(list, "DeleteBehavior", p.DeleteBehavior, LogDeletion, DeprecateTable, DropTable)
	if p.Events != nil && p.Recrawl != eventMode {
		list.Addf("Recrawl", fmt.Sprintf("%q beside Events", p.Recrawl), "nothing, because Events says it", "leave Recrawl or Events out")
	} else if p.Events == nil {
		oneOf(list, "Recrawl", p.Recrawl, Everything, NewFolders)
	}
	if len(p.Catalog) > 0 && p.DeleteBehavior != LogDeletion {
		list.Addf("DeleteBehavior", cdkx.Quote(p.DeleteBehavior), "LogDeletion, the only one that Glue takes for tables in the catalog", "leave DeleteBehavior out")
	}
	if p.Recrawl != NewFolders {
		return
	}
	if p.UpdateBehavior != LogChange {
		list.Addf("UpdateBehavior", fmt.Sprintf("%q with NewFolders", p.UpdateBehavior), "LogChange", "leave UpdateBehavior out, or crawl Everything")
	}
	if p.DeleteBehavior != LogDeletion {
		list.Addf("DeleteBehavior", fmt.Sprintf("%q with NewFolders", p.DeleteBehavior), "LogDeletion", "leave DeleteBehavior out, or crawl Everything")
	}
	if len(p.S3) == 0 || len(p.kinds()) > 1 {
		list.Addf("Recrawl", "NewFolders", "Everything, because only S3 folders are crawled incrementally", "leave Recrawl out, or crawl S3 only")
	}
}

func (p *CrawlerProps) checkOutput(list *problem.List) {
	wholeNumber(list, "TableLevel", p.TableLevel, 1, 0)
	wholeNumber(list, "TableThreshold", p.TableThreshold, 1, 0)
	if p.TableLevel != nil && len(p.S3) == 0 {
		list.Addf("TableLevel", cdkx.Number(*p.TableLevel), "a level only with S3 targets", "leave TableLevel out")
	}
	if cdkx.Value(p.MergeNewColumns, false) && p.UpdateBehavior != UpdateTable {
		list.Addf("MergeNewColumns", fmt.Sprintf("true with %q", p.UpdateBehavior), "true only with UpdateTable", "leave MergeNewColumns out")
	}
	if p.TablePrefix != nil && len(p.Catalog) > 0 {
		list.Addf("TablePrefix", fmt.Sprintf("%q beside Catalog", *p.TablePrefix), "no prefix, because no tables are made", "leave TablePrefix out")
	}
}

func (p *CrawlerProps) checkLakeFormation(list *problem.List) {
	for i, arn := range p.LocationARNs {
		if !cdkx.HoldsToken(arn) && !s3uri.IsARN(arn) {
			list.Addf(index("LocationARNs", i), cdkx.Quote(arn), "arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix", "pass exactly the ARN that was registered")
		}
	}
	for i, location := range p.Locations {
		if cdkx.Missing(location) {
			list.Addf(index("Locations", i), "nothing", "a registered location", "leave it out")
		}
	}
	if !p.lakeFormation() {
		if p.LocationAccount != nil {
			list.Addf("LocationAccount", "an account beside DisableLakeFormationCredentials", "an account only with Lake Formation credentials", "leave one of the two out")
		}
		return
	}
	if len(p.Locations)+len(p.LocationARNs) == 0 {
		list.Addf("Locations", "nothing", "the registered location of the targets", "set Locations or LocationARNs, or DisableLakeFormationCredentials")
	}
	for _, k := range p.kinds() {
		if !k.readable {
			list.Addf(k.path, "targets with Lake Formation credentials", "S3 or Catalog targets, the only ones that Glue reads with them", "set DisableLakeFormationCredentials")
		}
	}
	p.checkLocated(list)
}

// checkLocated reports folders that lie in no location, as far as their names
// are known before deployment.
func (p *CrawlerProps) checkLocated(list *problem.List) {
	registered := p.locations()
	for i, t := range p.S3 {
		if t.Bucket == nil || len(registered) == 0 {
			continue
		}
		f := folder{index("S3", i), t.Bucket, cdkx.Value(t.Prefix, "")}
		if !slices.ContainsFunc(registered, f.mayLieIn) {
			list.Addf(f.path, fmt.Sprintf("prefix %q outside %s", f.prefix, cdkx.Plain(fmt.Sprint(registered))), "a folder in one of the locations", "register the folder and pass its Location")
		}
	}
}

// locations are the ARNs that DATA_LOCATION_ACCESS is granted on.
func (p *CrawlerProps) locations() []string {
	var out []string
	for _, location := range p.Locations {
		if !cdkx.Missing(location) {
			out = append(out, *location.ARN())
		}
	}
	return append(out, p.LocationARNs...)
}

func (p *CrawlerProps) checkEvents(list *problem.List) {
	if p.Events == nil {
		return
	}
	wholeNumber(list, "Events.MaxReceiveCount", p.Events.MaxReceiveCount, 1, 1000)
	wholeNumber(list, "Events.RetentionDays", p.Events.RetentionDays, 1, 14)
	if len(p.S3) != 1 || len(p.kinds()) > 1 {
		list.Addf("Events", fmt.Sprintf("%d S3 targets and %d kinds of targets", len(p.S3), len(p.kinds())), "exactly one S3 target, all that Glue takes in event mode", "give each folder a crawler of its own")
	}
	for i, t := range p.S3 {
		if t.SampleSize != nil {
			list.Addf(index("S3", i)+".SampleSize", cdkx.Number(*t.SampleSize)+" in event mode", "no sampling in event mode", "leave SampleSize out")
		}
	}
}

// placed are the problems that depend on where the crawler stands.
func (p *CrawlerProps) placed(scope constructs.Construct) problem.List {
	var list problem.List
	if cdkx.Missing(scope) {
		return list
	}
	if p.Key != nil {
		_, made := p.Key.(awskms.Key)
		if !made || !cdkx.SameStack(scope, p.Key) {
			list.Addf("Key", *p.Key.Node().Path(), "a key that the crawler's own stack makes, whose policy can name the services", "leave Key out for a new one")
		}
	}
	if p.Events == nil || len(p.S3) != 1 || p.S3[0].Bucket == nil {
		return list
	}
	bucket := p.S3[0].Bucket
	cfn, made := cdkx.DefaultChild(bucket).(awss3.CfnBucket)
	switch {
	case !made || !cdkx.SameStack(scope, bucket):
		list.Addf("S3[0].Bucket", *bucket.Node().Path(), "a bucket that the crawler's own stack makes, because S3 keeps one list of notifications per bucket", "put the crawler into the bucket's stack, or leave Events out")
	default:
		checkRoute(&list, cfn, bucket, cdkx.Value(p.S3[0].Prefix, ""))
	}
	return list
}
