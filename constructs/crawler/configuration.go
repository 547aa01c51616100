package crawler

import (
	"encoding/json"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// settings is the JSON that Glue takes for what has no property of its own.
// Source: "Customizing crawler behavior".
type settings struct {
	Version  json.Number    `json:"Version"`
	Grouping *grouping      `json:"Grouping,omitempty"`
	Output   *crawlerOutput `json:"CrawlerOutput,omitempty"`
}

// version is that of the format, written as Glue documents it.
const version = "1.0"

type grouping struct {
	Policy string `json:"TableGroupingPolicy,omitempty"`
	Level  int    `json:"TableLevelConfiguration,omitempty"`
}

type crawlerOutput struct {
	Partitions *additions `json:"Partitions,omitempty"`
	Tables     *additions `json:"Tables,omitempty"`
}

type additions struct {
	Behavior  string `json:"AddOrUpdateBehavior,omitempty"`
	Threshold int    `json:"TableThreshold,omitempty"`
}

// configuration is nil when everything stays at Glue's default.
func (p *CrawlerProps) configuration() *string {
	s := settings{Version: version}
	g := grouping{Level: int(cdkx.Value(p.TableLevel, 0))}
	if cdkx.Value(p.CombineSchemas, false) {
		g.Policy = "CombineCompatibleSchemas"
	}
	if g != (grouping{}) {
		s.Grouping = &g
	}
	tables := additions{Threshold: int(cdkx.Value(p.TableThreshold, 0))}
	if cdkx.Value(p.MergeNewColumns, false) {
		tables.Behavior = "MergeNewColumns"
	}
	var o crawlerOutput
	if tables != (additions{}) {
		o.Tables = &tables
	}
	if cdkx.Value(p.InheritFromTable, false) {
		o.Partitions = &additions{Behavior: "InheritFromTable"}
	}
	if o != (crawlerOutput{}) {
		s.Output = &o
	}
	if s == (settings{Version: version}) {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // numbers and strings always marshal
	}
	return jsii.String(string(text))
}

// kind is a kind of targets, and whether Glue can read it with Lake Formation credentials.
type kind struct {
	path     string
	n        int
	readable bool
}

// kinds are those that the crawler has targets of.
func (p *CrawlerProps) kinds() []kind {
	return slices.DeleteFunc([]kind{
		{"S3", len(p.S3), true}, {"Catalog", len(p.Catalog), true},
		{"Iceberg", len(p.Iceberg), false}, {"Delta", len(p.Delta), false}, {"JDBC", len(p.JDBC), false},
	}, func(k kind) bool { return k.n == 0 })
}

func (p *CrawlerProps) folders() []folder {
	var out []folder
	for i, t := range p.S3 {
		out = append(out, folder{index("S3", i), t.Bucket, cdkx.Value(t.Prefix, "")})
	}
	for i, t := range p.Iceberg {
		out = append(out, folder{index("Iceberg", i), t.Bucket, cdkx.Value(t.Prefix, "")})
	}
	for i, t := range p.Delta {
		out = append(out, folder{index("Delta", i), t.Bucket, cdkx.Value(t.Prefix, "")})
	}
	return out
}

// catalogTarget is the crawled tables of one database.
type catalogTarget struct {
	database string
	tables   []*string
}

// catalogTargets are the tables of the catalog by database, in the order of the props.
func (p *CrawlerProps) catalogTargets() []catalogTarget {
	var out []catalogTarget
	for _, table := range p.Catalog {
		database := *table.DatabaseName()
		at := slices.IndexFunc(out, func(t catalogTarget) bool { return t.database == database })
		if at < 0 {
			out, at = append(out, catalogTarget{database: database}), len(out)
		}
		out[at].tables = append(out[at].tables, table.TableName())
	}
	return out
}

func (p *CrawlerProps) targets(queues *Queues) *awsglue.CfnCrawler_TargetsProperty {
	out := &awsglue.CfnCrawler_TargetsProperty{}
	var s3, tables, iceberg, delta, jdbc []any
	for i, f := range p.folders() {
		switch {
		case i < len(p.S3):
			t := &awsglue.CfnCrawler_S3TargetProperty{Path: f.uri(), Exclusions: globs(p.S3[i].Exclusions), SampleSize: p.S3[i].SampleSize}
			if queues != nil {
				t.EventQueueArn = queues.events.QueueArn()
				t.DlqEventQueueArn = queues.dead.QueueArn()
			}
			s3 = append(s3, t)
		case i < len(p.S3)+len(p.Iceberg):
			t := p.Iceberg[i-len(p.S3)]
			iceberg = append(iceberg, &awsglue.CfnCrawler_IcebergTargetProperty{
				Paths: &[]*string{f.uri()}, Exclusions: globs(t.Exclusions), MaximumTraversalDepth: t.MaximumDepth,
			})
		default:
			delta = append(delta, &awsglue.CfnCrawler_DeltaTargetProperty{
				DeltaTables: &[]*string{f.uri()}, CreateNativeDeltaTable: jsii.Bool(true), WriteManifest: jsii.Bool(false),
			})
		}
	}
	for _, t := range p.catalogTargets() {
		tables = append(tables, &awsglue.CfnCrawler_CatalogTargetProperty{DatabaseName: jsii.String(t.database), Tables: &t.tables})
	}
	for _, t := range p.JDBC {
		jdbc = append(jdbc, &awsglue.CfnCrawler_JdbcTargetProperty{
			ConnectionName: t.Connection, Path: t.Path, Exclusions: globs(t.Exclusions),
		})
	}
	out.S3Targets, out.CatalogTargets = orNil(s3), orNil(tables)
	out.IcebergTargets, out.DeltaTargets, out.JdbcTargets = orNil(iceberg), orNil(delta), orNil(jdbc)
	return out
}

func orNil(items []any) any {
	if len(items) == 0 {
		return nil
	}
	return &items
}

func globs(patterns []string) *[]*string {
	if len(patterns) == 0 {
		return nil
	}
	return cdkx.Strings(patterns)
}
