package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// TableOptimizerProps configures a TableOptimizer. With Table and Role alone,
// all three kinds of optimization are on with the defaults of Glue.
type TableOptimizerProps struct {
	// Table is the Iceberg table to optimize. Required.
	Table *Table

	// Role is what Glue works as. Required.
	Role *OptimizerRole

	// Compaction rewrites small files into large ones.
	// Default: on, with the strategy binpack.
	Compaction *Compaction

	// Retention expires old snapshots.
	// Default: on, snapshots older than 5 days are expired but for the newest one.
	Retention *Retention

	// OrphanFiles deletes files that no snapshot knows.
	// Default: on, after 3 days, in the whole location of the table.
	OrphanFiles *OrphanFiles

	// Regions are those that Glue has table optimizers in, for a region that is newer
	// than this list.
	// Default: those of optimizer.Regions.
	Regions []string
}

// Compaction configures the optimizer of type compaction. Where only defaults are
// wanted, no CompactionConfiguration is rendered: CloudFormation documents it, but
// the resource schemas that cfn-lint 1.51 carries do not have it yet and report E3002.
type Compaction struct {
	// Disabled leaves the optimizer out.
	// Default: false.
	Disabled *bool

	// Strategy is binpack, sort or z-order. The latter two need a sort order in the
	// contract, z-order one of at least two columns without decimal and timestamp.
	// Default: binpack.
	Strategy *string

	// MinInputFiles is how many files a partition has before it is compacted, from 2.
	// Default: 100, as Glue has it.
	MinInputFiles *float64

	// DeleteFileThreshold is how many deletes a file has before it is compacted, from 1.
	// Default: 1, as Glue has it.
	DeleteFileThreshold *float64
}

// Retention configures the optimizer of type retention.
type Retention struct {
	// Disabled leaves the optimizer out.
	// Default: false.
	Disabled *bool

	// SnapshotRetentionPeriodInDays is how long snapshots are kept, in days, from 1.
	// Default: 5, as Glue has it.
	SnapshotRetentionPeriodInDays *float64

	// NumberOfSnapshotsToRetain is how many snapshots are kept in any case, from 1.
	// Default: 1, as Glue has it.
	NumberOfSnapshotsToRetain *float64

	// CleanExpiredFiles deletes the files that only expired snapshots know.
	// Default: true; without it they stay in the bucket as orphan files.
	CleanExpiredFiles *bool
}

// OrphanFiles configures the optimizer of type orphan_file_deletion.
type OrphanFiles struct {
	// Disabled leaves the optimizer out.
	// Default: false.
	Disabled *bool

	// OrphanFileRetentionPeriodInDays is how old a file is before it is deleted, in
	// days, from 1. It must be longer than the longest write takes.
	// Default: 3, as Glue has it.
	OrphanFileRetentionPeriodInDays *float64

	// Location is where to look for orphan files, as an s3:// URI below the table's.
	// Default: the location of the table.
	Location *string
}

// TableOptimizer is what Glue does to keep an Iceberg table fast and small.
type TableOptimizer struct {
	constructs.Construct

	resources []awsglue.CfnTableOptimizer
}

