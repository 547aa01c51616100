package crawler

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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

// checkTargets reports what is wrong with the targets, of every kind.
func (p *CrawlerProps) checkTargets(list *problem.List) {
	switch n := len(p.kinds()); {
	case n == 0:
		list.Addf("S3", "no target of any kind", "at least one target", "set S3, Catalog, Iceberg, Delta or JDBC")
	case n > 1 && len(p.Catalog) > 0:
		list.Addf("Catalog", "targets beside another kind", "tables in the catalog alone", "give them a crawler of their own")
	}
	for _, f := range p.folders() {
		checkFolder(list, f)
	}
	for i, t := range p.S3 {
		wholeNumber(list, index("S3", i)+".SampleSize", t.SampleSize, 1, 249)
		checkGlobs(list, index("S3", i), t.Exclusions)
		if p.lakeFormation() && t.Bucket != nil && p.S3[0].Bucket != nil && *cdkx.BucketName(t.Bucket) != *cdkx.BucketName(p.S3[0].Bucket) {
			list.Addf(index("S3", i)+".Bucket", "another bucket than that of S3[0]", "one bucket, all that Glue reads with Lake Formation credentials", "give it a crawler of its own")
		}
	}
	for i, t := range p.Iceberg {
		wholeNumber(list, index("Iceberg", i)+".MaximumDepth", t.MaximumDepth, 1, 0)
		checkGlobs(list, index("Iceberg", i), t.Exclusions)
	}
	for i, t := range p.Delta {
		if cdkx.Value(t.Prefix, "") == "" {
			list.Addf(index("Delta", i)+".Prefix", "nothing", "the folder of the table", "set Prefix")
		}
	}
	p.checkCatalog(list)
	for i, t := range p.JDBC {
		required(list, index("JDBC", i)+".Connection", t.Connection)
		required(list, index("JDBC", i)+".Path", t.Path)
		checkGlobs(list, index("JDBC", i), t.Exclusions)
	}
}

func (p *CrawlerProps) checkCatalog(list *problem.List) {
	for i, table := range p.Catalog {
		if cdkx.Missing(table) {
			list.Addf(index("Catalog", i), "nothing", "a table", "pass one of the app, or catalog.TableFromName")
		}
		if p.lakeFormation() && i > 0 {
			list.Addf(index("Catalog", i), "more than one table", "one table, all that Glue takes with Lake Formation credentials", "give each table a crawler of its own")
		}
	}
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
