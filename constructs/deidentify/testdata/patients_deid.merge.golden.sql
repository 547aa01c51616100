MERGE INTO "analytics"."patients_deid" AS "t"
USING (
  WITH "k" AS (
    SELECT CASE WHEN count(*) = 1 AND min(length("secret")) >= 32 THEN min("secret")
      ELSE to_utf8(CAST(CAST(concat('needed is one key of 32 bytes or more, found are ', CAST(count(*) AS varchar)) AS bigint) AS varchar)) END AS "secret"
    FROM "keys"."deidentification_key"
    WHERE "key_id" = 'research'
  ),
  "new" AS (
    SELECT "r"."patient", "r"."birth_year", "r"."age_group", "r"."age_now", "r"."age_told", "r"."first_year", "r"."follow_up_days", "r"."zip3", "r"."home_zip3", "r"."state", "r"."member_code", "r"."occupation", "r"."gender", "r"."smoker", "r"."visits", "r"."bmi", "r"."ward", "r"."method", "r"."rules"
    FROM (
      SELECT
        lower(to_hex(hmac_sha256(to_utf8(concat('token:', "s"."mrn")), "k"."secret"))) AS "patient",
        CASE WHEN year(current_date) - TRY_CAST(substr("s"."birth_date", 1, 4) AS integer) < 90 THEN CAST(TRY_CAST(substr("s"."birth_date", 1, 4) AS integer) AS integer) END AS "birth_year",
        CASE WHEN NOT year(current_date) - year(TRY_CAST(substr("s"."birth_date", 1, 10) AS date)) < 90 THEN '90+' WHEN "s"."first_visit" BETWEEN TRY_CAST(substr("s"."birth_date", 1, 10) AS date) AND current_date THEN concat(CAST(date_diff('year', TRY_CAST(substr("s"."birth_date", 1, 10) AS date), "s"."first_visit") / 10 * 10 AS varchar), '-', CAST(date_diff('year', TRY_CAST(substr("s"."birth_date", 1, 10) AS date), "s"."first_visit") / 10 * 10 + 9 AS varchar)) END AS "age_group",
        CASE WHEN NOT year(current_date) - year(TRY_CAST(substr("s"."birth_date", 1, 10) AS date)) < 90 THEN '90+' WHEN current_date BETWEEN TRY_CAST(substr("s"."birth_date", 1, 10) AS date) AND current_date THEN concat(CAST(date_diff('year', TRY_CAST(substr("s"."birth_date", 1, 10) AS date), current_date) / 10 * 10 AS varchar), '-', CAST(date_diff('year', TRY_CAST(substr("s"."birth_date", 1, 10) AS date), current_date) / 10 * 10 + 9 AS varchar)) END AS "age_now",
        CASE WHEN "s"."age_years" >= 90 THEN '90+' WHEN "s"."age_years" >= 0 THEN concat(CAST("s"."age_years" / 10 * 10 AS varchar), '-', CAST("s"."age_years" / 10 * 10 + 9 AS varchar)) END AS "age_told",
        CASE WHEN year(current_date) - year("s"."first_visit") < 90 THEN CAST(year("s"."first_visit") AS bigint) END AS "first_year",
        CASE WHEN year(current_date) - year("s"."first_visit") < 90 AND year(current_date) - year(CAST("s"."last_visit" AS date)) < 90 THEN CAST(date_diff('day', "s"."first_visit", CAST("s"."last_visit" AS date)) AS integer) END AS "follow_up_days",
        CASE WHEN NOT regexp_like(trim("s"."zip_code"), '^[0-9]{5}(-?[0-9]{4})?$') THEN NULL WHEN substr(trim("s"."zip_code"), 1, 3) IN ('036', '059', '063', '090', '091', '092', '093', '094', '095', '096', '097', '098', '102', '202', '203', '204', '205', '340', '369', '556', '692', '753', '772', '790', '821', '823', '830', '831', '878', '879', '884', '890', '893', '962', '963', '964', '965', '966') THEN '000' ELSE substr(trim("s"."zip_code"), 1, 3) END AS "zip3",
        CASE WHEN NOT regexp_like(trim(element_at("s"."address", 1)."postalcode"), '^[0-9]{5}(-?[0-9]{4})?$') THEN NULL WHEN substr(trim(element_at("s"."address", 1)."postalcode"), 1, 3) IN ('036', '059', '063', '090', '091', '092', '093', '094', '095', '096', '097', '098', '102', '202', '203', '204', '205', '340', '369', '556', '692', '753', '772', '790', '821', '823', '830', '831', '878', '879', '884', '890', '893', '962', '963', '964', '965', '966') THEN '000' ELSE substr(trim(element_at("s"."address", 1)."postalcode"), 1, 3) END AS "home_zip3",
        CASE WHEN element_at("s"."address", 1)."state" IS NULL THEN NULL WHEN element_at("s"."address", 1)."state" IN ('MA', 'NH', 'NY') THEN element_at("s"."address", 1)."state" ELSE 'other' END AS "state",
        lower(to_hex(hmac_sha256(to_utf8(concat('token:', CAST("s"."member_number" AS varchar))), "k"."secret"))) AS "member_code",
        CASE WHEN "s"."occupation" IS NULL THEN NULL WHEN "s"."occupation" IN ('nurse', 'farmer''s hand') THEN "s"."occupation" ELSE 'other' END AS "occupation",
        "s"."gender" AS "gender",
        "s"."smoker" AS "smoker",
        CAST("s"."visits" AS bigint) AS "visits",
        "s"."bmi" AS "bmi",
        "s"."ward" AS "ward",
        CAST('safe-harbor' AS varchar) AS "method",
        CAST(3 AS integer) AS "rules"
      FROM "curated"."patients" AS "s" CROSS JOIN "k"
    ) AS "r"
    WHERE "r"."patient" IS NOT NULL
  )
  SELECT "n"."patient", "n"."birth_year", "n"."age_group", "n"."age_now", "n"."age_told", "n"."first_year", "n"."follow_up_days", "n"."zip3", "n"."home_zip3", "n"."state", "n"."member_code", "n"."occupation", "n"."gender", "n"."smoker", "n"."visits", "n"."bmi", "n"."ward", "n"."method", "n"."rules", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."patient", "o"."birth_year", "o"."age_group", "o"."age_now", "o"."age_told", "o"."first_year", "o"."follow_up_days", "o"."zip3", "o"."home_zip3", "o"."state", "o"."member_code", "o"."occupation", "o"."gender", "o"."smoker", "o"."visits", "o"."bmi", "o"."ward", "o"."method", "o"."rules", true AS "lakemesh gone"
  FROM "analytics"."patients_deid" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."patient" = "o"."patient")
) AS "u"
ON ("t"."patient" = "u"."patient")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."birth_year" IS DISTINCT FROM "u"."birth_year"
  OR "t"."age_group" IS DISTINCT FROM "u"."age_group"
  OR "t"."age_now" IS DISTINCT FROM "u"."age_now"
  OR "t"."age_told" IS DISTINCT FROM "u"."age_told"
  OR "t"."first_year" IS DISTINCT FROM "u"."first_year"
  OR "t"."follow_up_days" IS DISTINCT FROM "u"."follow_up_days"
  OR "t"."zip3" IS DISTINCT FROM "u"."zip3"
  OR "t"."home_zip3" IS DISTINCT FROM "u"."home_zip3"
  OR "t"."state" IS DISTINCT FROM "u"."state"
  OR "t"."member_code" IS DISTINCT FROM "u"."member_code"
  OR "t"."occupation" IS DISTINCT FROM "u"."occupation"
  OR "t"."gender" IS DISTINCT FROM "u"."gender"
  OR "t"."smoker" IS DISTINCT FROM "u"."smoker"
  OR "t"."visits" IS DISTINCT FROM "u"."visits"
  OR "t"."bmi" IS DISTINCT FROM "u"."bmi"
  OR "t"."ward" IS DISTINCT FROM "u"."ward"
  OR "t"."method" IS DISTINCT FROM "u"."method"
  OR "t"."rules" IS DISTINCT FROM "u"."rules"
) THEN UPDATE SET
  "birth_year" = "u"."birth_year",
  "age_group" = "u"."age_group",
  "age_now" = "u"."age_now",
  "age_told" = "u"."age_told",
  "first_year" = "u"."first_year",
  "follow_up_days" = "u"."follow_up_days",
  "zip3" = "u"."zip3",
  "home_zip3" = "u"."home_zip3",
  "state" = "u"."state",
  "member_code" = "u"."member_code",
  "occupation" = "u"."occupation",
  "gender" = "u"."gender",
  "smoker" = "u"."smoker",
  "visits" = "u"."visits",
  "bmi" = "u"."bmi",
  "ward" = "u"."ward",
  "method" = "u"."method",
  "rules" = "u"."rules"
WHEN NOT MATCHED THEN INSERT ("patient", "birth_year", "age_group", "age_now", "age_told", "first_year", "follow_up_days", "zip3", "home_zip3", "state", "member_code", "occupation", "gender", "smoker", "visits", "bmi", "ward", "method", "rules")
VALUES ("u"."patient", "u"."birth_year", "u"."age_group", "u"."age_now", "u"."age_told", "u"."first_year", "u"."follow_up_days", "u"."zip3", "u"."home_zip3", "u"."state", "u"."member_code", "u"."occupation", "u"."gender", "u"."smoker", "u"."visits", "u"."bmi", "u"."ward", "u"."method", "u"."rules")
