CREATE TABLE "analytics"."visits_deid"
WITH (
  table_type = 'ICEBERG',
  is_external = false,
  format = 'PARQUET',
  location = 's3://riverside-analytics/deid/'
)
AS
WITH "k" AS (
  SELECT CASE WHEN count(*) = 1 AND min(length("secret")) >= 32 THEN min("secret")
    ELSE to_utf8(CAST(CAST(concat('needed is one key of 32 bytes or more, found are ', CAST(count(*) AS varchar)) AS bigint) AS varchar)) END AS "secret"
  FROM "keys"."deidentification_key"
  WHERE "key_id" = 'research'
),
"new" AS (
  SELECT "r"."visit", "r"."patient", "r"."admitted", "r"."discharged", "r"."seen", "r"."reason"
  FROM (
    SELECT
      lower(to_hex(hmac_sha256(to_utf8(concat('token:', "s"."visit_number")), "k"."secret"))) AS "visit",
      lower(to_hex(hmac_sha256(to_utf8(concat('token:', "s"."patient_mrn")), "k"."secret"))) AS "patient",
      CAST(date_add('day', -(1 + mod(from_base(substr(to_hex(hmac_sha256(to_utf8(concat('shift:', "s"."patient_mrn")), "k"."secret")), 1, 12), 16), 365)), "s"."admitted") AS date) AS "admitted",
      CAST(CAST(date_add('day', -(1 + mod(from_base(substr(to_hex(hmac_sha256(to_utf8(concat('shift:', "s"."patient_mrn")), "k"."secret")), 1, 12), 16), 365)), TRY_CAST(substr("s"."discharged", 1, 10) AS date)) AS date) AS date) AS "discharged",
      CAST(date_add('day', -(1 + mod(from_base(substr(to_hex(hmac_sha256(to_utf8(concat('shift:', "s"."patient_mrn")), "k"."secret")), 1, 12), 16), 365)), "s"."seen") AS timestamp(6)) AS "seen",
      "s"."reason" AS "reason"
    FROM "curated"."visits" AS "s" CROSS JOIN "k"
  ) AS "r"
  WHERE "r"."visit" IS NOT NULL
)
SELECT "n"."visit", "n"."patient", "n"."admitted", "n"."discharged", "n"."seen", "n"."reason"
FROM "new" AS "n"
