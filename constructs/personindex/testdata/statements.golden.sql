DELETE FROM "identity_curated"."person_records";

INSERT INTO "identity_curated"."person_records" ("record_key", "birth_date", "family", "given", "id_member", "phone", "postcode", "id_ssn", "suffix")
-- What the rules compare of each record, in its normal form. A value that is missing is null.
-- the source clinical
SELECT DISTINCT
  concat('clinical:', CAST("r"."mrn" AS varchar)) AS "record_key",
  CAST(TRY_CAST(substr(trim(CAST("r"."birth_date" AS varchar)), 1, 10) AS date) AS varchar) AS "birth_date",
  nullif(regexp_replace(lower(normalize(CAST("r"."family_name" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "family",
  nullif(regexp_replace(lower(normalize(CAST("r"."given_name" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "given",
  CAST(NULL AS varchar) AS "id_member",
  nullif(regexp_replace(regexp_replace(CAST("r"."phone" AS varchar), '[^0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "phone",
  nullif(regexp_replace(lower(normalize(CAST("r"."zip" AS varchar), NFD)), '[^\p{L}0-9]', ''), '') AS "postcode",
  nullif(regexp_replace(regexp_replace(lower(normalize(CAST("r"."ssn" AS varchar), NFD)), '[^\p{L}0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "id_ssn",
  nullif(regexp_replace(lower(normalize(CAST("r"."name_suffix" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "suffix"
FROM "clinical_curated"."patients" AS "r"
WHERE "r"."mrn" IS NOT NULL
  AND coalesce("r"."opted_out", false) = false -- who opted out is no record
UNION ALL
-- the source claims
SELECT DISTINCT
  concat('claims:', CAST("r"."member_number" AS varchar)) AS "record_key",
  CAST(TRY_CAST(substr(trim(CAST("r"."date_of_birth" AS varchar)), 1, 10) AS date) AS varchar) AS "birth_date",
  nullif(regexp_replace(lower(normalize(CAST("r"."last_name" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "family",
  nullif(regexp_replace(lower(normalize(CAST("r"."first_name" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "given",
  nullif(regexp_replace(regexp_replace(lower(normalize(CAST("r"."member_number" AS varchar), NFD)), '[^\p{L}0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "id_member",
  nullif(regexp_replace(regexp_replace(CAST("r"."telephone" AS varchar), '[^0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "phone",
  nullif(regexp_replace(lower(normalize(CAST("r"."postal_code" AS varchar), NFD)), '[^\p{L}0-9]', ''), '') AS "postcode",
  nullif(regexp_replace(regexp_replace(lower(normalize(CAST("r"."ssn" AS varchar), NFD)), '[^\p{L}0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "id_ssn",
  CAST(NULL AS varchar) AS "suffix"
FROM "claims_curated"."members" AS "r"
WHERE "r"."member_number" IS NOT NULL
UNION ALL
-- the source pharmacy
SELECT DISTINCT
  concat('pharmacy:', CAST("r"."customer" AS varchar)) AS "record_key",
  CAST(TRY_CAST(substr(trim(CAST("r"."birth_date" AS varchar)), 1, 10) AS date) AS varchar) AS "birth_date",
  nullif(regexp_replace(lower(normalize(CAST("r"."last_name" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "family",
  nullif(regexp_replace(lower(normalize(CAST("r"."first_name" AS varchar), NFD)), '[^\p{L}]', ''), '') AS "given",
  nullif(regexp_replace(regexp_replace(lower(normalize(CAST("r"."insurance_number" AS varchar), NFD)), '[^\p{L}0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "id_member",
  nullif(regexp_replace(regexp_replace(CAST("r"."mobile" AS varchar), '[^0-9]', ''), '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '') AS "phone",
  nullif(regexp_replace(lower(normalize(CAST("r"."zip" AS varchar), NFD)), '[^\p{L}0-9]', ''), '') AS "postcode",
  CAST(NULL AS varchar) AS "id_ssn",
  CAST(NULL AS varchar) AS "suffix"
FROM "pharmacy_curated"."customers" AS "r"
WHERE "r"."customer" IS NOT NULL;

DELETE FROM "identity_curated"."person_links";

INSERT INTO "identity_curated"."person_links" ("record_a", "record_b", "rule_number")
-- Pairs of records that a rule links, each with the first rule that does. What is missing matches nothing.
WITH
"rule 1 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."id_ssn") AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."id_ssn" IS NOT NULL
),
-- 1. SSN and birth date: birthDate normalized, ssn normalized
"rule 1" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 1 AS "rule_number"
  FROM "rule 1 values" AS "a"
  JOIN "rule 1 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."id_ssn" = "b"."id_ssn" AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 2 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."id_member") AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."id_member" IS NOT NULL
),
-- 2. member number and birth date: birthDate normalized, member normalized
"rule 2" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 2 AS "rule_number"
  FROM "rule 2 values" AS "a"
  JOIN "rule 2 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."id_member" = "b"."id_member" AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 3 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."family", "r"."given", substr("r"."postcode", 1, 5)) AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."family" IS NOT NULL AND "r"."given" IS NOT NULL AND substr("r"."postcode", 1, 5) IS NOT NULL
),
-- 3. name, birth date and postcode: birthDate normalized, family normalized, given normalized, postcode first 5
"rule 3" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 3 AS "rule_number"
  FROM "rule 3 values" AS "a"
  JOIN "rule 3 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."family" = "b"."family" AND "a"."given" = "b"."given" AND substr("a"."postcode", 1, 5) = substr("b"."postcode", 1, 5) AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 4 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."family", "r"."given", regexp_extract("r"."phone", '.{10}$')) AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."family" IS NOT NULL AND "r"."given" IS NOT NULL AND regexp_extract("r"."phone", '.{10}$') IS NOT NULL
),
-- 4. name, birth date and telephone: birthDate normalized, family normalized, given normalized, phone last 10
"rule 4" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 4 AS "rule_number"
  FROM "rule 4 values" AS "a"
  JOIN "rule 4 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."family" = "b"."family" AND "a"."given" = "b"."given" AND regexp_extract("a"."phone", '.{10}$') = regexp_extract("b"."phone", '.{10}$') AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 5 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."given", "r"."id_ssn") AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."given" IS NOT NULL AND "r"."id_ssn" IS NOT NULL
),
-- 5. identifier and given name: given normalized, ssn normalized
"rule 5" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 5 AS "rule_number"
  FROM "rule 5 values" AS "a"
  JOIN "rule 5 values" AS "b" ON "a"."given" = "b"."given" AND "a"."id_ssn" = "b"."id_ssn" AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 6 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."given", "r"."id_member") AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."given" IS NOT NULL AND "r"."id_member" IS NOT NULL
),
-- 6. member number and given name: given normalized, member normalized
"rule 6" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 6 AS "rule_number"
  FROM "rule 6 values" AS "a"
  JOIN "rule 6 values" AS "b" ON "a"."given" = "b"."given" AND "a"."id_member" = "b"."id_member" AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 7 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."given", regexp_extract("r"."phone", '.{10}$')) AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."given" IS NOT NULL AND regexp_extract("r"."phone", '.{10}$') IS NOT NULL
),
-- 7. given name, birth date and telephone, whatever the family name: birthDate normalized, given normalized, phone last 10
"rule 7" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 7 AS "rule_number"
  FROM "rule 7 values" AS "a"
  JOIN "rule 7 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."given" = "b"."given" AND regexp_extract("a"."phone", '.{10}$') = regexp_extract("b"."phone", '.{10}$') AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 8 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", substr("r"."postcode", 1, 5)) AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."family" IS NOT NULL AND "r"."given" IS NOT NULL AND substr("r"."postcode", 1, 5) IS NOT NULL
),
-- 8. name with a mistake, birth date and postcode: birthDate normalized, family distance 2, given distance 1, postcode first 5
"rule 8" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 8 AS "rule_number"
  FROM "rule 8 values" AS "a"
  JOIN "rule 8 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND substr("a"."postcode", 1, 5) = substr("b"."postcode", 1, 5) AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 5000 AND "b"."alike" <= 5000
    AND levenshtein_distance("a"."family", "b"."family") <= 2
    AND levenshtein_distance("a"."given", "b"."given") <= 1
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 9 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."family", "r"."given", regexp_extract("r"."phone", '.{10}$')) AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."family" IS NOT NULL AND "r"."given" IS NOT NULL AND regexp_extract("r"."phone", '.{10}$') IS NOT NULL
),
-- 9. name, telephone, and birth date with a mistake: birthDate distance 1, family normalized, given normalized, phone last 10
"rule 9" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 9 AS "rule_number"
  FROM "rule 9 values" AS "a"
  JOIN "rule 9 values" AS "b" ON "a"."family" = "b"."family" AND "a"."given" = "b"."given" AND regexp_extract("a"."phone", '.{10}$') = regexp_extract("b"."phone", '.{10}$') AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 5000 AND "b"."alike" <= 5000
    AND levenshtein_distance("a"."birth_date", "b"."birth_date") <= 1
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"rule 10 values" AS (
  SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."family", "r"."given") AS "alike"
  FROM "identity_curated"."person_records" AS "r"
  WHERE "r"."birth_date" IS NOT NULL AND "r"."family" IS NOT NULL AND "r"."given" IS NOT NULL
),
-- 10. name and birth date: birthDate normalized, family normalized, given normalized
"rule 10" AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 10 AS "rule_number"
  FROM "rule 10 values" AS "a"
  JOIN "rule 10 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."family" = "b"."family" AND "a"."given" = "b"."given" AND "a"."record_key" < "b"."record_key"
  WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
    AND coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true)
),
"found" AS (
  SELECT * FROM "rule 1"
  UNION ALL
  SELECT * FROM "rule 2"
  UNION ALL
  SELECT * FROM "rule 3"
  UNION ALL
  SELECT * FROM "rule 4"
  UNION ALL
  SELECT * FROM "rule 5"
  UNION ALL
  SELECT * FROM "rule 6"
  UNION ALL
  SELECT * FROM "rule 7"
  UNION ALL
  SELECT * FROM "rule 8"
  UNION ALL
  SELECT * FROM "rule 9"
  UNION ALL
  SELECT * FROM "rule 10"
)
SELECT "record_a", "record_b", min("rule_number")
FROM "found"
GROUP BY "record_a", "record_b";

MERGE INTO "identity_curated"."person_links" AS "t"
-- A record that is linked to two others which cannot be one person is left with the one
-- that the surer rule says, and with neither where one rule says both.
USING (
  WITH
  "link" AS (
    SELECT "record_a" AS "middle", "record_b" AS "other", "rule_number" FROM "identity_curated"."person_links"
    UNION ALL
    SELECT "record_b" AS "middle", "record_a" AS "other", "rule_number" FROM "identity_curated"."person_links"
  )
  SELECT DISTINCT least("l"."middle", "l"."other") AS "record_a", greatest("l"."middle", "l"."other") AS "record_b"
  FROM "link" AS "l"
  JOIN "link" AS "m" ON "m"."middle" = "l"."middle" AND "m"."other" <> "l"."other" AND "m"."rule_number" <= "l"."rule_number"
  JOIN "identity_curated"."person_records" AS "a" ON "a"."record_key" = "l"."other"
  JOIN "identity_curated"."person_records" AS "b" ON "b"."record_key" = "m"."other"
  WHERE NOT (coalesce(levenshtein_distance("a"."birth_date", "b"."birth_date") <= 2, true)
    AND coalesce(levenshtein_distance("a"."id_ssn", "b"."id_ssn") <= 1, true)
    AND coalesce("a"."suffix" = "b"."suffix", true))
) AS "u"
ON ("t"."record_a" = "u"."record_a" AND "t"."record_b" = "u"."record_b")
WHEN MATCHED THEN DELETE;

DELETE FROM "identity_curated"."person_groups";

INSERT INTO "identity_curated"."person_groups" ("record_key", "of_source", "of_record", "group_key")
-- Every record, at first in a group of its own.
SELECT DISTINCT
  "r"."record_key",
  CASE
    WHEN starts_with("r"."record_key", 'clinical:') THEN 'clinical'
    WHEN starts_with("r"."record_key", 'claims:') THEN 'claims'
    WHEN starts_with("r"."record_key", 'pharmacy:') THEN 'pharmacy' END AS "of_source",
  substr("r"."record_key", strpos("r"."record_key", ':') + 1) AS "of_record",
  "r"."record_key" AS "group_key"
FROM "identity_curated"."person_records" AS "r";

MERGE INTO "identity_curated"."person_groups" AS "t"
-- Each record joins the first group among those of the records it is linked to, and that
-- which the first record of its group has joined.
USING (
  WITH "seen" AS (
    SELECT "l"."record_a" AS "record_key", "g"."group_key" FROM "identity_curated"."person_links" AS "l" JOIN "identity_curated"."person_groups" AS "g" ON "g"."record_key" = "l"."record_b"
    UNION ALL
    SELECT "l"."record_b" AS "record_key", "g"."group_key" FROM "identity_curated"."person_links" AS "l" JOIN "identity_curated"."person_groups" AS "g" ON "g"."record_key" = "l"."record_a"
    UNION ALL
    SELECT "g"."record_key", "f"."group_key" FROM "identity_curated"."person_groups" AS "g" JOIN "identity_curated"."person_groups" AS "f" ON "f"."record_key" = "g"."group_key"
  )
  SELECT "record_key", min("group_key") AS "group_key"
  FROM "seen"
  GROUP BY "record_key"
) AS "u"
ON ("t"."record_key" = "u"."record_key")
WHEN MATCHED AND "u"."group_key" < "t"."group_key" THEN UPDATE SET "group_key" = "u"."group_key";

MERGE INTO "identity_curated"."person_assignments" AS "t"
-- The token of each group: the oldest of those that its records have, else a new random one.
-- Where records with one token are in several groups, the group of the record that has had it
-- longest keeps it. It fails, and changes nothing, where groups are not joined to their end, and
-- where a source that had records has none.
USING (
  WITH
  "apart" AS (
    SELECT count(*) AS "n"
    FROM "identity_curated"."person_links" AS "l"
    JOIN "identity_curated"."person_groups" AS "a" ON "a"."record_key" = "l"."record_a"
    JOIN "identity_curated"."person_groups" AS "b" ON "b"."record_key" = "l"."record_b"
    WHERE "a"."group_key" <> "b"."group_key"
  ),
  "empty" AS (
    SELECT count(*) AS "n"
    FROM "identity_curated"."persons" AS "p"
    WHERE "p"."source" IN ('clinical', 'claims', 'pharmacy') AND "p"."source" NOT IN (SELECT "of_source" FROM "identity_curated"."person_groups")
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
      FROM "identity_curated"."persons" AS "p"
      JOIN "identity_curated"."person_groups" AS "g" ON "g"."of_source" = "p"."source" AND "g"."of_record" = "p"."record"
    )
    WHERE "place" = 1
  ),
  "age" AS (
    SELECT "token", min("since") AS "since" FROM "identity_curated"."tokens" GROUP BY "token"
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
    FROM "identity_curated"."person_groups" AS "g"
    LEFT JOIN "kept" AS "k" ON "k"."group_key" = "g"."group_key"
  )
  SELECT "w"."group_key", "w"."token", "s"."group_token" IN (SELECT "token" FROM "identity_curated"."persons") AS "is_taken", false AS "is_gone"
  FROM "wanted" AS "w"
  CROSS JOIN "checked" AS "c"
  LEFT JOIN "identity_curated"."person_assignments" AS "s" ON "s"."group_key" = "w"."group_key"
  WHERE "c"."n" = 0
  UNION ALL
  SELECT "s"."group_key", "s"."group_token", false AS "is_taken", true AS "is_gone"
  FROM "identity_curated"."person_assignments" AS "s"
  WHERE NOT EXISTS (SELECT 1 FROM "wanted" AS "w" WHERE "w"."group_key" = "s"."group_key")
) AS "u"
ON ("t"."group_key" = "u"."group_key")
WHEN MATCHED AND "u"."is_gone" THEN DELETE
WHEN MATCHED AND "u"."token" IS NOT NULL AND "u"."token" <> "t"."group_token" THEN UPDATE SET "group_token" = "u"."token"
WHEN MATCHED AND "u"."token" IS NULL AND "u"."is_taken" THEN UPDATE SET "group_token" = CAST(uuid() AS varchar)
WHEN NOT MATCHED THEN INSERT ("group_key", "group_token") VALUES ("u"."group_key", coalesce("u"."token", CAST(uuid() AS varchar)));

MERGE INTO "identity_curated"."tokens" AS "t"
-- What stands for each token that a record of a source has or had. A token follows the records
-- that had it; where a source has none of them any more it is retired.
USING (
  WITH
  "current" AS (
    SELECT "g"."record_key", "g"."of_source" AS "source", "g"."of_record" AS "record", "a"."group_token" AS "token"
    FROM "identity_curated"."person_groups" AS "g"
    JOIN "identity_curated"."person_assignments" AS "a" ON "a"."group_key" = "g"."group_key"
  ),
  "moved" AS (
    SELECT DISTINCT "p"."source", "p"."token" AS "before", "c"."token" AS "after"
    FROM "identity_curated"."persons" AS "p"
    JOIN "current" AS "c" ON "c"."source" = "p"."source" AND "c"."record" = "p"."record"
  ),
  "held" AS (
    SELECT DISTINCT "source", "token" FROM "current"
  ),
  "followed" AS (
    SELECT "source", "token", "token" AS "current" FROM "held"
    UNION
    SELECT "o"."source", "o"."token", "m"."after" AS "current"
    FROM "identity_curated"."tokens" AS "o"
    JOIN "moved" AS "m" ON "m"."source" = "o"."source" AND "m"."before" = "o"."current"
    UNION
    SELECT "o"."source", "o"."token", "h"."token" AS "current"
    FROM "identity_curated"."tokens" AS "o"
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
    SELECT "source", "token", min("since") AS "since" FROM "identity_curated"."tokens" GROUP BY "source", "token"
  )
  SELECT "w"."source", "w"."token", "w"."current", "w"."status", coalesce("g"."since", CAST(current_timestamp AS timestamp(6))) AS "since", false AS "is_gone"
  FROM "wanted" AS "w"
  LEFT JOIN "first" AS "g" ON "g"."source" = "w"."source" AND "g"."token" = "w"."token"
  WHERE "w"."current" IS NOT NULL OR "w"."living" = 0
  UNION ALL
  SELECT "o"."source", "o"."token", "o"."current", "o"."status", "o"."since", true AS "is_gone"
  FROM "identity_curated"."tokens" AS "o"
  WHERE NOT EXISTS (
    SELECT 1 FROM "wanted" AS "w"
    WHERE "w"."source" = "o"."source" AND "w"."token" = "o"."token" AND "w"."current" IS NOT DISTINCT FROM "o"."current"
      AND ("w"."current" IS NOT NULL OR "w"."living" = 0))
) AS "u"
ON ("t"."source" = "u"."source" AND "t"."token" = "u"."token" AND "t"."current" IS NOT DISTINCT FROM "u"."current")
WHEN MATCHED AND "u"."is_gone" THEN DELETE
WHEN MATCHED AND "u"."status" <> "t"."status" THEN UPDATE SET "status" = "u"."status"
WHEN NOT MATCHED THEN INSERT ("source", "token", "current", "status", "since")
VALUES ("u"."source", "u"."token", "u"."current", "u"."status", "u"."since");

MERGE INTO "identity_curated"."persons" AS "t"
-- The token of the person of each record. Records that a source no longer has are deleted.
USING (
  WITH
  "current" AS (
    SELECT "g"."record_key", "g"."of_source" AS "source", "g"."of_record" AS "record", "a"."group_token" AS "token"
    FROM "identity_curated"."person_groups" AS "g"
    JOIN "identity_curated"."person_assignments" AS "a" ON "a"."group_key" = "g"."group_key"
  ),
  "linked" AS (
    SELECT "record_key", min("rule_number") AS "rule_number"
    FROM (
      SELECT "record_a" AS "record_key", "rule_number" FROM "identity_curated"."person_links"
      UNION ALL
      SELECT "record_b" AS "record_key", "rule_number" FROM "identity_curated"."person_links"
    )
    GROUP BY "record_key"
  )
  SELECT "c"."source", "c"."record", "c"."token",
    CASE "l"."rule_number"
        WHEN 1 THEN 'SSN and birth date'
        WHEN 2 THEN 'member number and birth date'
        WHEN 3 THEN 'name, birth date and postcode'
        WHEN 4 THEN 'name, birth date and telephone'
        WHEN 5 THEN 'identifier and given name'
        WHEN 6 THEN 'member number and given name'
        WHEN 7 THEN 'given name, birth date and telephone, whatever the family name'
        WHEN 8 THEN 'name with a mistake, birth date and postcode'
        WHEN 9 THEN 'name, telephone, and birth date with a mistake'
        WHEN 10 THEN 'name and birth date'
    END AS "rule", false AS "is_gone"
  FROM "current" AS "c"
  LEFT JOIN "linked" AS "l" ON "l"."record_key" = "c"."record_key"
  UNION ALL
  SELECT "p"."source", "p"."record", "p"."token", "p"."rule", true AS "is_gone"
  FROM "identity_curated"."persons" AS "p"
  WHERE NOT EXISTS (SELECT 1 FROM "current" AS "c" WHERE "c"."source" = "p"."source" AND "c"."record" = "p"."record")
) AS "u"
ON ("t"."source" = "u"."source" AND "t"."record" = "u"."record")
WHEN MATCHED AND "u"."is_gone" THEN DELETE
WHEN MATCHED AND "u"."token" <> "t"."token" THEN UPDATE SET "token" = "u"."token", "rule" = "u"."rule", "since" = CAST(current_timestamp AS timestamp(6))
WHEN MATCHED AND "u"."rule" IS DISTINCT FROM "t"."rule" THEN UPDATE SET "rule" = "u"."rule"
WHEN NOT MATCHED THEN INSERT ("source", "record", "token", "rule", "since")
VALUES ("u"."source", "u"."record", "u"."token", "u"."rule", CAST(current_timestamp AS timestamp(6)));
