package personindex

import (
	"fmt"
	"strings"
)

// newToken is a random token: 122 random bits.
const newToken = "CAST(uuid() AS varchar)"

// assignments gives each group its token. New ones are random and stand in a table before anything
// uses them, so that each is drawn once.
func (w *writer) assignments() string {
	names := make([]string, len(w.index.Sources))
	for i, s := range w.index.Sources {
		names[i] = text(s.Name)
	}
	return w.fill(`-- The token of each group: the oldest of those that its records have, else a new random one.
-- Where records with one token are in several groups, the group of the record that has had it
-- longest keeps it. It fails, and changes nothing, where groups are not joined to their end, and
-- where a source that had records has none.
MERGE INTO {person_assignments} AS "t"
USING (
  WITH
  "apart" AS (
    SELECT count(*) AS "n"
    FROM {person_links} AS "l"
    JOIN {person_groups} AS "a" ON "a"."record_key" = "l"."record_a"
    JOIN {person_groups} AS "b" ON "b"."record_key" = "l"."record_b"
    WHERE "a"."group_key" <> "b"."group_key"
  ),
  "empty" AS (
    SELECT count(*) AS "n"
    FROM {persons} AS "p"
    WHERE "p"."source" IN (` + strings.Join(names, ", ") + `) AND "p"."source" NOT IN (SELECT "of_source" FROM {person_groups})
  ),
  "checked" AS (
    SELECT CASE
      WHEN "a"."n" > 0 THEN CAST(concat('links whose groups are not joined yet: ', CAST("a"."n" AS varchar)) AS bigint)
      WHEN "e"."n" > 0 THEN CAST(concat('records of sources that have none now: ', CAST("e"."n" AS varchar)) AS bigint)
      ELSE 0 END AS "n"
    FROM "apart" AS "a" CROSS JOIN "empty" AS "e"
  ),
  "heir" AS (
    SELECT "token", "group_key"
    FROM (
      SELECT "p"."token", "g"."group_key", row_number() OVER (PARTITION BY "p"."token" ORDER BY "p"."since", "g"."record_key") AS "place"
      FROM {persons} AS "p"
      JOIN {person_groups} AS "g" ON "g"."of_source" = "p"."source" AND "g"."of_record" = "p"."record"
    )
    WHERE "place" = 1
  ),
  "age" AS (
    SELECT "token", min("since") AS "since" FROM {tokens} GROUP BY "token"
  ),
  "kept" AS (
    SELECT "group_key", "token"
    FROM (
      SELECT "h"."group_key", "h"."token", row_number() OVER (PARTITION BY "h"."group_key" ORDER BY "a"."since", "h"."token") AS "place"
      FROM "heir" AS "h" JOIN "age" AS "a" ON "a"."token" = "h"."token"
    )
    WHERE "place" = 1
  ),
  "wanted" AS (
    SELECT DISTINCT "g"."group_key", "k"."token"
    FROM {person_groups} AS "g"
    LEFT JOIN "kept" AS "k" ON "k"."group_key" = "g"."group_key"
  )
  SELECT "w"."group_key", "w"."token", "s"."group_token" IN (SELECT "token" FROM {persons}) AS "is_taken", false AS "is_gone"
  FROM "wanted" AS "w"
  CROSS JOIN "checked" AS "c"
  LEFT JOIN {person_assignments} AS "s" ON "s"."group_key" = "w"."group_key"
  WHERE "c"."n" = 0
  UNION ALL
  SELECT "s"."group_key", "s"."group_token", false AS "is_taken", true AS "is_gone"
  FROM {person_assignments} AS "s"
  WHERE NOT EXISTS (SELECT 1 FROM "wanted" AS "w" WHERE "w"."group_key" = "s"."group_key")
) AS "u"
ON ("t"."group_key" = "u"."group_key")
WHEN MATCHED AND "u"."is_gone" THEN DELETE
WHEN MATCHED AND "u"."token" IS NOT NULL AND "u"."token" <> "t"."group_token" THEN UPDATE SET "group_token" = "u"."token"
WHEN MATCHED AND "u"."token" IS NULL AND "u"."is_taken" THEN UPDATE SET "group_token" = ` + newToken + `
WHEN NOT MATCHED THEN INSERT ("group_key", "group_token") VALUES ("u"."group_key", coalesce("u"."token", ` + newToken + `))`)
}

// current is every record with the token that it shall have.
const current = `  "current" AS (
    SELECT "g"."record_key", "g"."of_source" AS "source", "g"."of_record" AS "record", "a"."group_token" AS "token"
    FROM {person_groups} AS "g"
    JOIN {person_assignments} AS "a" ON "a"."group_key" = "g"."group_key"
  )`

// timestamp is now, as the tables have it.
const timestamp = "CAST(current_timestamp AS timestamp(6))"