// NewTableOptimizer makes up to three optimizers of an Iceberg table: compaction,
// retention and orphan_file_deletion. Each is made after the table and after the
// policies of the role, because Glue tries the role when an optimizer is created
// (rule 6.7). It panics with every problem of the props at once.
//
// Sources: "Optimizing Iceberg tables" in the Glue developer guide,
// "AWS::Glue::TableOptimizer" in the CloudFormation reference.
func NewTableOptimizer(scope constructs.Construct, id *string, props *TableOptimizerProps) *TableOptimizer {
	p := cdkx.Value(props, TableOptimizerProps{})
	cdkx.Check(scope, id, append(p.problems(), p.elsewhere(scope)...))

	o := &TableOptimizer{}
	cdkx.Add(o, scope, id)
	policies := p.Role.allow(p.Table)
	if c := cdkx.Value(p.Compaction, Compaction{}); !cdkx.Value(c.Disabled, false) {
		configuration := &awsglue.CfnTableOptimizer_TableOptimizerConfigurationProperty{}
		if c.Strategy != nil || c.MinInputFiles != nil || c.DeleteFileThreshold != nil {
			configuration.CompactionConfiguration = &awsglue.CfnTableOptimizer_CompactionConfigurationProperty{
				IcebergConfiguration: &awsglue.CfnTableOptimizer_IcebergCompactionConfigurationProperty{
					Strategy:            jsii.String(cdkx.Value(c.Strategy, strategyBinpack)),
					MinInputFiles:       c.MinInputFiles,
					DeleteFileThreshold: c.DeleteFileThreshold,
				},
			}
		}
		o.add(&p, "Compaction", "compaction", configuration)
	}
	if r := cdkx.Value(p.Retention, Retention{}); !cdkx.Value(r.Disabled, false) {
		o.add(&p, "Retention", "retention", &awsglue.CfnTableOptimizer_TableOptimizerConfigurationProperty{
			RetentionConfiguration: &awsglue.CfnTableOptimizer_RetentionConfigurationProperty{
				IcebergConfiguration: &awsglue.CfnTableOptimizer_IcebergRetentionConfigurationProperty{
					SnapshotRetentionPeriodInDays: jsii.Number(cdkx.Value(r.SnapshotRetentionPeriodInDays, 5)),
					NumberOfSnapshotsToRetain:     jsii.Number(cdkx.Value(r.NumberOfSnapshotsToRetain, 1)),
					CleanExpiredFiles:             jsii.Bool(cdkx.Value(r.CleanExpiredFiles, true)),
				},
			},
		})
	}
	if f := cdkx.Value(p.OrphanFiles, OrphanFiles{}); !cdkx.Value(f.Disabled, false) {
		o.add(&p, "OrphanFiles", "orphan_file_deletion", &awsglue.CfnTableOptimizer_TableOptimizerConfigurationProperty{
			OrphanFileDeletionConfiguration: &awsglue.CfnTableOptimizer_OrphanFileDeletionConfigurationProperty{
				IcebergConfiguration: &awsglue.CfnTableOptimizer_IcebergConfigurationProperty{
					OrphanFileRetentionPeriodInDays: jsii.Number(cdkx.Value(f.OrphanFileRetentionPeriodInDays, 3)),
					Location:                        f.Location,
				},
			},
		})
	}
	for _, resource := range o.resources {
		resource.AddResourceDependency(p.Table.Cfn(), nil)
		for _, policy := range policies {
			resource.AddResourceDependency(cdkx.L1(policy), nil)
		}
	}
	return o
}

// Cfn are the CloudFormation resources, for properties that this construct does
// not set: compaction, retention and orphan file deletion, those that are on.
func (o *TableOptimizer) Cfn() []awsglue.CfnTableOptimizer { return slices.Clone(o.resources) }

func (o *TableOptimizer) add(p *TableOptimizerProps, id, kind string, configuration *awsglue.CfnTableOptimizer_TableOptimizerConfigurationProperty) {
	configuration.Enabled = jsii.Bool(true)
	configuration.RoleArn = p.Role.roleARN()
	o.resources = append(o.resources, awsglue.NewCfnTableOptimizer(o, jsii.String(id), &awsglue.CfnTableOptimizerProps{
		CatalogId:                   cdkx.Account(o),
		DatabaseName:                p.Table.DatabaseName(),
		TableName:                   p.Table.TableName(),
		Type:                        jsii.String(kind),
		TableOptimizerConfiguration: configuration,
	}))
}

// The strategies of compaction.
const (
	strategyBinpack = "binpack"
	strategySort    = "sort"
	strategyZOrder  = "z-order"
)

// elsewhere reports a stack in a region that has no optimizers.
func (p *TableOptimizerProps) elsewhere(scope constructs.Construct) problem.List {
	var list problem.List
	regions := p.Regions
	if len(regions) == 0 {
		regions = optimizer.Regions()
	}
	if cdkx.Missing(scope) {
		return list
	}
	if region := *cdkx.Region(scope); !cdkx.HoldsToken(region) && !slices.Contains(regions, region) {
		list.Addf("Regions", "a stack in "+region, "one of "+strings.Join(regions, ", "),
			"leave the optimizer out and compact the table with OPTIMIZE and VACUUM; name the region in Regions if Glue has come to optimize there")
	}
	return list
}

