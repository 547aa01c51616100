package personindex

import (
	"fmt"
	"strings"
)

// groups gives every record a group of its own.
func (w *writer) groups() string {
	var cases strings.Builder
	for _, s := range w.index.Sources {
		fmt.Fprintf(&cases, "\n    WHEN starts_with(\"r\".\"record_key\", %s) THEN %s", text(s.Name+":"), text(s.Name))
	}
	return w.fill(`-- Every record, at first in a group of its own.
INSERT INTO {person_groups} ("record_key", "of_source", "of_record", "group_key")
SELECT DISTINCT
  "r"."record_key",
  CASE` + cases.String() + ` END AS "of_source",
  substr("r"."record_key", strpos("r"."record_key", ':') + 1) AS "of_record",
  "r"."record_key" AS "group_key"
FROM {person_records} AS "r"`)
}

// join brings linked records nearer to one group.
func (w *writer) join() string {
	return w.fill(`-- Each record joins the first group among those of the records it is linked to, and that
-- which the first record of its group has joined.
MERGE INTO {person_groups} AS "t"
USING (
  WITH "seen" AS (
    SELECT "l"."record_a" AS "record_key", "g"."group_key" FROM {person_links} AS "l" JOIN {person_groups} AS "g" ON "g"."record_key" = "l"."record_b"
    UNION ALL
    SELECT "l"."record_b" AS "record_key", "g"."group_key" FROM {person_links} AS "l" JOIN {person_groups} AS "g" ON "g"."record_key" = "l"."record_a"
    UNION ALL
    SELECT "g"."record_key", "f"."group_key" FROM {person_groups} AS "g" JOIN {person_groups} AS "f" ON "f"."record_key" = "g"."group_key"
  )
  SELECT "record_key", min("group_key") AS "group_key"
  FROM "seen"
  GROUP BY "record_key"
) AS "u"
ON ("t"."record_key" = "u"."record_key")
WHEN MATCHED AND "u"."group_key" < "t"."group_key" THEN UPDATE SET "group_key" = "u"."group_key"`)
}
