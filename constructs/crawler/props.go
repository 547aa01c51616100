package crawler

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/schedule"
)

// CrawlerProps configures a Crawler.
type CrawlerProps struct { //nolint:revive // the CDK names props after their construct
	// Name of the crawler, 1 to 255 letters, digits, hyphens and underscores.
	// Default: CloudFormation generates it.
	Name *string

	// RoleName fixes the name of the crawler's role: at most 64 letters, digits and
	// any of +=,.@_- .
	// Default: CloudFormation generates it.
	RoleName *string

	// Description is what the console shows; at most 2048 characters.
	// Default: none.
	Description *string

	// Database that tables are written to, one of the app or one that
	// catalog.DatabaseFromName refers to. Required, except with Catalog, whose tables
	// have their own.
	Database catalog.IDatabase

	// S3 folders to crawl; with Lake Formation credentials all of one bucket, in
	// event mode exactly one.
	// Default: none; a crawler has at least one target of some kind.
	S3 []S3Target

	// Catalog are the tables to crawl that are already in the catalog, of the app or
	// referred to by catalog.TableFromName; with Lake Formation credentials exactly
	// one, and beside no other kind of target.
	// Default: none.
	Catalog []catalog.ITable

	// Iceberg folders to crawl, without Lake Formation credentials.
	// Default: none.
	Iceberg []IcebergTarget

	// Delta tables to crawl, without Lake Formation credentials.
	// Default: none.
	Delta []DeltaTarget

	// JDBC databases to crawl, without Lake Formation credentials.
	// Default: none.
	JDBC []JDBCTarget

	// Schedule is a six-field cron in UTC, see schedule.Check; beside no Every.
	// Default: Every.
	Schedule *string

	// Every is a friendly schedule; beside no Schedule.
	// Default: Hourly in event mode, where a run without events costs nothing;
	// otherwise none, the crawler runs when it is started.
	Every schedule.Rate

	// Events crawls only what S3 reports as changed. The first crawl still lists
	// everything, and so does the first one after the crawler was changed.
	// Default: none, every crawl lists the targets.
	Events *Events

	// Recrawl is what a crawl after the first one looks at; not beside Events.
	// Default: Everything.
	Recrawl Recrawl

	// UpdateBehavior is what to do with a changed schema.
	// Default: UpdateTable; LogChange with NewFolders.
	UpdateBehavior UpdateBehavior

	// DeleteBehavior is what to do when objects of a table are gone; LogDeletion with
	// NewFolders and with Catalog.
	// Default: LogDeletion.
	DeleteBehavior DeleteBehavior

	// TablePrefix stands before the names of new tables: at most 128 lower case
	// letters, digits and underscores; not with Catalog.
	// Default: none.
	TablePrefix *string

	// CombineSchemas makes one table of each target folder where formats are
	// compatible, even when schemas differ.
	// Default: false, similar schemas only.
	CombineSchemas *bool

	// TableLevel is how many folders deep, counting the bucket as 1, a table
	// starts; S3 only, a whole number from 1.
	// Default: the crawler decides.
	TableLevel *float64

	// TableThreshold is the most tables the crawler may make, a whole number from 1.
	// Default: no limit.
	TableThreshold *float64

	// MergeNewColumns only ever adds columns to a table; it needs UpdateBehavior UpdateTable.
	// Default: false, a changed schema replaces the old one.
	MergeNewColumns *bool

	// InheritFromTable gives partitions the schema of their table.
	// Default: false, partitions keep a schema of their own.
	InheritFromTable *bool

	// Classifiers are tried in this order before Glue's own.
	// Default: Glue's own.
	Classifiers []*Classifier

	// Key encrypts logs, bookmarks, queues and the topic. It is a key of the
	// crawler's own stack, because its policy has to name the services.
	// Default: a new customer managed key, rotated every year and retained.
	Key awskms.IKey

	// CatalogKey is the key that the account's catalog is encrypted with.
	// Default: none, for a catalog that is not encrypted with a key of yours.
	CatalogKey awskms.IKey

	// Permissions are those for what the crawler needs of Lake Formation.
	// Default: those of the stack with Lake Formation credentials, and no grants
	// without.
	Permissions *governance.Permissions

	// Locations are the registered locations that hold the targets.
	// Default: none; Lake Formation credentials need one here or in LocationARNs.
	Locations []governance.ILocation

	// LocationARNs are registered locations of other stacks or accounts, by
	// exactly the ARN that was registered.
	// Default: none.
	LocationARNs []string

	// LocationAccount is the 12-digit account that registered the locations.
	// Default: the account of the stack.
	LocationAccount *string

	// DisableLakeFormationCredentials lets the crawler read files with its role
	// instead of with credentials from Lake Formation.
	// Default: false.
	DisableLakeFormationCredentials *bool

	// After lists what must exist before the crawler and its grants, beside the
	// Database, Catalog and Locations of the app.
	// Default: none.
	After []awscdk.CfnResource

	// AlarmTopic hears of failed crawls and of events in the dead-letter queue. A
	// topic that is encrypted must let EventBridge and CloudWatch use its key.
	// Default: a new topic, encrypted with Key; nobody is subscribed to it.
	AlarmTopic awssns.ITopic

	// DisableAlarms leaves out topic, rule and alarm.
	// Default: false.
	DisableAlarms *bool
}

