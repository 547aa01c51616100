package deidentify

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
)

// Merge returns the statement that brings an existing target up to date, an
// empty one too: new rows come in, changed ones change, and rows that the source
// no longer gives are deleted, in one commit, so readers see the state before
// or the state after. Rows without a primary key are left out. It fails, and
// changes nothing, when the key is missing or there twice. It runs on its own
// schedule even when the source has not changed, as ages grow.
// It reads the source twice: once for the new rows, once to find those that are
// gone. A statement longer than what Athena and a workflow take, 250,000 bytes of a
// JSON text, is an error.
// Source: Athena, "MERGE INTO"; Iceberg tables only. No statement of this package
// has run on Athena itself yet.
func (p *Plan) Merge(o Options) (string, error) {
	if err := o.check(p).Err(); err != nil {
		return "", err
	}
	var keys []string
	for _, c := range p.target.PrimaryKeyColumns() {
		keys = append(keys, c.Name)
	}
	statement := merge.Statement{
		Database: o.TargetDatabase, Table: p.Target, Columns: p.columns(), Keys: keys, With: indent(p.with(o)),
	}
	return p.fit(statement.SQL())
}

// fit refuses a statement that is too long for a job.
func (p *Plan) fit(sql string) (string, error) {
	return merge.Fit(cmp.Or(p.target.Path, "table"), sql, "split the table, or leave columns out")
}

// CreateTable returns the statement that makes and fills a target that no
// template has made, at an s3:// prefix: CREATE TABLE AS. A target that the
// catalog already has is filled by Merge.
// Source: Athena, "CREATE TABLE AS", Iceberg.
func (p *Plan) CreateTable(o Options, location string) (string, error) {
	problems := o.check(p)
	if !s3Prefix.MatchString(location) {
		problems.Addf("location", fmt.Sprintf("%q", location), "s3://bucket/prefix/", "write the prefix for the table's files")
	}
	if err := problems.Err(); err != nil {
		return "", err
	}
	properties := []string{"table_type = 'ICEBERG'", "is_external = false", "format = 'PARQUET'", "location = " + text(location)}
	if parts := p.partitioning(); len(parts) > 0 {
		properties = append(properties, "partitioning = ARRAY["+texts(parts)+"]")
	}
	return p.fit(fmt.Sprintf("CREATE TABLE %s.%s\nWITH (\n  %s\n)\nAS\n%sSELECT %s\nFROM \"new\" AS \"n\"",
		merge.Quote(o.TargetDatabase), merge.Quote(p.Target), strings.Join(properties, ",\n  "), p.with(o), merge.List("n", p.names())))
}

// with is what both statements start from: the key, and the target's new rows.
func (p *Plan) with(o Options) string {
	var b strings.Builder
	b.WriteString("WITH ")
	from := merge.Quote(o.SourceDatabase) + "." + merge.Quote(p.Source) + " AS " + merge.Quote(alias)
	if p.NeedsKey() {
		b.WriteString(keyQuery(o) + ",\n")
		from += " CROSS JOIN " + merge.Quote(keyAlias)
	}
	columns := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		columns[i] = c.sql(p.person, o.sparse()) + " AS " + merge.Quote(c.Name)
	}
	keys := p.target.PrimaryKeyColumns()
	present := make([]string, len(keys))
	for i, c := range keys {
		present[i] = `"r".` + merge.Quote(c.Name) + " IS NOT NULL"
	}
	fmt.Fprintf(&b, "\"new\" AS (\n  SELECT %s\n  FROM (\n    SELECT\n      %s\n    FROM %s\n  ) AS \"r\"\n  WHERE %s\n)\n",
		merge.List("r", p.names()), strings.Join(columns, ",\n      "), from, strings.Join(present, " AND "))
	return b.String()
}

// columns are those of the target that the plan makes, with their types.
func (p *Plan) columns() []merge.Column {
	out := make([]merge.Column, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = merge.Column{Name: c.Name, Type: p.target.Column(c.Name).Type}
	}
	return out
}

func (p *Plan) names() []string {
	out := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = c.Name
	}
	return out
}

// partitioning is the partition key as Athena's CREATE TABLE AS spells it.
func (p *Plan) partitioning() []string {
	var out []string
	for _, c := range p.target.PartitionColumns() {
		switch name, number, _ := c.Transform.Parts(); {
		case name == string(contract.TransformIdentity):
			out = append(out, c.Name)
		case number > 0:
			out = append(out, fmt.Sprintf("%s(%s, %d)", name, c.Name, number))
		default:
			out = append(out, name+"("+c.Name+")")
		}
	}
	return out
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n  ") + "\n"
}
