package imagestore

import (
	"fmt"
	"os/exec"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/schedule"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// MetadataProps configures a Metadata.
type MetadataProps struct {
	// Store whose image sets are listed. Required.
	Store IImageStore

	// Table is the table to keep, made by catalog.NewTable from MetadataTable or
	// imported by catalog.TableFromName. Required, or DatabaseName and TableName.
	Table catalog.ITable

	// DatabaseName and TableName name a table that another stack makes from
	// MetadataTable. Let this stack depend on that one. Required, or Table.
	DatabaseName, TableName *string

	// Files is where the files of Table are. The role that runs the statement reads and
	// writes them with rights of its own, as Lake Formation lends none for writing.
	// Required.
	Files storage.S3Location

	// Landing is where the metadata of image sets arrives: the function writes it there.
	// Only the last week of it is used again; let a lifecycle rule of the bucket
	// remove the rest. Required.
	Landing storage.S3Location

	// LandingTable is the name of the table of what arrived, in the database of Table.
	// Default: the name of Table and "_inbox".
	LandingTable *string

	// WorkGroup runs the statement that fills the table. Required.
	WorkGroup query.IWorkGroup

	// Permissions are those for what the statement needs of Lake Formation.
	// Default: the Permissions of the stack.
	Permissions *governance.Permissions

	// Locations are the registered locations of Table and Landing: Athena reads both with
	// Lake Formation's credentials, and each commit updates the table in the catalog. At
	// least one, here or in LocationARNs.
	Locations []governance.ILocation

	// LocationARNs are registered locations of other stacks, by exactly the ARN that
	// was registered.
	// Default: none.
	LocationARNs []string

	// RefreshRoleName fixes the name of the role that runs the statement, at most 64
	// characters.
	// Default: CloudFormation generates it.
	RefreshRoleName *string

	// Schedule is how often the table is brought up to date, as a rate or cron of
	// EventBridge.
	// Default: rate(1 hour).
	Schedule *string

	// Code is the function, built elsewhere: an archive whose program "bootstrap" runs
	// on Linux on ARM.
	// Default: built at synthesis from the sources that this package carries, which
	// needs the go command but no network.
	Code awslambda.Code

	// AlarmTopic hears of image sets that could not be read and of refreshes that
	// failed. A topic that is encrypted must let CloudWatch use its key.
	// Default: a new topic, encrypted with the store's key; nobody is subscribed to it.
	AlarmTopic awssns.ITopic
}

var tableName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)

// metadataPlan is MetadataProps with its defaults.
type metadataPlan struct {
	MetadataProps
	landing workflow.Location
}

func (p *MetadataProps) withDefaults() metadataPlan {
	out := metadataPlan{}
	if p != nil {
		out.MetadataProps = *p
	}
	out.landing = workflow.At(out.Landing.Bucket, out.Landing.Prefix)
	out.LocationARNs = slices.Clone(out.LocationARNs)
	if !cdkx.Missing(out.Table) {
		out.DatabaseName, out.TableName = out.Table.DatabaseName(), out.Table.TableName()
	}
	if out.LandingTable == nil && out.TableName != nil {
		name := schema.LandingTableName(*out.TableName)
		out.LandingTable = &name
	}
	if out.Schedule == nil {
		schedule := "rate(1 hour)"
		out.Schedule = &schedule
	}
	return out
}

func (p *metadataPlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	for _, required := range []struct {
		path, expected string
		missing        bool
	}{
		{"Table", "a table made from MetadataTable", p.DatabaseName == nil && p.TableName == nil},
		{"WorkGroup", "a workgroup", p.WorkGroup == nil},
	} {
		if required.missing {
			list.Addf(required.path, "nothing", required.expected, "set "+required.path)
		}
	}
	datastore.HealthImaging().CheckStore(&list, scope, p.Store)
	p.checkTable(&list)
	files := workflow.At(p.Files.Bucket, p.Files.Prefix)
	files.Check(&list, "Files", "image_series/")
	p.landing.Check(&list, "Landing", examplePrefix)
	if files.Overlaps(p.landing) {
		list.Addf("Landing.Prefix", cdkx.Quote(p.landing.Prefix)+", which overlaps Files", "a prefix of its own", "choose another prefix")
	}
	if p.LandingTable != nil {
		cdkx.CheckName(&list, "LandingTable", p.LandingTable, tableName, "1 to 255 lower case letters, digits and underscores")
	}
	if p.LandingTable != nil && p.TableName != nil && *p.LandingTable == *p.TableName {
		list.Addf("LandingTable", fmt.Sprintf("%q, as Table", *p.LandingTable), "a name of its own", "choose another name")
	}
	p.checkRest(&list)
	return list
}

// checkTable reports names of a table that are given by halves, or beside it.
func (p *metadataPlan) checkTable(list *problem.List) {
	if !cdkx.Missing(p.Table) || p.DatabaseName == nil && p.TableName == nil {
		return
	}
	cdkx.CheckName(list, "DatabaseName", p.DatabaseName, tableName, "1 to 255 lower case letters, digits and underscores")
	cdkx.CheckName(list, "TableName", p.TableName, tableName, "1 to 255 lower case letters, digits and underscores")
}

func (p *metadataPlan) checkRest(list *problem.List) {
	if len(p.Locations)+len(p.LocationARNs) == 0 {
		list.Addf("Locations", "none", "the registered locations of Table and Landing", "set Locations")
	}
	for i, location := range p.Locations {
		if cdkx.Missing(location) {
			list.Addf(fmt.Sprintf("Locations[%d]", i), "nothing", "a registered location", "leave it out")
		}
	}
	if err := schedule.CheckEventBridge(*p.Schedule); err != nil && !cdkx.HoldsToken(*p.Schedule) {
		list.Addf("Schedule", fmt.Sprintf("%q: %v", *p.Schedule, err), "a rate or a cron of EventBridge", `write it like "rate(1 hour)"`)
	}
	if _, err := exec.LookPath("go"); p.Code == nil && err != nil {
		list.Addf("Code", "nothing, and no go command to build it", "a built function", "install Go, or set Code")
	}
}

// bucketName is the fixed name of a bucket, or a token for one that CloudFormation names.
func bucketName(bucket awss3.IBucket) string {
	if cfn, made := bucket.Node().DefaultChild().(awss3.CfnBucket); made {
		if name := cdkx.Value(cfn.BucketName(), ""); name != "" && !cdkx.HoldsToken(name) {
			return name
		}
	}
	return *cdkx.BucketName(bucket)
}

// MetadataTable is the schema of the table that Metadata keeps: an Iceberg table
// with one row for each series of each image set. Every column that holds one of
// the 18 Safe Harbor identifiers names it; those and free text are PHI, the others
// say something of a patient without identifying one. It belongs into a contract
// of yours, whose product is then PHI.
//
// The name is up to you; the columns are not, though they may stand in any order:
// the statement that fills the table names them.
func MetadataTable(name string) contract.Table { return schema.Series(name) }