func (p *CrawlerProps) withDefaults() CrawlerProps {
	out := cdkx.Value(p, CrawlerProps{})
	if cdkx.Missing(out.Database) {
		out.Database = nil
	}
	if out.Events != nil {
		events := Events{
			MaxReceiveCount: fallback(out.Events.MaxReceiveCount, 3),
			RetentionDays:   fallback(out.Events.RetentionDays, 14),
		}
		out.Events = &events
		if out.Schedule == nil && out.Every == "" {
			out.Every = schedule.Hourly
		}
	}
	if out.Recrawl == "" {
		out.Recrawl = Everything
		if out.Events != nil {
			out.Recrawl = eventMode
		}
	}
	if out.UpdateBehavior == "" {
		out.UpdateBehavior = UpdateTable
		if out.Recrawl == NewFolders {
			out.UpdateBehavior = LogChange
		}
	}
	if out.DeleteBehavior == "" {
		out.DeleteBehavior = LogDeletion
	}
	return out
}

func fallback(value *float64, otherwise float64) *float64 {
	v := cdkx.Value(value, otherwise)
	return &v
}

// lakeFormation reports whether files are read with Lake Formation's credentials.
func (p *CrawlerProps) lakeFormation() bool {
	return !cdkx.Value(p.DisableLakeFormationCredentials, false)
}

// schedule is the cron of the crawler, nil when it runs on demand only.
func (p *CrawlerProps) schedule() *string {
	if p.Schedule != nil {
		return p.Schedule
	}
	if cron := p.Every.Cron(); cron != "" {
		return &cron
	}
	return nil
}

// Recrawl says what a crawl after the first one looks at.
type Recrawl string

// The recrawl behaviors that can be chosen. Event mode is chosen by Events.
// Source: "RecrawlPolicy".
const (
	// Everything crawls the whole target again.
	Everything Recrawl = "CRAWL_EVERYTHING"

	// NewFolders crawls only folders that appeared since the last crawl. Changed
	// and deleted objects are logged, never written to the catalog: UpdateBehavior and
	// DeleteBehavior must be LogChange and LogDeletion (rule 6.1).
	NewFolders Recrawl = "CRAWL_NEW_FOLDERS_ONLY"

	eventMode Recrawl = "CRAWL_EVENT_MODE"
)

// UpdateBehavior says what a crawler does with a table whose schema changed.
type UpdateBehavior string

// What can be done with a changed schema. Source: "SchemaChangePolicy".
const (
	// UpdateTable writes the new schema to the catalog.
	UpdateTable UpdateBehavior = "UPDATE_IN_DATABASE"

	// LogChange leaves the catalog as it is and logs the difference.
	LogChange UpdateBehavior = "LOG"
)

// DeleteBehavior says what a crawler does with a table whose objects are gone.
type DeleteBehavior string

// What can be done with a vanished table. Source: "SchemaChangePolicy".
const (
	// LogDeletion leaves the table and logs that its objects are gone.
	LogDeletion DeleteBehavior = "LOG"

	// DeprecateTable marks the table as deprecated.
	DeprecateTable DeleteBehavior = "DEPRECATE_IN_DATABASE"

	// DropTable deletes the table from the catalog, and with it whatever was
	// granted on it. The crawler's role gets DROP for it.
	DropTable DeleteBehavior = "DELETE_FROM_DATABASE"
)
