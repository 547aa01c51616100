package contract

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TableProperty is a property that an Iceberg table may have.
type TableProperty struct {
	Name   string   // as Iceberg spells it
	Values []string // the allowed values; nil is a whole number
	Least  int64    // of a number
	About  string   // what the property is, in words
}

func (p TableProperty) expected() string {
	if p.Values != nil {
		return problem.OneOf(p.Values)
	}
	return fmt.Sprintf("a whole number from %d", p.Least)
}

func (p TableProperty) allows(value string) bool {
	if p.Values != nil {
		return slices.Contains(p.Values, value)
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return err == nil && n >= p.Least
}

// TableProperties returns the properties that an Iceberg table may have, sorted
// by name. What is not here is refused: it either changes what the table is
// (format-version, location), or no engine on AWS reads it. Source: Apache
// Iceberg, "Configuration: Table properties".
func TableProperties() []TableProperty {
	modes := []string{"copy-on-write", "merge-on-read"}
	levels := []string{"serializable", "snapshot"}
	flag := []string{"true", "false"}
	return []TableProperty{
		{"commit.retry.num-retries", nil, 0, "how often a commit that lost a race is tried again"},
		{"history.expire.max-ref-age-ms", nil, 1, "how long branches and tags are kept, in milliseconds"},
		{"history.expire.max-snapshot-age-ms", nil, 1, "how long snapshots are kept, in milliseconds"},
		{"history.expire.min-snapshots-to-keep", nil, 1, "how many snapshots are kept in any case"},
		{"read.split.target-size", nil, 1, "bytes of input that engines read in one task"},
		{"write.avro.compression-codec", []string{"gzip", "snappy", "uncompressed", "zstd"}, 0, "compression of Avro files"},
		{"write.delete.isolation-level", levels, 0, "isolation of DELETE"},
		{"write.delete.mode", modes, 0, "how DELETE writes"},
		{"write.distribution-mode", []string{"hash", "none", "range"}, 0, "how Spark distributes rows before it writes"},
		{"write.format.default", []string{"avro", "orc", "parquet"}, 0, "format of new files"},
		{"write.merge.isolation-level", levels, 0, "isolation of MERGE"},
		{"write.merge.mode", modes, 0, "how MERGE writes"},
		{"write.metadata.delete-after-commit.enabled", flag, 0, "whether old metadata files are deleted"},
		{"write.metadata.previous-versions-max", nil, 1, "how many old metadata files are kept"},
		{"write.object-storage.enabled", flag, 0, "whether file names start with a hash, against throttling by S3"},
		{"write.orc.compression-codec", []string{"lz4", "lzo", "none", "snappy", "zlib", "zstd"}, 0, "compression of ORC files"},
		{"write.parquet.compression-codec", []string{"brotli", "gzip", "lz4", "snappy", "uncompressed", "zstd"}, 0, "compression of Parquet files"},
		{"write.parquet.compression-level", nil, 1, "level of that compression"},
		{"write.parquet.row-group-size-bytes", nil, 1, "size of row groups, in bytes"},
		{"write.target-file-size-bytes", nil, 1 << 20, "size that files are written with, in bytes"},
		{"write.update.isolation-level", levels, 0, "isolation of UPDATE"},
		{"write.update.mode", modes, 0, "how UPDATE writes"},
	}
}

func checkTableProperties(f *findings, t *Table) {
	if len(t.Properties) == 0 {
		return
	}
	if t.format() != FormatIceberg {
		f.table(fmt.Sprintf("table properties with the format %s", t.format()), "an Iceberg table", "remove them, or set the format iceberg", customTableProps)
		return
	}
	known := map[string]TableProperty{}
	names := make([]string, 0, len(known))
	for _, p := range TableProperties() {
		known[p.Name] = p
		names = append(names, p.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(t.Properties)) {
		value := t.Properties[name]
		p, found := known[name]
		switch {
		case name == "format-version":
			f.table("format-version", "version 2, which every table has", "remove it", customTableProps, name)
		case !found:
			f.table(fmt.Sprintf("the property %q", name), problem.OneOf(names), suggest(name, names), customTableProps, name)
		case !p.allows(value):
			fix := "write such a value"
			if p.Values != nil {
				fix = suggest(strings.ToLower(value), p.Values)
			}
			f.table(strconv.Quote(value), p.expected(), fix, customTableProps, name)
		}
	}
}