// tokens says what stands for each token. It runs before persons, whose rows say what was.
func (w *writer) tokens() string {
	return w.fill(`-- What stands for each token that a record of a source has or had. A token follows the records
-- that had it; where a source has none of them any more it is retired.
MERGE INTO {tokens} AS "t"
USING (
  WITH
` + current + `,
  "moved" AS (
    SELECT DISTINCT "p"."source", "p"."token" AS "before", "c"."token" AS "after"
    FROM {persons} AS "p"
    JOIN "current" AS "c" ON "c"."source" = "p"."source" AND "c"."record" = "p"."record"
  ),
  "held" AS (
    SELECT DISTINCT "source", "token" FROM "current"
  ),
  "followed" AS (
    SELECT "source", "token", "token" AS "current" FROM "held"
    UNION
    SELECT "o"."source", "o"."token", "m"."after" AS "current"
    FROM {tokens} AS "o"
    JOIN "moved" AS "m" ON "m"."source" = "o"."source" AND "m"."before" = "o"."current"
    UNION
    SELECT "o"."source", "o"."token", "h"."token" AS "current"
    FROM {tokens} AS "o"
    LEFT JOIN "held" AS "h" ON "h"."source" = "o"."source" AND "h"."token" = "o"."current"
    WHERE NOT EXISTS (SELECT 1 FROM "moved" AS "m" WHERE "m"."source" = "o"."source" AND "m"."before" = "o"."current")
  ),
  "wanted" AS (
    SELECT "f"."source", "f"."token", "f"."current",
      count("f"."current") OVER (PARTITION BY "f"."source", "f"."token") AS "living",
      CASE
        WHEN "f"."current" IS NULL THEN 'retired'
        WHEN "f"."current" = "f"."token" THEN 'current'
        WHEN "f"."token" IN (SELECT "token" FROM "held") THEN 'split'
        ELSE 'merged' END AS "status"
    FROM "followed" AS "f"
  ),
  "first" AS (
    SELECT "source", "token", min("since") AS "since" FROM {tokens} GROUP BY "source", "token"
  )
  SELECT "w"."source", "w"."token", "w"."current", "w"."status", coalesce("g"."since", ` + timestamp + `) AS "since", false AS "is_gone"
  FROM "wanted" AS "w"
  LEFT JOIN "first" AS "g" ON "g"."source" = "w"."source" AND "g"."token" = "w"."token"
  WHERE "w"."current" IS NOT NULL OR "w"."living" = 0
  UNION ALL
  SELECT "o"."source", "o"."token", "o"."current", "o"."status", "o"."since", true AS "is_gone"
  FROM {tokens} AS "o"
  WHERE NOT EXISTS (
    SELECT 1 FROM "wanted" AS "w"
    WHERE "w"."source" = "o"."source" AND "w"."token" = "o"."token" AND "w"."current" IS NOT DISTINCT FROM "o"."current"
      AND ("w"."current" IS NOT NULL OR "w"."living" = 0))
) AS "u"
ON ("t"."source" = "u"."source" AND "t"."token" = "u"."token" AND "t"."current" IS NOT DISTINCT FROM "u"."current")
WHEN MATCHED AND "u"."is_gone" THEN DELETE
WHEN MATCHED AND "u"."status" <> "t"."status" THEN UPDATE SET "status" = "u"."status"
WHEN NOT MATCHED THEN INSERT ("source", "token", "current", "status", "since")
VALUES ("u"."source", "u"."token", "u"."current", "u"."status", "u"."since")`)
}

// persons gives each record its token.
func (w *writer) persons() string {
	var rules strings.Builder
	for i, r := range w.index.Rules {
		fmt.Fprintf(&rules, "\n        WHEN %d THEN %s", i+1, text(r.Name))
	}
	return w.fill(`-- The token of the person of each record. Records that a source no longer has are deleted.
MERGE INTO {persons} AS "t"
USING (
  WITH
` + current + `,
  "linked" AS (
    SELECT "record_key", min("rule_number") AS "rule_number"
    FROM (
      SELECT "record_a" AS "record_key", "rule_number" FROM {person_links}
      UNION ALL
      SELECT "record_b" AS "record_key", "rule_number" FROM {person_links}
    )
    GROUP BY "record_key"
  )
  SELECT "c"."source", "c"."record", "c"."token",
    CASE "l"."rule_number"` + rules.String() + `
    END AS "rule", false AS "is_gone"
  FROM "current" AS "c"
  LEFT JOIN "linked" AS "l" ON "l"."record_key" = "c"."record_key"
  UNION ALL
  SELECT "p"."source", "p"."record", "p"."token", "p"."rule", true AS "is_gone"
  FROM {persons} AS "p"
  WHERE NOT EXISTS (SELECT 1 FROM "current" AS "c" WHERE "c"."source" = "p"."source" AND "c"."record" = "p"."record")
) AS "u"
ON ("t"."source" = "u"."source" AND "t"."record" = "u"."record")
WHEN MATCHED AND "u"."is_gone" THEN DELETE
WHEN MATCHED AND "u"."token" <> "t"."token" THEN UPDATE SET "token" = "u"."token", "rule" = "u"."rule", "since" = ` + timestamp + `
WHEN MATCHED AND "u"."rule" IS DISTINCT FROM "t"."rule" THEN UPDATE SET "rule" = "u"."rule"
WHEN NOT MATCHED THEN INSERT ("source", "record", "token", "rule", "since")
VALUES ("u"."source", "u"."record", "u"."token", "u"."rule", ` + timestamp + `)`)
}