func (p *TableOptimizerProps) problems() problem.List {
	var list problem.List
	switch {
	case p.Role == nil:
		list.Addf("Role", "nothing", "an OptimizerRole", "make one per domain with NewOptimizerRole")
	case p.Table != nil && p.Role.full(p.Table):
		list.Addf("Role", fmt.Sprintf("a role with %d tables", maxOptimizedTables), fmt.Sprintf("at most %d: a role has 10 managed policies", maxOptimizedTables), "make a second OptimizerRole")
	}
	if p.Table == nil {
		list.Addf("Table", "nothing", "an Iceberg table", "set Table")
	} else {
		p.checkTable(&list)
	}
	c, r, f := cdkx.Value(p.Compaction, Compaction{}), cdkx.Value(p.Retention, Retention{}), cdkx.Value(p.OrphanFiles, OrphanFiles{})
	if cdkx.Value(c.Disabled, false) && cdkx.Value(r.Disabled, false) && cdkx.Value(f.Disabled, false) {
		list.Addf("Compaction.Disabled", "true, as of every other optimizer", "at least one that is on", "leave the TableOptimizer out")
	}
	p.checkStrategy(&list, cdkx.Value(c.Strategy, strategyBinpack))
	whole(&list, "Compaction.MinInputFiles", c.MinInputFiles, 2)
	whole(&list, "Compaction.DeleteFileThreshold", c.DeleteFileThreshold, 1)
	whole(&list, "Retention.SnapshotRetentionPeriodInDays", r.SnapshotRetentionPeriodInDays, 1)
	whole(&list, "Retention.NumberOfSnapshotsToRetain", r.NumberOfSnapshotsToRetain, 1)
	whole(&list, "OrphanFiles.OrphanFileRetentionPeriodInDays", f.OrphanFileRetentionPeriodInDays, 1)
	if f.Location != nil && !cdkx.Missing(p.Table) && !s3uri.Parse(p.Table.location).Contains(s3uri.Parse(*f.Location)) {
		list.Addf("OrphanFiles.Location", cdkx.Quote(*f.Location), "a prefix below "+cdkx.Plain(p.Table.location), "leave it out: files of other tables would be deleted")
	}
	return list
}

func (p *TableOptimizerProps) checkTable(list *problem.List) {
	if format := p.Table.table.Format; format != contract.FormatIceberg {
		list.Addf("Table", fmt.Sprintf("a table of format %s", format), "an Iceberg table", "leave the optimizer out")
	}
	if _, known := s3uri.FromURI(p.Table.location); cdkx.HoldsToken(p.Table.location) && !known {
		list.Addf("Table", "a table whose whole location is known only at deployment", "s3://, a bucket's name, which may be a token, and a plain prefix",
			"make the location with S3UrlForObject of the bucket: the policy of the role names bucket and prefix")
	}
}

func (p *TableOptimizerProps) checkStrategy(list *problem.List, strategy string) {
	const path = "Compaction.Strategy"
	known := []string{strategyBinpack, strategySort, strategyZOrder}
	if !slices.Contains(known, strategy) {
		list.Addf(path, cdkx.Quote(strategy), "binpack, sort or z-order", problem.DidYouMean(strategy, known, "write one of them"))
		return
	}
	if strategy == strategyBinpack || p.Table == nil {
		return
	}
	order := p.Table.table.SortOrder
	switch {
	case len(order) == 0:
		list.Addf(path, strategy+" of a table without a sort order", "a sort order", "set the custom property sortOrder in the contract, or use binpack")
	case strategy == strategyZOrder && len(order) < 2:
		list.Addf(path, "z-order by one column", "a sort order of at least two columns", "use sort")
	case strategy == strategyZOrder:
		for _, field := range order {
			column := p.Table.table.Column(field.Column)
			if parsed, err := gluetype.Parse(column.Type); err == nil && (parsed.Name == "decimal" || parsed.Name == "timestamp") {
				list.Addf(path, fmt.Sprintf("z-order by %s, which is %s", field.Column, column.Type), "no decimal and no timestamp", "use sort")
			}
		}
	}
}

// whole checks an optional whole number.
func whole(list *problem.List, path string, value *float64, least float64) {
	cdkx.CheckWhole(list, path, value, "", least, 0, "write one, or leave it out")
}
