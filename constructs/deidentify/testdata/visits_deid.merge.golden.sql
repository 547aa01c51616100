MERGE INTO "analytics"."visits_deid" AS "t"
USING (
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
  SELECT "n"."visit", "n"."patient", "n"."admitted", "n"."discharged", "n"."seen", "n"."reason", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."visit", "o"."patient", "o"."admitted", "o"."discharged", "o"."seen", "o"."reason", true AS "lakemesh gone"
  FROM "analytics"."visits_deid" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."visit" = "o"."visit")
) AS "u"
ON ("t"."visit" = "u"."visit")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."patient" IS DISTINCT FROM "u"."patient"
  OR "t"."admitted" IS DISTINCT FROM "u"."admitted"
  OR "t"."discharged" IS DISTINCT FROM "u"."discharged"
  OR "t"."seen" IS DISTINCT FROM "u"."seen"
  OR "t"."reason" IS DISTINCT FROM "u"."reason"
) THEN UPDATE SET
  "patient" = "u"."patient",
  "admitted" = "u"."admitted",
  "discharged" = "u"."discharged",
  "seen" = "u"."seen",
  "reason" = "u"."reason"
WHEN NOT MATCHED THEN INSERT ("visit", "patient", "admitted", "discharged", "seen", "reason")
VALUES ("u"."visit", "u"."patient", "u"."admitted", "u"."discharged", "u"."seen", "u"."reason")
