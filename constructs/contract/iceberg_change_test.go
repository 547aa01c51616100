package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

func TestIcebergChanges(t *testing.T) {
	t.Parallel()
	before := contract.Table{
		Name: "results", Format: contract.FormatIceberg,
		SortOrder:  []contract.SortField{{Column: "id"}},
		Properties: map[string]string{"write.merge.mode": "copy-on-write", "read.split.target-size": "1"},
		Columns: []contract.Column{
			{Name: "id", Type: "string", Required: true, Partition: 1, Transform: "bucket[16]"},
			{Name: "site", Type: "string", Partition: 2},
			{Name: "count", Type: "int"},
			{Name: "value", Type: "decimal(10,2)"},
			{Name: "name", Type: "string"},
			{Name: "codes", Type: "array<struct<code:string,rank:int,old:int>>"},
			{Name: "flag", Type: "boolean"},
		},
	}
	if got := contract.IcebergChanges(before, before); got != nil {
		t.Errorf("no change, but %v", got)
	}
	after := before
	after.Columns = []contract.Column{
		{Name: "id", Type: "string", Partition: 1, Transform: "bucket[32]"},
		{Name: "taken", Type: "timestamp", Partition: 2, Transform: "day"},
		{Name: "count", Type: "bigint"},
		{Name: "value", Type: "decimal(12,2)"},
		{Name: "full_name", Type: "string"},
		{Name: "codes", Type: "array<struct<code:string,rank:bigint,system:string>>"},
		{Name: "flag", Type: "string", Required: true},
		{Name: "must", Type: "int", Required: true},
	}
	after.SortOrder = []contract.SortField{{Column: "taken", Direction: "desc"}}
	after.Properties = map[string]string{"write.merge.mode": "merge-on-read"}
	after.Location = "s3://elsewhere/"
	var lines []string
	for _, c := range contract.IcebergChanges(before, after) {
		if (c.DDL == "") == (c.Impossible == "") {
			t.Errorf("%+v is neither or both", c)
		}
		lines = append(lines, strings.ReplaceAll(c.String(), "ALTER TABLE `results` ", "… "))
	}
	want := []string{
		"location: \"\" becomes \"s3://elsewhere/\": impossible: the files stay where they are; make a new table and copy",
		"partition.id: another transform: run in Spark: … REPLACE PARTITION FIELD bucket(16, `id`) WITH bucket(32, `id`)",
		"partition.site: no longer a partition field: run in Spark: … DROP PARTITION FIELD `site`",
		"columns.id: no longer required: run in Spark: … ALTER COLUMN `id` DROP NOT NULL",
		"columns.site: gone: run in Athena: … DROP COLUMN `site`",
		"columns.count: int becomes bigint: run in Athena: … CHANGE COLUMN `count` `count` bigint",
		"columns.value: decimal(10,2) becomes decimal(12,2): run in Athena: … CHANGE COLUMN `value` `value` decimal(12,2)",
		"columns.name: renamed to full_name: run in Athena: … CHANGE COLUMN `name` `full_name` string",
		"columns.codes.element.rank: int becomes bigint: run in Spark: … ALTER COLUMN `codes`.`element`.`rank` TYPE bigint",
		"columns.codes.element.old: gone: run in Spark: … DROP COLUMN `codes`.`element`.`old`",
		"columns.codes.element.system: new: run in Spark: … ADD COLUMN `codes`.`element`.`system` string",
		"columns.flag: required from now on: impossible: rows that are there may have no value; keep it optional and check it with a quality rule",
		"columns.flag: boolean becomes string: impossible: Iceberg widens int to bigint, float to double and the precision of a decimal; add a column of the new type",
		"columns.taken: new: run in Athena: … ADD COLUMNS (`taken` timestamp)",
		"columns.must: a new required column: impossible: the rows that are there have no value; add it as optional",
		"partition.taken: a new partition field: run in Spark: … ADD PARTITION FIELD days(`taken`)",
		"sortOrder: another order: run in Spark: … WRITE ORDERED BY `taken` DESC NULLS LAST",
		"tableProperties.read.split.target-size: gone: run in Spark: … UNSET TBLPROPERTIES ('read.split.target-size')",
		"tableProperties.write.merge.mode: becomes merge-on-read: run in Spark: … SET TBLPROPERTIES ('write.merge.mode'='merge-on-read')",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	renamed := before
	renamed.Name, renamed.Format, renamed.SortOrder = "other", contract.FormatParquet, nil
	got := contract.IcebergChanges(before, renamed)
	if len(got) != 3 || got[0].Impossible == "" || got[1].Impossible == "" || !strings.HasSuffix(got[2].DDL, "WRITE UNORDERED") {
		t.Errorf("got %v", got)
	}
}

// A renamed partition column keeps its field.
func TestRenamedPartition(t *testing.T) {
	t.Parallel()
	before := contract.Table{Name: "r", Columns: []contract.Column{{Name: "a", Type: "date", Partition: 1, Transform: "day"}, {Name: "b", Type: "int"}}}
	after := contract.Table{Name: "r", Columns: []contract.Column{{Name: "c", Type: "date", Partition: 1, Transform: "day"}, {Name: "b", Type: "int"}}}
	if got := contract.IcebergChanges(before, after); len(got) != 1 || got[0].Path != "columns.a" {
		t.Errorf("got %v", got)
	}
}
