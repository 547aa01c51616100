package crawler

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

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

func checkFolder(list *problem.List, f folder) {
	if f.bucket == nil {
		list.Addf(f.path+".Bucket", "nothing", "a bucket", "set Bucket")
	}
	wrong := f.prefix != "" && !strings.HasSuffix(f.prefix, "/") || strings.HasPrefix(f.prefix, "/") ||
		strings.Contains(f.prefix, "//") || strings.ContainsAny(f.prefix, "*?%") || len(f.prefix) > 1024
	if !cdkx.HoldsToken(f.prefix) && wrong {
		list.Addf(f.path+".Prefix", cdkx.Quote(f.prefix), "a folder of at most 1024 bytes: a slash at the end, none at the start, no wildcards", `write it like "claims/"`)
	}
	if cdkx.HoldsToken(f.prefix) {
		list.Addf(f.path+".Prefix", "a value known only at deployment", "a plain string", "pass the prefix itself: policies refer to it")
	}
}

func checkGlobs(list *problem.List, path string, patterns []string) {
	for i, pattern := range patterns {
		required(list, index(path+".Exclusions", i), &pattern)
	}
}

func required(list *problem.List, path string, value *string) {
	if cdkx.Value(value, "") == "" {
		list.Addf(path, "nothing", "a value", "set it")
	}
}

// plainName is the fixed name of a bucket that this app makes, "" for any other.
func plainName(bucket awss3.IBucket) string {
	cfn, made := cdkx.DefaultChild(bucket).(awss3.CfnBucket)
	if !made {
		if name := *cdkx.BucketName(bucket); !cdkx.HoldsToken(name) {
			return name
		}
		return ""
	}
	name := cdkx.Value(cfn.BucketName(), "")
	if cdkx.HoldsToken(name) {
		return ""
	}
	return name
}

// mayLieIn reports whether a registered location covers the folder, as far as
// both names are known: what cannot be told is taken for yes.
func (f folder) mayLieIn(location string) bool {
	if s3uri.Parse(location).Contains(s3uri.Parse(f.arn())) {
		return true
	}
	if cdkx.HoldsToken(location) {
		return !strings.HasPrefix(location, *cdkx.BucketARN(f.bucket))
	}
	plain := plainName(f.bucket)
	return plain == "" || s3uri.Parse(location).Contains(s3uri.Parse(plain+"/"+f.prefix))
}
