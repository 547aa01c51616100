-- riverside-clinical-deid-key-us-east-1, cron(10 3 ? * SUN *)

-- riverside_clinical_keys.deidentification_key from nothing
INSERT INTO "riverside_clinical_keys"."deidentification_key" ("key_id", "secret")
SELECT 'clinical', sha256(to_utf8(concat(CAST(uuid() AS varchar), CAST(uuid() AS varchar), CAST(uuid() AS varchar))))
WHERE NOT EXISTS (SELECT 1 FROM "riverside_clinical_keys"."deidentification_key" WHERE "key_id" = 'clinical');

-- riverside-claims-claim_lines-refresh-us-east-1, cron(15 1 * * ? *)

-- riverside_claims_curated.claim_lines from riverside_claims_raw.claim_lines
MERGE INTO "riverside_claims_curated"."claim_lines" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."claim_id" AS varchar) AS "claim_id",
        TRY_CAST("q"."line_number" AS integer) AS "line_number",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST("q"."member_id" AS varchar) AS "member_id",
        TRY_CAST("q"."subscriber_id" AS varchar) AS "subscriber_id",
        TRY_CAST("q"."relationship_to_subscriber" AS varchar) AS "relationship_to_subscriber",
        TRY_CAST("q"."patient_control_number" AS varchar) AS "patient_control_number",
        TRY_CAST("q"."claim_type" AS varchar) AS "claim_type",
        TRY_CAST("q"."claim_frequency_code" AS varchar) AS "claim_frequency_code",
        TRY_CAST("q"."payer_id" AS varchar) AS "payer_id",
        TRY_CAST("q"."plan_product" AS varchar) AS "plan_product",
        TRY_CAST("q"."billing_provider_npi" AS varchar) AS "billing_provider_npi",
        TRY_CAST("q"."rendering_provider_npi" AS varchar) AS "rendering_provider_npi",
        TRY_CAST("q"."rendering_provider_taxonomy" AS varchar) AS "rendering_provider_taxonomy",
        TRY_CAST("q"."network_status" AS varchar) AS "network_status",
        TRY_CAST("q"."service_from_date" AS date) AS "service_from_date",
        TRY_CAST("q"."service_to_date" AS date) AS "service_to_date",
        TRY_CAST("q"."service_year" AS integer) AS "service_year",
        TRY_CAST("q"."place_of_service" AS varchar) AS "place_of_service",
        TRY_CAST("q"."type_of_bill" AS varchar) AS "type_of_bill",
        TRY_CAST("q"."revenue_code" AS varchar) AS "revenue_code",
        TRY_CAST("q"."drg_code" AS varchar) AS "drg_code",
        TRY_CAST("q"."procedure_code" AS varchar) AS "procedure_code",
        TRY_CAST("q"."procedure_modifiers" AS array(varchar)) AS "procedure_modifiers",
        TRY_CAST("q"."ndc_code" AS varchar) AS "ndc_code",
        TRY_CAST("q"."principal_diagnosis_code" AS varchar) AS "principal_diagnosis_code",
        TRY_CAST("q"."diagnosis_codes" AS array(varchar)) AS "diagnosis_codes",
        TRY_CAST("q"."diagnosis_pointers" AS array(integer)) AS "diagnosis_pointers",
        TRY_CAST("q"."units" AS decimal(12,3)) AS "units",
        TRY_CAST("q"."unit_of_measure" AS varchar) AS "unit_of_measure",
        TRY_CAST("q"."charge_amount" AS decimal(12,2)) AS "charge_amount",
        TRY_CAST("q"."allowed_amount" AS decimal(12,2)) AS "allowed_amount",
        TRY_CAST("q"."paid_amount" AS decimal(12,2)) AS "paid_amount",
        TRY_CAST("q"."deductible_amount" AS decimal(12,2)) AS "deductible_amount",
        TRY_CAST("q"."copay_amount" AS decimal(12,2)) AS "copay_amount",
        TRY_CAST("q"."coinsurance_amount" AS decimal(12,2)) AS "coinsurance_amount",
        TRY_CAST("q"."cob_amount" AS decimal(12,2)) AS "cob_amount",
        TRY_CAST(CAST("q"."adjustments" AS json) AS array(row("group_code" varchar, "reason_code" varchar, "amount" decimal(12,2)))) AS "adjustments",
        TRY_CAST("q"."line_status" AS varchar) AS "line_status",
        TRY_CAST("q"."received_date" AS date) AS "received_date",
        TRY_CAST("q"."adjudicated_date" AS date) AS "adjudicated_date",
        TRY_CAST("q"."paid_date" AS date) AS "paid_date",
        TRY_CAST("q"."batch_id" AS varchar) AS "batch_id"
      FROM (
SELECT t.*
FROM (
  SELECT
    d.claim_id,
    d.line_number,
    nullif(d.member_token, '') AS member_token,
    d.member_id,
    d.subscriber_id,
    d.relationship_to_subscriber,
    d.patient_control_number,
    d.claim_type,
    d.claim_frequency_code,
    d.payer_id,
    d.plan_product,
    d.billing_provider_npi,
    d.rendering_provider_npi,
    d.rendering_provider_taxonomy,
    d.network_status,
    try_cast(d.service_from_date AS date) AS service_from_date,
    try_cast(d.service_to_date AS date) AS service_to_date,
    year(try_cast(d.service_from_date AS date)) AS service_year,
    d.place_of_service,
    d.type_of_bill,
    d.revenue_code,
    d.drg_code,
    d.procedure_code,
    d.procedure_modifiers,
    d.ndc_code,
    d.principal_diagnosis_code,
    d.diagnosis_codes,
    d.diagnosis_pointers,
    d.units,
    d.unit_of_measure,
    d.charge_amount,
    d.allowed_amount,
    d.paid_amount,
    d.deductible_amount,
    d.copay_amount,
    d.coinsurance_amount,
    d.cob_amount,
    d.adjustments,
    d.line_status,
    try_cast(d.received_date AS date) AS received_date,
    try_cast(substr(d.adjudicated_at, 1, 10) AS date) AS adjudicated_date,
    try_cast(d.paid_date AS date) AS paid_date,
    d.batch_id,
    row_number() OVER (PARTITION BY d.claim_id, d.line_number ORDER BY d.adjudicated_at DESC) AS choice
  FROM "riverside_claims_raw"."claim_lines" AS d
) AS t
WHERE t.choice = 1 -- the latest adjudication
  -- Columns that must have a value.
  AND t.member_id IS NOT NULL AND t.claim_type IS NOT NULL AND t.service_year IS NOT NULL
  AND t.charge_amount IS NOT NULL AND t.line_status IS NOT NULL
      ) AS "q"
    ) AS "r"
    WHERE "r"."claim_id" IS NOT NULL AND "r"."line_number" IS NOT NULL AND ("r"."adjudicated_date" IS NULL OR "r"."adjudicated_date" >= date_add('year', -10, current_date))
  )
  SELECT "n"."claim_id", "n"."line_number", "n"."member_token", "n"."member_id", "n"."subscriber_id", "n"."relationship_to_subscriber", "n"."patient_control_number", "n"."claim_type", "n"."claim_frequency_code", "n"."payer_id", "n"."plan_product", "n"."billing_provider_npi", "n"."rendering_provider_npi", "n"."rendering_provider_taxonomy", "n"."network_status", "n"."service_from_date", "n"."service_to_date", "n"."service_year", "n"."place_of_service", "n"."type_of_bill", "n"."revenue_code", "n"."drg_code", "n"."procedure_code", "n"."procedure_modifiers", "n"."ndc_code", "n"."principal_diagnosis_code", "n"."diagnosis_codes", "n"."diagnosis_pointers", "n"."units", "n"."unit_of_measure", "n"."charge_amount", "n"."allowed_amount", "n"."paid_amount", "n"."deductible_amount", "n"."copay_amount", "n"."coinsurance_amount", "n"."cob_amount", "n"."adjustments", "n"."line_status", "n"."received_date", "n"."adjudicated_date", "n"."paid_date", "n"."batch_id", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."claim_id", "o"."line_number", "o"."member_token", "o"."member_id", "o"."subscriber_id", "o"."relationship_to_subscriber", "o"."patient_control_number", "o"."claim_type", "o"."claim_frequency_code", "o"."payer_id", "o"."plan_product", "o"."billing_provider_npi", "o"."rendering_provider_npi", "o"."rendering_provider_taxonomy", "o"."network_status", "o"."service_from_date", "o"."service_to_date", "o"."service_year", "o"."place_of_service", "o"."type_of_bill", "o"."revenue_code", "o"."drg_code", "o"."procedure_code", "o"."procedure_modifiers", "o"."ndc_code", "o"."principal_diagnosis_code", "o"."diagnosis_codes", "o"."diagnosis_pointers", "o"."units", "o"."unit_of_measure", "o"."charge_amount", "o"."allowed_amount", "o"."paid_amount", "o"."deductible_amount", "o"."copay_amount", "o"."coinsurance_amount", "o"."cob_amount", "o"."adjustments", "o"."line_status", "o"."received_date", "o"."adjudicated_date", "o"."paid_date", "o"."batch_id", true AS "lakemesh gone"
  FROM "riverside_claims_curated"."claim_lines" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."claim_id" = "o"."claim_id" AND "n"."line_number" = "o"."line_number")
) AS "u"
ON ("t"."claim_id" = "u"."claim_id" AND "t"."line_number" = "u"."line_number")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR "t"."member_id" IS DISTINCT FROM "u"."member_id"
  OR "t"."subscriber_id" IS DISTINCT FROM "u"."subscriber_id"
  OR "t"."relationship_to_subscriber" IS DISTINCT FROM "u"."relationship_to_subscriber"
  OR "t"."patient_control_number" IS DISTINCT FROM "u"."patient_control_number"
  OR "t"."claim_type" IS DISTINCT FROM "u"."claim_type"
  OR "t"."claim_frequency_code" IS DISTINCT FROM "u"."claim_frequency_code"
  OR "t"."payer_id" IS DISTINCT FROM "u"."payer_id"
  OR "t"."plan_product" IS DISTINCT FROM "u"."plan_product"
  OR "t"."billing_provider_npi" IS DISTINCT FROM "u"."billing_provider_npi"
  OR "t"."rendering_provider_npi" IS DISTINCT FROM "u"."rendering_provider_npi"
  OR "t"."rendering_provider_taxonomy" IS DISTINCT FROM "u"."rendering_provider_taxonomy"
  OR "t"."network_status" IS DISTINCT FROM "u"."network_status"
  OR "t"."service_from_date" IS DISTINCT FROM "u"."service_from_date"
  OR "t"."service_to_date" IS DISTINCT FROM "u"."service_to_date"
  OR "t"."service_year" IS DISTINCT FROM "u"."service_year"
  OR "t"."place_of_service" IS DISTINCT FROM "u"."place_of_service"
  OR "t"."type_of_bill" IS DISTINCT FROM "u"."type_of_bill"
  OR "t"."revenue_code" IS DISTINCT FROM "u"."revenue_code"
  OR "t"."drg_code" IS DISTINCT FROM "u"."drg_code"
  OR "t"."procedure_code" IS DISTINCT FROM "u"."procedure_code"
  OR CAST("t"."procedure_modifiers" AS array(varchar)) IS DISTINCT FROM CAST("u"."procedure_modifiers" AS array(varchar))
  OR "t"."ndc_code" IS DISTINCT FROM "u"."ndc_code"
  OR "t"."principal_diagnosis_code" IS DISTINCT FROM "u"."principal_diagnosis_code"
  OR CAST("t"."diagnosis_codes" AS array(varchar)) IS DISTINCT FROM CAST("u"."diagnosis_codes" AS array(varchar))
  OR CAST("t"."diagnosis_pointers" AS array(integer)) IS DISTINCT FROM CAST("u"."diagnosis_pointers" AS array(integer))
  OR "t"."units" IS DISTINCT FROM "u"."units"
  OR "t"."unit_of_measure" IS DISTINCT FROM "u"."unit_of_measure"
  OR "t"."charge_amount" IS DISTINCT FROM "u"."charge_amount"
  OR "t"."allowed_amount" IS DISTINCT FROM "u"."allowed_amount"
  OR "t"."paid_amount" IS DISTINCT FROM "u"."paid_amount"
  OR "t"."deductible_amount" IS DISTINCT FROM "u"."deductible_amount"
  OR "t"."copay_amount" IS DISTINCT FROM "u"."copay_amount"
  OR "t"."coinsurance_amount" IS DISTINCT FROM "u"."coinsurance_amount"
  OR "t"."cob_amount" IS DISTINCT FROM "u"."cob_amount"
  OR CAST("t"."adjustments" AS array(row("group_code" varchar, "reason_code" varchar, "amount" decimal(12,2)))) IS DISTINCT FROM CAST("u"."adjustments" AS array(row("group_code" varchar, "reason_code" varchar, "amount" decimal(12,2))))
  OR "t"."line_status" IS DISTINCT FROM "u"."line_status"
  OR "t"."received_date" IS DISTINCT FROM "u"."received_date"
  OR "t"."adjudicated_date" IS DISTINCT FROM "u"."adjudicated_date"
  OR "t"."paid_date" IS DISTINCT FROM "u"."paid_date"
  OR "t"."batch_id" IS DISTINCT FROM "u"."batch_id"
) THEN UPDATE SET
  "member_token" = "u"."member_token",
  "member_id" = "u"."member_id",
  "subscriber_id" = "u"."subscriber_id",
  "relationship_to_subscriber" = "u"."relationship_to_subscriber",
  "patient_control_number" = "u"."patient_control_number",
  "claim_type" = "u"."claim_type",
  "claim_frequency_code" = "u"."claim_frequency_code",
  "payer_id" = "u"."payer_id",
  "plan_product" = "u"."plan_product",
  "billing_provider_npi" = "u"."billing_provider_npi",
  "rendering_provider_npi" = "u"."rendering_provider_npi",
  "rendering_provider_taxonomy" = "u"."rendering_provider_taxonomy",
  "network_status" = "u"."network_status",
  "service_from_date" = "u"."service_from_date",
  "service_to_date" = "u"."service_to_date",
  "service_year" = "u"."service_year",
  "place_of_service" = "u"."place_of_service",
  "type_of_bill" = "u"."type_of_bill",
  "revenue_code" = "u"."revenue_code",
  "drg_code" = "u"."drg_code",
  "procedure_code" = "u"."procedure_code",
  "procedure_modifiers" = CAST("u"."procedure_modifiers" AS array(varchar)),
  "ndc_code" = "u"."ndc_code",
  "principal_diagnosis_code" = "u"."principal_diagnosis_code",
  "diagnosis_codes" = CAST("u"."diagnosis_codes" AS array(varchar)),
  "diagnosis_pointers" = CAST("u"."diagnosis_pointers" AS array(integer)),
  "units" = "u"."units",
  "unit_of_measure" = "u"."unit_of_measure",
  "charge_amount" = "u"."charge_amount",
  "allowed_amount" = "u"."allowed_amount",
  "paid_amount" = "u"."paid_amount",
  "deductible_amount" = "u"."deductible_amount",
  "copay_amount" = "u"."copay_amount",
  "coinsurance_amount" = "u"."coinsurance_amount",
  "cob_amount" = "u"."cob_amount",
  "adjustments" = CAST("u"."adjustments" AS array(row("group_code" varchar, "reason_code" varchar, "amount" decimal(12,2)))),
  "line_status" = "u"."line_status",
  "received_date" = "u"."received_date",
  "adjudicated_date" = "u"."adjudicated_date",
  "paid_date" = "u"."paid_date",
  "batch_id" = "u"."batch_id"
WHEN NOT MATCHED THEN INSERT ("claim_id", "line_number", "member_token", "member_id", "subscriber_id", "relationship_to_subscriber", "patient_control_number", "claim_type", "claim_frequency_code", "payer_id", "plan_product", "billing_provider_npi", "rendering_provider_npi", "rendering_provider_taxonomy", "network_status", "service_from_date", "service_to_date", "service_year", "place_of_service", "type_of_bill", "revenue_code", "drg_code", "procedure_code", "procedure_modifiers", "ndc_code", "principal_diagnosis_code", "diagnosis_codes", "diagnosis_pointers", "units", "unit_of_measure", "charge_amount", "allowed_amount", "paid_amount", "deductible_amount", "copay_amount", "coinsurance_amount", "cob_amount", "adjustments", "line_status", "received_date", "adjudicated_date", "paid_date", "batch_id")
VALUES ("u"."claim_id", "u"."line_number", "u"."member_token", "u"."member_id", "u"."subscriber_id", "u"."relationship_to_subscriber", "u"."patient_control_number", "u"."claim_type", "u"."claim_frequency_code", "u"."payer_id", "u"."plan_product", "u"."billing_provider_npi", "u"."rendering_provider_npi", "u"."rendering_provider_taxonomy", "u"."network_status", "u"."service_from_date", "u"."service_to_date", "u"."service_year", "u"."place_of_service", "u"."type_of_bill", "u"."revenue_code", "u"."drg_code", "u"."procedure_code", "u"."procedure_modifiers", "u"."ndc_code", "u"."principal_diagnosis_code", "u"."diagnosis_codes", "u"."diagnosis_pointers", "u"."units", "u"."unit_of_measure", "u"."charge_amount", "u"."allowed_amount", "u"."paid_amount", "u"."deductible_amount", "u"."copay_amount", "u"."coinsurance_amount", "u"."cob_amount", "u"."adjustments", "u"."line_status", "u"."received_date", "u"."adjudicated_date", "u"."paid_date", "u"."batch_id");

-- riverside-clinical-fhir-refresh-us-east-1, cron(15 1 * * ? *)

-- riverside_clinical_curated.patient from the FHIR store
MERGE INTO "riverside_clinical_curated"."patient" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."id" AS varchar) AS "id",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST(CAST("q"."meta" AS json) AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) AS "meta",
        TRY_CAST("q"."extension" AS array(varchar)) AS "extension",
        TRY_CAST(CAST("q"."identifier" AS json) AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) AS "identifier",
        TRY_CAST("q"."active" AS boolean) AS "active",
        TRY_CAST(CAST("q"."name" AS json) AS array(row("use" varchar, "text" varchar, "family" varchar, "given" array(varchar), "prefix" array(varchar), "suffix" array(varchar), "period" row("start" varchar, "end" varchar)))) AS "name",
        TRY_CAST(CAST("q"."telecom" AS json) AS array(row("system" varchar, "value" varchar, "use" varchar, "rank" integer, "period" row("start" varchar, "end" varchar)))) AS "telecom",
        TRY_CAST("q"."gender" AS varchar) AS "gender",
        TRY_CAST("q"."birthdate" AS varchar) AS "birthdate",
        TRY_CAST("q"."birth_year" AS integer) AS "birth_year",
        TRY_CAST("q"."deceasedboolean" AS boolean) AS "deceasedboolean",
        TRY_CAST("q"."deceaseddatetime" AS varchar) AS "deceaseddatetime",
        TRY_CAST(CAST("q"."address" AS json) AS array(row("use" varchar, "type" varchar, "text" varchar, "line" array(varchar), "city" varchar, "district" varchar, "state" varchar, "postalcode" varchar, "country" varchar, "period" row("start" varchar, "end" varchar)))) AS "address",
        TRY_CAST("q"."state" AS varchar) AS "state",
        TRY_CAST(CAST("q"."maritalstatus" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "maritalstatus",
        TRY_CAST(CAST("q"."communication" AS json) AS array(row("language" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "preferred" boolean))) AS "communication",
        TRY_CAST(CAST("q"."generalpractitioner" AS json) AS array(row("reference" varchar, "type" varchar, "display" varchar))) AS "generalpractitioner",
        TRY_CAST(CAST("q"."managingorganization" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "managingorganization"
      FROM (
SELECT
  -- HealthLake's tables keep FHIR's elements in lower case, nested as they are, and
  -- each extension as a JSON text. Nested columns pass whole; the job takes their
  -- fields by name.
  p.id,
  element_at(filter(p.identifier, i -> i.system = 'https://riverside.example/fhir/member-token'), 1).value AS member_token,
  p.meta,
  p.extension,
  p.identifier,
  p.active,
  p.name,
  p.telecom,
  p.gender,
  p.birthdate,
  CASE
    WHEN try_cast(substr(p.birthdate, 1, 4) AS integer) > year(current_date) - 90
    THEN try_cast(substr(p.birthdate, 1, 4) AS integer)
  END AS birth_year,
  CASE WHEN p.deceaseddatetime IS NOT NULL THEN true ELSE p.deceasedboolean END AS deceasedboolean,
  p.deceaseddatetime,
  p.address,
  -- Of the address of use home that has not ended, else of the one without a use.
  regexp_extract(
    upper(coalesce(
      element_at(filter(p.address, a -> a.use = 'home' AND coalesce(a.period."end", '9999') >= CAST(current_date AS varchar)), 1).state,
      element_at(filter(p.address, a -> a.use IS NULL), 1).state
    )),
    '^(A[AEKLPRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])$',
    1
  ) AS state,
  p.maritalstatus,
  p.communication,
  p.generalpractitioner,
  p.managingorganization
FROM "riverside_clinical_fhir"."patient" AS p
      ) AS "q"
    ) AS "r"
    WHERE "r"."id" IS NOT NULL
  )
  SELECT "n"."id", "n"."member_token", "n"."meta", "n"."extension", "n"."identifier", "n"."active", "n"."name", "n"."telecom", "n"."gender", "n"."birthdate", "n"."birth_year", "n"."deceasedboolean", "n"."deceaseddatetime", "n"."address", "n"."state", "n"."maritalstatus", "n"."communication", "n"."generalpractitioner", "n"."managingorganization", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."id", "o"."member_token", "o"."meta", "o"."extension", "o"."identifier", "o"."active", "o"."name", "o"."telecom", "o"."gender", "o"."birthdate", "o"."birth_year", "o"."deceasedboolean", "o"."deceaseddatetime", "o"."address", "o"."state", "o"."maritalstatus", "o"."communication", "o"."generalpractitioner", "o"."managingorganization", true AS "lakemesh gone"
  FROM "riverside_clinical_curated"."patient" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."id" = "o"."id")
) AS "u"
ON ("t"."id" = "u"."id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR CAST("t"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) IS DISTINCT FROM CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar))))
  OR CAST("t"."extension" AS array(varchar)) IS DISTINCT FROM CAST("u"."extension" AS array(varchar))
  OR CAST("t"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar))))
  OR "t"."active" IS DISTINCT FROM "u"."active"
  OR CAST("t"."name" AS array(row("use" varchar, "text" varchar, "family" varchar, "given" array(varchar), "prefix" array(varchar), "suffix" array(varchar), "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."name" AS array(row("use" varchar, "text" varchar, "family" varchar, "given" array(varchar), "prefix" array(varchar), "suffix" array(varchar), "period" row("start" varchar, "end" varchar))))
  OR CAST("t"."telecom" AS array(row("system" varchar, "value" varchar, "use" varchar, "rank" integer, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."telecom" AS array(row("system" varchar, "value" varchar, "use" varchar, "rank" integer, "period" row("start" varchar, "end" varchar))))
  OR "t"."gender" IS DISTINCT FROM "u"."gender"
  OR "t"."birthdate" IS DISTINCT FROM "u"."birthdate"
  OR "t"."birth_year" IS DISTINCT FROM "u"."birth_year"
  OR "t"."deceasedboolean" IS DISTINCT FROM "u"."deceasedboolean"
  OR "t"."deceaseddatetime" IS DISTINCT FROM "u"."deceaseddatetime"
  OR CAST("t"."address" AS array(row("use" varchar, "type" varchar, "text" varchar, "line" array(varchar), "city" varchar, "district" varchar, "state" varchar, "postalcode" varchar, "country" varchar, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."address" AS array(row("use" varchar, "type" varchar, "text" varchar, "line" array(varchar), "city" varchar, "district" varchar, "state" varchar, "postalcode" varchar, "country" varchar, "period" row("start" varchar, "end" varchar))))
  OR "t"."state" IS DISTINCT FROM "u"."state"
  OR CAST("t"."maritalstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."maritalstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."communication" AS array(row("language" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "preferred" boolean))) IS DISTINCT FROM CAST("u"."communication" AS array(row("language" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "preferred" boolean)))
  OR CAST("t"."generalpractitioner" AS array(row("reference" varchar, "type" varchar, "display" varchar))) IS DISTINCT FROM CAST("u"."generalpractitioner" AS array(row("reference" varchar, "type" varchar, "display" varchar)))
  OR CAST("t"."managingorganization" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."managingorganization" AS row("reference" varchar, "type" varchar, "display" varchar))
) THEN UPDATE SET
  "member_token" = "u"."member_token",
  "meta" = CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))),
  "extension" = CAST("u"."extension" AS array(varchar)),
  "identifier" = CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))),
  "active" = "u"."active",
  "name" = CAST("u"."name" AS array(row("use" varchar, "text" varchar, "family" varchar, "given" array(varchar), "prefix" array(varchar), "suffix" array(varchar), "period" row("start" varchar, "end" varchar)))),
  "telecom" = CAST("u"."telecom" AS array(row("system" varchar, "value" varchar, "use" varchar, "rank" integer, "period" row("start" varchar, "end" varchar)))),
  "gender" = "u"."gender",
  "birthdate" = "u"."birthdate",
  "birth_year" = "u"."birth_year",
  "deceasedboolean" = "u"."deceasedboolean",
  "deceaseddatetime" = "u"."deceaseddatetime",
  "address" = CAST("u"."address" AS array(row("use" varchar, "type" varchar, "text" varchar, "line" array(varchar), "city" varchar, "district" varchar, "state" varchar, "postalcode" varchar, "country" varchar, "period" row("start" varchar, "end" varchar)))),
  "state" = "u"."state",
  "maritalstatus" = CAST("u"."maritalstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "communication" = CAST("u"."communication" AS array(row("language" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "preferred" boolean))),
  "generalpractitioner" = CAST("u"."generalpractitioner" AS array(row("reference" varchar, "type" varchar, "display" varchar))),
  "managingorganization" = CAST("u"."managingorganization" AS row("reference" varchar, "type" varchar, "display" varchar))
WHEN NOT MATCHED THEN INSERT ("id", "member_token", "meta", "extension", "identifier", "active", "name", "telecom", "gender", "birthdate", "birth_year", "deceasedboolean", "deceaseddatetime", "address", "state", "maritalstatus", "communication", "generalpractitioner", "managingorganization")
VALUES ("u"."id", "u"."member_token", "u"."meta", "u"."extension", "u"."identifier", "u"."active", "u"."name", "u"."telecom", "u"."gender", "u"."birthdate", "u"."birth_year", "u"."deceasedboolean", "u"."deceaseddatetime", "u"."address", "u"."state", "u"."maritalstatus", "u"."communication", "u"."generalpractitioner", "u"."managingorganization");

-- riverside_clinical_curated.condition from the FHIR store, riverside_clinical_curated.patient
MERGE INTO "riverside_clinical_curated"."condition" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."id" AS varchar) AS "id",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST(CAST("q"."meta" AS json) AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) AS "meta",
        TRY_CAST(CAST("q"."identifier" AS json) AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) AS "identifier",
        TRY_CAST(CAST("q"."clinicalstatus" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "clinicalstatus",
        TRY_CAST(CAST("q"."verificationstatus" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "verificationstatus",
        TRY_CAST(CAST("q"."category" AS json) AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "category",
        TRY_CAST(CAST("q"."severity" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "severity",
        TRY_CAST(CAST("q"."code" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "code",
        TRY_CAST(CAST("q"."bodysite" AS json) AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "bodysite",
        TRY_CAST(CAST("q"."subject" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "subject",
        TRY_CAST(CAST("q"."encounter" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "encounter",
        TRY_CAST("q"."onsetdatetime" AS varchar) AS "onsetdatetime",
        TRY_CAST("q"."onset_year" AS integer) AS "onset_year",
        TRY_CAST("q"."abatementdatetime" AS varchar) AS "abatementdatetime",
        TRY_CAST("q"."recordeddate" AS varchar) AS "recordeddate",
        TRY_CAST("q"."recorded_year" AS integer) AS "recorded_year",
        TRY_CAST(CAST("q"."recorder" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "recorder",
        TRY_CAST(CAST("q"."asserter" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "asserter",
        TRY_CAST(CAST("q"."note" AS json) AS array(row("authorstring" varchar, "time" varchar, "text" varchar))) AS "note"
      FROM (
SELECT
  c.id,
  p.member_token,
  c.meta,
  c.identifier,
  c.clinicalstatus,
  c.verificationstatus,
  c.category,
  c.severity,
  c.code,
  c.bodysite,
  c.subject,
  c.encounter,
  c.onsetdatetime,
  try_cast(substr(c.onsetdatetime, 1, 4) AS integer) AS onset_year,
  c.abatementdatetime,
  c.recordeddate,
  try_cast(substr(c.recordeddate, 1, 4) AS integer) AS recorded_year,
  c.recorder,
  c.asserter,
  c.note
FROM "riverside_clinical_fhir"."condition" AS c
JOIN "riverside_clinical_curated"."patient" AS p ON c.subject.reference = concat('Patient/', p.id)
WHERE c.code IS NOT NULL -- FHIR does not ask for one, this table does
      ) AS "q"
    ) AS "r"
    WHERE "r"."id" IS NOT NULL
  )
  SELECT "n"."id", "n"."member_token", "n"."meta", "n"."identifier", "n"."clinicalstatus", "n"."verificationstatus", "n"."category", "n"."severity", "n"."code", "n"."bodysite", "n"."subject", "n"."encounter", "n"."onsetdatetime", "n"."onset_year", "n"."abatementdatetime", "n"."recordeddate", "n"."recorded_year", "n"."recorder", "n"."asserter", "n"."note", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."id", "o"."member_token", "o"."meta", "o"."identifier", "o"."clinicalstatus", "o"."verificationstatus", "o"."category", "o"."severity", "o"."code", "o"."bodysite", "o"."subject", "o"."encounter", "o"."onsetdatetime", "o"."onset_year", "o"."abatementdatetime", "o"."recordeddate", "o"."recorded_year", "o"."recorder", "o"."asserter", "o"."note", true AS "lakemesh gone"
  FROM "riverside_clinical_curated"."condition" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."id" = "o"."id")
) AS "u"
ON ("t"."id" = "u"."id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR CAST("t"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) IS DISTINCT FROM CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar))))
  OR CAST("t"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar))))
  OR CAST("t"."clinicalstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."clinicalstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."verificationstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."verificationstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."category" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."category" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."severity" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."severity" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."code" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."code" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."bodysite" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."bodysite" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."subject" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."subject" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR CAST("t"."encounter" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."encounter" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR "t"."onsetdatetime" IS DISTINCT FROM "u"."onsetdatetime"
  OR "t"."onset_year" IS DISTINCT FROM "u"."onset_year"
  OR "t"."abatementdatetime" IS DISTINCT FROM "u"."abatementdatetime"
  OR "t"."recordeddate" IS DISTINCT FROM "u"."recordeddate"
  OR "t"."recorded_year" IS DISTINCT FROM "u"."recorded_year"
  OR CAST("t"."recorder" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."recorder" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR CAST("t"."asserter" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."asserter" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR CAST("t"."note" AS array(row("authorstring" varchar, "time" varchar, "text" varchar))) IS DISTINCT FROM CAST("u"."note" AS array(row("authorstring" varchar, "time" varchar, "text" varchar)))
) THEN UPDATE SET
  "member_token" = "u"."member_token",
  "meta" = CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))),
  "identifier" = CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))),
  "clinicalstatus" = CAST("u"."clinicalstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "verificationstatus" = CAST("u"."verificationstatus" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "category" = CAST("u"."category" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "severity" = CAST("u"."severity" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "code" = CAST("u"."code" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "bodysite" = CAST("u"."bodysite" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "subject" = CAST("u"."subject" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "encounter" = CAST("u"."encounter" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "onsetdatetime" = "u"."onsetdatetime",
  "onset_year" = "u"."onset_year",
  "abatementdatetime" = "u"."abatementdatetime",
  "recordeddate" = "u"."recordeddate",
  "recorded_year" = "u"."recorded_year",
  "recorder" = CAST("u"."recorder" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "asserter" = CAST("u"."asserter" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "note" = CAST("u"."note" AS array(row("authorstring" varchar, "time" varchar, "text" varchar)))
WHEN NOT MATCHED THEN INSERT ("id", "member_token", "meta", "identifier", "clinicalstatus", "verificationstatus", "category", "severity", "code", "bodysite", "subject", "encounter", "onsetdatetime", "onset_year", "abatementdatetime", "recordeddate", "recorded_year", "recorder", "asserter", "note")
VALUES ("u"."id", "u"."member_token", "u"."meta", "u"."identifier", "u"."clinicalstatus", "u"."verificationstatus", "u"."category", "u"."severity", "u"."code", "u"."bodysite", "u"."subject", "u"."encounter", "u"."onsetdatetime", "u"."onset_year", "u"."abatementdatetime", "u"."recordeddate", "u"."recorded_year", "u"."recorder", "u"."asserter", "u"."note");

-- riverside_clinical_curated.observation from the FHIR store, riverside_clinical_curated.patient
MERGE INTO "riverside_clinical_curated"."observation" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."id" AS varchar) AS "id",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST(CAST("q"."meta" AS json) AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) AS "meta",
        TRY_CAST(CAST("q"."identifier" AS json) AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) AS "identifier",
        TRY_CAST("q"."status" AS varchar) AS "status",
        TRY_CAST(CAST("q"."category" AS json) AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "category",
        TRY_CAST(CAST("q"."code" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "code",
        TRY_CAST(CAST("q"."subject" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "subject",
        TRY_CAST(CAST("q"."encounter" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "encounter",
        TRY_CAST("q"."effectivedatetime" AS varchar) AS "effectivedatetime",
        TRY_CAST("q"."effective_year" AS integer) AS "effective_year",
        TRY_CAST("q"."issued" AS varchar) AS "issued",
        TRY_CAST(CAST("q"."performer" AS json) AS array(row("reference" varchar, "type" varchar, "display" varchar))) AS "performer",
        TRY_CAST(CAST("q"."valuequantity" AS json) AS row("value" double, "unit" varchar, "system" varchar, "code" varchar)) AS "valuequantity",
        TRY_CAST(CAST("q"."valuecodeableconcept" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "valuecodeableconcept",
        TRY_CAST("q"."valuestring" AS varchar) AS "valuestring",
        TRY_CAST("q"."valueboolean" AS boolean) AS "valueboolean",
        TRY_CAST("q"."valueinteger" AS integer) AS "valueinteger",
        TRY_CAST(CAST("q"."dataabsentreason" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "dataabsentreason",
        TRY_CAST(CAST("q"."interpretation" AS json) AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "interpretation",
        TRY_CAST(CAST("q"."bodysite" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "bodysite",
        TRY_CAST(CAST("q"."method" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "method",
        TRY_CAST(CAST("q"."referencerange" AS json) AS array(row("low" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "high" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "text" varchar))) AS "referencerange",
        TRY_CAST(CAST("q"."component" AS json) AS array(row("code" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "valuequantity" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "valuecodeableconcept" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))) AS "component",
        TRY_CAST(CAST("q"."note" AS json) AS array(row("authorstring" varchar, "time" varchar, "text" varchar))) AS "note"
      FROM (
SELECT t.*
FROM (
  SELECT
    o.id,
    p.member_token,
    o.meta,
    o.identifier,
    o.status,
    o.category,
    o.code,
    o.subject,
    o.encounter,
    o.effectivedatetime,
    coalesce(
      try_cast(substr(o.effectivedatetime, 1, 4) AS integer),
      try_cast(substr(o.effectiveperiod.start, 1, 4) AS integer),
      try_cast(substr(o.effectiveinstant, 1, 4) AS integer),
      try_cast(substr(o.issued, 1, 4) AS integer),
      try_cast(substr(o.meta.lastupdated, 1, 4) AS integer)
    ) AS effective_year,
    o.issued,
    o.performer,
    o.valuequantity,
    o.valuecodeableconcept,
    o.valuestring,
    o.valueboolean,
    o.valueinteger,
    o.dataabsentreason,
    o.interpretation,
    o.bodysite,
    o.method,
    o.referencerange,
    o.component,
    o.note
  FROM "riverside_clinical_fhir"."observation" AS o
  JOIN "riverside_clinical_curated"."patient" AS p ON o.subject.reference = concat('Patient/', p.id)
) AS t
-- Columns that must have a value.
WHERE t.status IS NOT NULL AND t.code IS NOT NULL AND t.effective_year IS NOT NULL
      ) AS "q"
    ) AS "r"
    WHERE "r"."id" IS NOT NULL
  )
  SELECT "n"."id", "n"."member_token", "n"."meta", "n"."identifier", "n"."status", "n"."category", "n"."code", "n"."subject", "n"."encounter", "n"."effectivedatetime", "n"."effective_year", "n"."issued", "n"."performer", "n"."valuequantity", "n"."valuecodeableconcept", "n"."valuestring", "n"."valueboolean", "n"."valueinteger", "n"."dataabsentreason", "n"."interpretation", "n"."bodysite", "n"."method", "n"."referencerange", "n"."component", "n"."note", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."id", "o"."member_token", "o"."meta", "o"."identifier", "o"."status", "o"."category", "o"."code", "o"."subject", "o"."encounter", "o"."effectivedatetime", "o"."effective_year", "o"."issued", "o"."performer", "o"."valuequantity", "o"."valuecodeableconcept", "o"."valuestring", "o"."valueboolean", "o"."valueinteger", "o"."dataabsentreason", "o"."interpretation", "o"."bodysite", "o"."method", "o"."referencerange", "o"."component", "o"."note", true AS "lakemesh gone"
  FROM "riverside_clinical_curated"."observation" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."id" = "o"."id")
) AS "u"
ON ("t"."id" = "u"."id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR CAST("t"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) IS DISTINCT FROM CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar))))
  OR CAST("t"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar))))
  OR "t"."status" IS DISTINCT FROM "u"."status"
  OR CAST("t"."category" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."category" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."code" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."code" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."subject" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."subject" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR CAST("t"."encounter" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."encounter" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR "t"."effectivedatetime" IS DISTINCT FROM "u"."effectivedatetime"
  OR "t"."effective_year" IS DISTINCT FROM "u"."effective_year"
  OR "t"."issued" IS DISTINCT FROM "u"."issued"
  OR CAST("t"."performer" AS array(row("reference" varchar, "type" varchar, "display" varchar))) IS DISTINCT FROM CAST("u"."performer" AS array(row("reference" varchar, "type" varchar, "display" varchar)))
  OR CAST("t"."valuequantity" AS row("value" double, "unit" varchar, "system" varchar, "code" varchar)) IS DISTINCT FROM CAST("u"."valuequantity" AS row("value" double, "unit" varchar, "system" varchar, "code" varchar))
  OR CAST("t"."valuecodeableconcept" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."valuecodeableconcept" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR "t"."valuestring" IS DISTINCT FROM "u"."valuestring"
  OR "t"."valueboolean" IS DISTINCT FROM "u"."valueboolean"
  OR "t"."valueinteger" IS DISTINCT FROM "u"."valueinteger"
  OR CAST("t"."dataabsentreason" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."dataabsentreason" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."interpretation" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."interpretation" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."bodysite" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."bodysite" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."method" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."method" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."referencerange" AS array(row("low" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "high" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "text" varchar))) IS DISTINCT FROM CAST("u"."referencerange" AS array(row("low" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "high" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "text" varchar)))
  OR CAST("t"."component" AS array(row("code" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "valuequantity" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "valuecodeableconcept" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))) IS DISTINCT FROM CAST("u"."component" AS array(row("code" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "valuequantity" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "valuecodeableconcept" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))))
  OR CAST("t"."note" AS array(row("authorstring" varchar, "time" varchar, "text" varchar))) IS DISTINCT FROM CAST("u"."note" AS array(row("authorstring" varchar, "time" varchar, "text" varchar)))
) THEN UPDATE SET
  "member_token" = "u"."member_token",
  "meta" = CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))),
  "identifier" = CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))),
  "status" = "u"."status",
  "category" = CAST("u"."category" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "code" = CAST("u"."code" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "subject" = CAST("u"."subject" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "encounter" = CAST("u"."encounter" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "effectivedatetime" = "u"."effectivedatetime",
  "effective_year" = "u"."effective_year",
  "issued" = "u"."issued",
  "performer" = CAST("u"."performer" AS array(row("reference" varchar, "type" varchar, "display" varchar))),
  "valuequantity" = CAST("u"."valuequantity" AS row("value" double, "unit" varchar, "system" varchar, "code" varchar)),
  "valuecodeableconcept" = CAST("u"."valuecodeableconcept" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "valuestring" = "u"."valuestring",
  "valueboolean" = "u"."valueboolean",
  "valueinteger" = "u"."valueinteger",
  "dataabsentreason" = CAST("u"."dataabsentreason" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "interpretation" = CAST("u"."interpretation" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "bodysite" = CAST("u"."bodysite" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "method" = CAST("u"."method" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "referencerange" = CAST("u"."referencerange" AS array(row("low" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "high" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "text" varchar))),
  "component" = CAST("u"."component" AS array(row("code" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "valuequantity" row("value" double, "unit" varchar, "system" varchar, "code" varchar), "valuecodeableconcept" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))),
  "note" = CAST("u"."note" AS array(row("authorstring" varchar, "time" varchar, "text" varchar)))
WHEN NOT MATCHED THEN INSERT ("id", "member_token", "meta", "identifier", "status", "category", "code", "subject", "encounter", "effectivedatetime", "effective_year", "issued", "performer", "valuequantity", "valuecodeableconcept", "valuestring", "valueboolean", "valueinteger", "dataabsentreason", "interpretation", "bodysite", "method", "referencerange", "component", "note")
VALUES ("u"."id", "u"."member_token", "u"."meta", "u"."identifier", "u"."status", "u"."category", "u"."code", "u"."subject", "u"."encounter", "u"."effectivedatetime", "u"."effective_year", "u"."issued", "u"."performer", "u"."valuequantity", "u"."valuecodeableconcept", "u"."valuestring", "u"."valueboolean", "u"."valueinteger", "u"."dataabsentreason", "u"."interpretation", "u"."bodysite", "u"."method", "u"."referencerange", "u"."component", "u"."note");

-- riverside_clinical_curated.encounter from the FHIR store, riverside_clinical_curated.patient
MERGE INTO "riverside_clinical_curated"."encounter" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."id" AS varchar) AS "id",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST(CAST("q"."meta" AS json) AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) AS "meta",
        TRY_CAST(CAST("q"."identifier" AS json) AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) AS "identifier",
        TRY_CAST("q"."status" AS varchar) AS "status",
        TRY_CAST(CAST("q"."class" AS json) AS row("system" varchar, "version" varchar, "code" varchar, "display" varchar)) AS "class",
        TRY_CAST(CAST("q"."type" AS json) AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "type",
        TRY_CAST(CAST("q"."servicetype" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "servicetype",
        TRY_CAST(CAST("q"."priority" AS json) AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) AS "priority",
        TRY_CAST(CAST("q"."subject" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "subject",
        TRY_CAST(CAST("q"."participant" AS json) AS array(row("type" array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)), "period" row("start" varchar, "end" varchar), "individual" row("reference" varchar, "type" varchar, "display" varchar)))) AS "participant",
        TRY_CAST(CAST("q"."period" AS json) AS row("start" varchar, "end" varchar)) AS "period",
        TRY_CAST("q"."start_year" AS integer) AS "start_year",
        TRY_CAST("q"."length_days" AS integer) AS "length_days",
        TRY_CAST(CAST("q"."reasoncode" AS json) AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "reasoncode",
        TRY_CAST(CAST("q"."diagnosis" AS json) AS array(row("condition" row("reference" varchar, "type" varchar, "display" varchar), "use" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "rank" integer))) AS "diagnosis",
        TRY_CAST(CAST("q"."hospitalization" AS json) AS row("admitsource" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "readmission" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "dischargedisposition" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) AS "hospitalization",
        TRY_CAST(CAST("q"."location" AS json) AS array(row("location" row("reference" varchar, "type" varchar, "display" varchar), "status" varchar, "period" row("start" varchar, "end" varchar)))) AS "location",
        TRY_CAST(CAST("q"."serviceprovider" AS json) AS row("reference" varchar, "type" varchar, "display" varchar)) AS "serviceprovider"
      FROM (
SELECT t.*
FROM (
  SELECT
    e.id,
    p.member_token,
    e.meta,
    e.identifier,
    e.status,
    e.class,
    e.type,
    e.servicetype,
    e.priority,
    e.subject,
    e.participant,
    e.period,
    coalesce(
      try_cast(substr(e.period.start, 1, 4) AS integer),
      try_cast(substr(e.period."end", 1, 4) AS integer),
      try_cast(substr(e.meta.lastupdated, 1, 4) AS integer)
    ) AS start_year,
    -- Days as the record writes them, where the encounter was; none of parts of dates.
    CASE
      WHEN try_cast(substr(e.period."end", 1, 10) AS date) >= try_cast(substr(e.period.start, 1, 10) AS date)
      THEN date_diff('day', try_cast(substr(e.period.start, 1, 10) AS date), try_cast(substr(e.period."end", 1, 10) AS date))
    END AS length_days,
    e.reasoncode,
    e.diagnosis,
    e.hospitalization,
    e.location,
    e.serviceprovider
  FROM "riverside_clinical_fhir"."encounter" AS e
  JOIN "riverside_clinical_curated"."patient" AS p ON e.subject.reference = concat('Patient/', p.id)
) AS t
-- Columns that must have a value.
WHERE t.status IS NOT NULL AND t.class IS NOT NULL AND t.start_year IS NOT NULL
      ) AS "q"
    ) AS "r"
    WHERE "r"."id" IS NOT NULL
  )
  SELECT "n"."id", "n"."member_token", "n"."meta", "n"."identifier", "n"."status", "n"."class", "n"."type", "n"."servicetype", "n"."priority", "n"."subject", "n"."participant", "n"."period", "n"."start_year", "n"."length_days", "n"."reasoncode", "n"."diagnosis", "n"."hospitalization", "n"."location", "n"."serviceprovider", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."id", "o"."member_token", "o"."meta", "o"."identifier", "o"."status", "o"."class", "o"."type", "o"."servicetype", "o"."priority", "o"."subject", "o"."participant", "o"."period", "o"."start_year", "o"."length_days", "o"."reasoncode", "o"."diagnosis", "o"."hospitalization", "o"."location", "o"."serviceprovider", true AS "lakemesh gone"
  FROM "riverside_clinical_curated"."encounter" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."id" = "o"."id")
) AS "u"
ON ("t"."id" = "u"."id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR CAST("t"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))) IS DISTINCT FROM CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar))))
  OR CAST("t"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar))))
  OR "t"."status" IS DISTINCT FROM "u"."status"
  OR CAST("t"."class" AS row("system" varchar, "version" varchar, "code" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."class" AS row("system" varchar, "version" varchar, "code" varchar, "display" varchar))
  OR CAST("t"."type" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."type" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."servicetype" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."servicetype" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."priority" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)) IS DISTINCT FROM CAST("u"."priority" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))
  OR CAST("t"."subject" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."subject" AS row("reference" varchar, "type" varchar, "display" varchar))
  OR CAST("t"."participant" AS array(row("type" array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)), "period" row("start" varchar, "end" varchar), "individual" row("reference" varchar, "type" varchar, "display" varchar)))) IS DISTINCT FROM CAST("u"."participant" AS array(row("type" array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)), "period" row("start" varchar, "end" varchar), "individual" row("reference" varchar, "type" varchar, "display" varchar))))
  OR CAST("t"."period" AS row("start" varchar, "end" varchar)) IS DISTINCT FROM CAST("u"."period" AS row("start" varchar, "end" varchar))
  OR "t"."start_year" IS DISTINCT FROM "u"."start_year"
  OR "t"."length_days" IS DISTINCT FROM "u"."length_days"
  OR CAST("t"."reasoncode" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."reasoncode" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."diagnosis" AS array(row("condition" row("reference" varchar, "type" varchar, "display" varchar), "use" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "rank" integer))) IS DISTINCT FROM CAST("u"."diagnosis" AS array(row("condition" row("reference" varchar, "type" varchar, "display" varchar), "use" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "rank" integer)))
  OR CAST("t"."hospitalization" AS row("admitsource" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "readmission" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "dischargedisposition" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))) IS DISTINCT FROM CAST("u"."hospitalization" AS row("admitsource" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "readmission" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "dischargedisposition" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)))
  OR CAST("t"."location" AS array(row("location" row("reference" varchar, "type" varchar, "display" varchar), "status" varchar, "period" row("start" varchar, "end" varchar)))) IS DISTINCT FROM CAST("u"."location" AS array(row("location" row("reference" varchar, "type" varchar, "display" varchar), "status" varchar, "period" row("start" varchar, "end" varchar))))
  OR CAST("t"."serviceprovider" AS row("reference" varchar, "type" varchar, "display" varchar)) IS DISTINCT FROM CAST("u"."serviceprovider" AS row("reference" varchar, "type" varchar, "display" varchar))
) THEN UPDATE SET
  "member_token" = "u"."member_token",
  "meta" = CAST("u"."meta" AS row("versionid" varchar, "lastupdated" varchar, "profile" array(varchar), "tag" array(row("system" varchar, "code" varchar, "display" varchar)))),
  "identifier" = CAST("u"."identifier" AS array(row("use" varchar, "type" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "system" varchar, "value" varchar, "period" row("start" varchar, "end" varchar)))),
  "status" = "u"."status",
  "class" = CAST("u"."class" AS row("system" varchar, "version" varchar, "code" varchar, "display" varchar)),
  "type" = CAST("u"."type" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "servicetype" = CAST("u"."servicetype" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "priority" = CAST("u"."priority" AS row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)),
  "subject" = CAST("u"."subject" AS row("reference" varchar, "type" varchar, "display" varchar)),
  "participant" = CAST("u"."participant" AS array(row("type" array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar)), "period" row("start" varchar, "end" varchar), "individual" row("reference" varchar, "type" varchar, "display" varchar)))),
  "period" = CAST("u"."period" AS row("start" varchar, "end" varchar)),
  "start_year" = "u"."start_year",
  "length_days" = "u"."length_days",
  "reasoncode" = CAST("u"."reasoncode" AS array(row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "diagnosis" = CAST("u"."diagnosis" AS array(row("condition" row("reference" varchar, "type" varchar, "display" varchar), "use" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "rank" integer))),
  "hospitalization" = CAST("u"."hospitalization" AS row("admitsource" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "readmission" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar), "dischargedisposition" row("coding" array(row("system" varchar, "version" varchar, "code" varchar, "display" varchar)), "text" varchar))),
  "location" = CAST("u"."location" AS array(row("location" row("reference" varchar, "type" varchar, "display" varchar), "status" varchar, "period" row("start" varchar, "end" varchar)))),
  "serviceprovider" = CAST("u"."serviceprovider" AS row("reference" varchar, "type" varchar, "display" varchar))
WHEN NOT MATCHED THEN INSERT ("id", "member_token", "meta", "identifier", "status", "class", "type", "servicetype", "priority", "subject", "participant", "period", "start_year", "length_days", "reasoncode", "diagnosis", "hospitalization", "location", "serviceprovider")
VALUES ("u"."id", "u"."member_token", "u"."meta", "u"."identifier", "u"."status", "u"."class", "u"."type", "u"."servicetype", "u"."priority", "u"."subject", "u"."participant", "u"."period", "u"."start_year", "u"."length_days", "u"."reasoncode", "u"."diagnosis", "u"."hospitalization", "u"."location", "u"."serviceprovider");

-- riverside-clinical-patient_deid-deidentify-us-east-1, cron(15 3 ? * SUN *)
-- after riverside-clinical-deid-key-us-east-1
-- after riverside-clinical-research_registry-quality-us-east-1
-- after riverside-clinical-research_registry-refresh-us-east-1

-- riverside_clinical_analytics.patient_deid from riverside_clinical_curated.enrolment
MERGE INTO "riverside_clinical_analytics"."patient_deid" AS "t"
USING (
  WITH "k" AS (
    SELECT CASE WHEN count(*) = 1 AND min(length("secret")) >= 32 THEN min("secret")
      ELSE to_utf8(CAST(CAST(concat('needed is one key of 32 bytes or more, found are ', CAST(count(*) AS varchar)) AS bigint) AS varchar)) END AS "secret"
    FROM "riverside_clinical_keys"."deidentification_key"
    WHERE "key_id" = 'clinical'
  ),
  "new" AS (
    SELECT "r"."patient_token", "r"."study_id", "r"."birth_year", "r"."age_group", "r"."gender", "r"."race", "r"."ethnicity", "r"."state", "r"."zip3", "r"."deceased", "r"."index_year", "r"."index_condition_code", "r"."index_condition_name", "r"."active_condition_count", "r"."has_hypertension", "r"."has_diabetes", "r"."has_chronic_kidney_disease", "r"."has_atrial_fibrillation", "r"."lvef_percent", "r"."ntprobnp_pg_ml", "r"."systolic_mm_hg", "r"."egfr_ml_min", "r"."hba1c_percent", "r"."bmi_kg_m2", "r"."encounter_count", "r"."inpatient_stay_count", "r"."readmitted_30_days", "r"."follow_up_days", "r"."has_sequence", "r"."deid_method", "r"."deid_rules_version"
    FROM (
      SELECT
        lower(to_hex(hmac_sha256(to_utf8(concat('token:', "s"."member_token")), "k"."secret"))) AS "patient_token",
        "s"."study_id" AS "study_id",
        CASE WHEN year(current_date) - year("s"."birth_date") < 90 THEN CAST(year("s"."birth_date") AS integer) END AS "birth_year",
        CASE WHEN NOT year(current_date) - year("s"."birth_date") < 90 THEN '90+' WHEN "s"."index_date" BETWEEN "s"."birth_date" AND current_date THEN concat(CAST(date_diff('year', "s"."birth_date", "s"."index_date") / 10 * 10 AS varchar), '-', CAST(date_diff('year', "s"."birth_date", "s"."index_date") / 10 * 10 + 9 AS varchar)) END AS "age_group",
        "s"."gender" AS "gender",
        CASE WHEN "s"."race" IS NULL THEN NULL WHEN "s"."race" IN ('white', 'black', 'asian') THEN "s"."race" ELSE 'other' END AS "race",
        "s"."ethnicity" AS "ethnicity",
        "s"."state" AS "state",
        CASE WHEN NOT regexp_like(trim("s"."zip_code"), '^[0-9]{5}(-?[0-9]{4})?$') THEN NULL WHEN substr(trim("s"."zip_code"), 1, 3) IN ('036', '059', '063', '090', '091', '092', '093', '094', '095', '096', '097', '098', '102', '202', '203', '204', '205', '340', '369', '556', '692', '753', '772', '790', '821', '823', '830', '831', '878', '879', '884', '890', '893', '962', '963', '964', '965', '966') THEN '000' ELSE substr(trim("s"."zip_code"), 1, 3) END AS "zip3",
        "s"."deceased" AS "deceased",
        CASE WHEN year(current_date) - year("s"."index_date") < 90 THEN CAST(year("s"."index_date") AS integer) END AS "index_year",
        "s"."index_condition_code" AS "index_condition_code",
        "s"."index_condition_name" AS "index_condition_name",
        "s"."active_condition_count" AS "active_condition_count",
        "s"."has_hypertension" AS "has_hypertension",
        "s"."has_diabetes" AS "has_diabetes",
        "s"."has_chronic_kidney_disease" AS "has_chronic_kidney_disease",
        "s"."has_atrial_fibrillation" AS "has_atrial_fibrillation",
        "s"."lvef_percent" AS "lvef_percent",
        "s"."ntprobnp_pg_ml" AS "ntprobnp_pg_ml",
        "s"."systolic_mm_hg" AS "systolic_mm_hg",
        "s"."egfr_ml_min" AS "egfr_ml_min",
        "s"."hba1c_percent" AS "hba1c_percent",
        "s"."bmi_kg_m2" AS "bmi_kg_m2",
        "s"."encounter_count" AS "encounter_count",
        "s"."inpatient_stay_count" AS "inpatient_stay_count",
        "s"."readmitted_30_days" AS "readmitted_30_days",
        CASE WHEN year(current_date) - year("s"."index_date") < 90 AND year(current_date) - year("s"."last_encounter_date") < 90 THEN CAST(date_diff('day', "s"."index_date", "s"."last_encounter_date") AS integer) END AS "follow_up_days",
        "s"."has_sequence" AS "has_sequence",
        CAST('safe-harbor' AS varchar) AS "deid_method",
        CAST('1' AS varchar) AS "deid_rules_version"
      FROM "riverside_clinical_curated"."enrolment" AS "s" CROSS JOIN "k"
    ) AS "r"
    WHERE "r"."patient_token" IS NOT NULL AND "r"."study_id" IS NOT NULL
  )
  SELECT "n"."patient_token", "n"."study_id", "n"."birth_year", "n"."age_group", "n"."gender", "n"."race", "n"."ethnicity", "n"."state", "n"."zip3", "n"."deceased", "n"."index_year", "n"."index_condition_code", "n"."index_condition_name", "n"."active_condition_count", "n"."has_hypertension", "n"."has_diabetes", "n"."has_chronic_kidney_disease", "n"."has_atrial_fibrillation", "n"."lvef_percent", "n"."ntprobnp_pg_ml", "n"."systolic_mm_hg", "n"."egfr_ml_min", "n"."hba1c_percent", "n"."bmi_kg_m2", "n"."encounter_count", "n"."inpatient_stay_count", "n"."readmitted_30_days", "n"."follow_up_days", "n"."has_sequence", "n"."deid_method", "n"."deid_rules_version", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."patient_token", "o"."study_id", "o"."birth_year", "o"."age_group", "o"."gender", "o"."race", "o"."ethnicity", "o"."state", "o"."zip3", "o"."deceased", "o"."index_year", "o"."index_condition_code", "o"."index_condition_name", "o"."active_condition_count", "o"."has_hypertension", "o"."has_diabetes", "o"."has_chronic_kidney_disease", "o"."has_atrial_fibrillation", "o"."lvef_percent", "o"."ntprobnp_pg_ml", "o"."systolic_mm_hg", "o"."egfr_ml_min", "o"."hba1c_percent", "o"."bmi_kg_m2", "o"."encounter_count", "o"."inpatient_stay_count", "o"."readmitted_30_days", "o"."follow_up_days", "o"."has_sequence", "o"."deid_method", "o"."deid_rules_version", true AS "lakemesh gone"
  FROM "riverside_clinical_analytics"."patient_deid" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."patient_token" = "o"."patient_token" AND "n"."study_id" = "o"."study_id")
) AS "u"
ON ("t"."patient_token" = "u"."patient_token" AND "t"."study_id" = "u"."study_id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."birth_year" IS DISTINCT FROM "u"."birth_year"
  OR "t"."age_group" IS DISTINCT FROM "u"."age_group"
  OR "t"."gender" IS DISTINCT FROM "u"."gender"
  OR "t"."race" IS DISTINCT FROM "u"."race"
  OR "t"."ethnicity" IS DISTINCT FROM "u"."ethnicity"
  OR "t"."state" IS DISTINCT FROM "u"."state"
  OR "t"."zip3" IS DISTINCT FROM "u"."zip3"
  OR "t"."deceased" IS DISTINCT FROM "u"."deceased"
  OR "t"."index_year" IS DISTINCT FROM "u"."index_year"
  OR "t"."index_condition_code" IS DISTINCT FROM "u"."index_condition_code"
  OR "t"."index_condition_name" IS DISTINCT FROM "u"."index_condition_name"
  OR "t"."active_condition_count" IS DISTINCT FROM "u"."active_condition_count"
  OR "t"."has_hypertension" IS DISTINCT FROM "u"."has_hypertension"
  OR "t"."has_diabetes" IS DISTINCT FROM "u"."has_diabetes"
  OR "t"."has_chronic_kidney_disease" IS DISTINCT FROM "u"."has_chronic_kidney_disease"
  OR "t"."has_atrial_fibrillation" IS DISTINCT FROM "u"."has_atrial_fibrillation"
  OR "t"."lvef_percent" IS DISTINCT FROM "u"."lvef_percent"
  OR "t"."ntprobnp_pg_ml" IS DISTINCT FROM "u"."ntprobnp_pg_ml"
  OR "t"."systolic_mm_hg" IS DISTINCT FROM "u"."systolic_mm_hg"
  OR "t"."egfr_ml_min" IS DISTINCT FROM "u"."egfr_ml_min"
  OR "t"."hba1c_percent" IS DISTINCT FROM "u"."hba1c_percent"
  OR "t"."bmi_kg_m2" IS DISTINCT FROM "u"."bmi_kg_m2"
  OR "t"."encounter_count" IS DISTINCT FROM "u"."encounter_count"
  OR "t"."inpatient_stay_count" IS DISTINCT FROM "u"."inpatient_stay_count"
  OR "t"."readmitted_30_days" IS DISTINCT FROM "u"."readmitted_30_days"
  OR "t"."follow_up_days" IS DISTINCT FROM "u"."follow_up_days"
  OR "t"."has_sequence" IS DISTINCT FROM "u"."has_sequence"
  OR "t"."deid_method" IS DISTINCT FROM "u"."deid_method"
  OR "t"."deid_rules_version" IS DISTINCT FROM "u"."deid_rules_version"
) THEN UPDATE SET
  "birth_year" = "u"."birth_year",
  "age_group" = "u"."age_group",
  "gender" = "u"."gender",
  "race" = "u"."race",
  "ethnicity" = "u"."ethnicity",
  "state" = "u"."state",
  "zip3" = "u"."zip3",
  "deceased" = "u"."deceased",
  "index_year" = "u"."index_year",
  "index_condition_code" = "u"."index_condition_code",
  "index_condition_name" = "u"."index_condition_name",
  "active_condition_count" = "u"."active_condition_count",
  "has_hypertension" = "u"."has_hypertension",
  "has_diabetes" = "u"."has_diabetes",
  "has_chronic_kidney_disease" = "u"."has_chronic_kidney_disease",
  "has_atrial_fibrillation" = "u"."has_atrial_fibrillation",
  "lvef_percent" = "u"."lvef_percent",
  "ntprobnp_pg_ml" = "u"."ntprobnp_pg_ml",
  "systolic_mm_hg" = "u"."systolic_mm_hg",
  "egfr_ml_min" = "u"."egfr_ml_min",
  "hba1c_percent" = "u"."hba1c_percent",
  "bmi_kg_m2" = "u"."bmi_kg_m2",
  "encounter_count" = "u"."encounter_count",
  "inpatient_stay_count" = "u"."inpatient_stay_count",
  "readmitted_30_days" = "u"."readmitted_30_days",
  "follow_up_days" = "u"."follow_up_days",
  "has_sequence" = "u"."has_sequence",
  "deid_method" = "u"."deid_method",
  "deid_rules_version" = "u"."deid_rules_version"
WHEN NOT MATCHED THEN INSERT ("patient_token", "study_id", "birth_year", "age_group", "gender", "race", "ethnicity", "state", "zip3", "deceased", "index_year", "index_condition_code", "index_condition_name", "active_condition_count", "has_hypertension", "has_diabetes", "has_chronic_kidney_disease", "has_atrial_fibrillation", "lvef_percent", "ntprobnp_pg_ml", "systolic_mm_hg", "egfr_ml_min", "hba1c_percent", "bmi_kg_m2", "encounter_count", "inpatient_stay_count", "readmitted_30_days", "follow_up_days", "has_sequence", "deid_method", "deid_rules_version")
VALUES ("u"."patient_token", "u"."study_id", "u"."birth_year", "u"."age_group", "u"."gender", "u"."race", "u"."ethnicity", "u"."state", "u"."zip3", "u"."deceased", "u"."index_year", "u"."index_condition_code", "u"."index_condition_name", "u"."active_condition_count", "u"."has_hypertension", "u"."has_diabetes", "u"."has_chronic_kidney_disease", "u"."has_atrial_fibrillation", "u"."lvef_percent", "u"."ntprobnp_pg_ml", "u"."systolic_mm_hg", "u"."egfr_ml_min", "u"."hba1c_percent", "u"."bmi_kg_m2", "u"."encounter_count", "u"."inpatient_stay_count", "u"."readmitted_30_days", "u"."follow_up_days", "u"."has_sequence", "u"."deid_method", "u"."deid_rules_version");

-- riverside-clinical-research_registry-refresh-us-east-1, cron(20 1 * * ? *)
-- after riverside-clinical-fhir-quality-us-east-1
-- after riverside-clinical-fhir-refresh-us-east-1

-- riverside_clinical_curated.enrolment from the FHIR store, riverside_clinical_curated.condition, riverside_clinical_curated.encounter, riverside_clinical_curated.observation, riverside_clinical_curated.patient
MERGE INTO "riverside_clinical_curated"."enrolment" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST("q"."study_id" AS varchar) AS "study_id",
        TRY_CAST("q"."mrn" AS varchar) AS "mrn",
        TRY_CAST("q"."patient_name" AS varchar) AS "patient_name",
        TRY_CAST("q"."phone" AS varchar) AS "phone",
        TRY_CAST("q"."birth_date" AS date) AS "birth_date",
        TRY_CAST("q"."zip_code" AS varchar) AS "zip_code",
        TRY_CAST("q"."consent_date" AS date) AS "consent_date",
        TRY_CAST("q"."index_date" AS date) AS "index_date",
        TRY_CAST("q"."last_encounter_date" AS date) AS "last_encounter_date",
        TRY_CAST("q"."nurse_note" AS varchar) AS "nurse_note",
        TRY_CAST("q"."gender" AS varchar) AS "gender",
        TRY_CAST("q"."race" AS varchar) AS "race",
        TRY_CAST("q"."ethnicity" AS varchar) AS "ethnicity",
        TRY_CAST("q"."state" AS varchar) AS "state",
        TRY_CAST("q"."deceased" AS boolean) AS "deceased",
        TRY_CAST("q"."index_condition_code" AS varchar) AS "index_condition_code",
        TRY_CAST("q"."index_condition_name" AS varchar) AS "index_condition_name",
        TRY_CAST("q"."active_condition_count" AS integer) AS "active_condition_count",
        TRY_CAST("q"."has_hypertension" AS boolean) AS "has_hypertension",
        TRY_CAST("q"."has_diabetes" AS boolean) AS "has_diabetes",
        TRY_CAST("q"."has_chronic_kidney_disease" AS boolean) AS "has_chronic_kidney_disease",
        TRY_CAST("q"."has_atrial_fibrillation" AS boolean) AS "has_atrial_fibrillation",
        TRY_CAST("q"."lvef_percent" AS double) AS "lvef_percent",
        TRY_CAST("q"."ntprobnp_pg_ml" AS double) AS "ntprobnp_pg_ml",
        TRY_CAST("q"."systolic_mm_hg" AS double) AS "systolic_mm_hg",
        TRY_CAST("q"."egfr_ml_min" AS double) AS "egfr_ml_min",
        TRY_CAST("q"."hba1c_percent" AS double) AS "hba1c_percent",
        TRY_CAST("q"."bmi_kg_m2" AS double) AS "bmi_kg_m2",
        TRY_CAST("q"."encounter_count" AS integer) AS "encounter_count",
        TRY_CAST("q"."inpatient_stay_count" AS integer) AS "inpatient_stay_count",
        TRY_CAST("q"."readmitted_30_days" AS boolean) AS "readmitted_30_days",
        TRY_CAST("q"."has_sequence" AS boolean) AS "has_sequence"
      FROM (
WITH person AS (
  -- Codes are those of SNOMED CT, LOINC, HL7's table 0203 (MR), v3 ActCode and OMB.
  -- A date without a month or day is its first day; what is no date is none.
  -- Here: one record for each person, the newest that is in use.
  SELECT t.*
  FROM (
    SELECT
      p.*,
      coalesce(
        element_at(filter(p.address, a -> a.use = 'home' AND coalesce(a.period."end", '9999') >= CAST(current_date AS varchar)), 1),
        element_at(filter(p.address, a -> a.use IS NULL), 1)
      ) AS home,
      coalesce(
        element_at(filter(p.name, n -> n.use = 'official'), 1),
        element_at(filter(p.name, n -> n.use = 'usual'), 1),
        element_at(p.name, 1)
      ) AS called,
      -- US Core: an extension with an extension ombCategory for each category.
      transform(
        filter(
          try_cast(json_extract(element_at(filter(p.extension, x -> json_extract_scalar(x, '$.url') = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race'), 1), '$.extension') AS array(json)),
          x -> json_extract_scalar(x, '$.url') = 'ombCategory'
        ),
        x -> json_extract_scalar(x, '$.valueCoding.code')
      ) AS races,
      transform(
        filter(
          try_cast(json_extract(element_at(filter(p.extension, x -> json_extract_scalar(x, '$.url') = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity'), 1), '$.extension') AS array(json)),
          x -> json_extract_scalar(x, '$.url') = 'ombCategory'
        ),
        x -> json_extract_scalar(x, '$.valueCoding.code')
      ) AS ethnicities,
      row_number() OVER (PARTITION BY p.member_token ORDER BY p.meta.lastupdated DESC NULLS LAST, p.id) AS choice
    FROM "riverside_clinical_curated"."patient" AS p
    WHERE p.member_token IS NOT NULL AND coalesce(p.active, true)
  ) AS t
  WHERE t.choice = 1
),
subject AS ( -- who takes part in a study, by a consent that is in force
  SELECT
    p.member_token,
    s.study.reference AS study,
    min(try_cast(substr(concat(c.datetime, '-01-01'), 1, 10) AS date)) AS consent_date
  FROM "riverside_clinical_fhir"."researchsubject" AS s
  JOIN "riverside_clinical_curated"."patient" AS p ON s.individual.reference = concat('Patient/', p.id)
  JOIN "riverside_clinical_fhir"."consent" AS c
    ON s.consent.reference = concat('Consent/', c.id) AND c.patient.reference = s.individual.reference
  WHERE s.status IN ('on-study', 'on-study-intervention', 'on-study-observation', 'follow-up', 'off-study')
    AND c.status = 'active'
  GROUP BY p.member_token, s.study.reference
),
study AS ( -- the diagnoses that a study is about
  SELECT
    y.id,
    filter(flatten(transform(y.condition, x -> x.coding)), k -> k.system = 'http://snomed.info/sct') AS codings
  FROM "riverside_clinical_fhir"."researchstudy" AS y
  WHERE regexp_like(y.id, '^NCT[0-9]+$')
),
diagnosis AS (
  SELECT
    c.member_token,
    c.id,
    transform(filter(c.code.coding, k -> k.system = 'http://snomed.info/sct'), k -> k.code) AS codes,
    coalesce(
      try_cast(substr(concat(c.onsetdatetime, '-01-01'), 1, 10) AS date),
      try_cast(substr(concat(c.recordeddate, '-01-01'), 1, 10) AS date)
    ) AS day,
    any_match(c.category, g -> any_match(g.coding, k -> k.code = 'problem-list-item'))
      AND any_match(c.clinicalstatus.coding, k -> k.code IN ('active', 'recurrence', 'relapse')) AS active
  FROM "riverside_clinical_curated"."condition" AS c
  WHERE c.member_token IS NOT NULL
    AND NOT coalesce(any_match(c.verificationstatus.coding, k -> k.code IN ('unconfirmed', 'provisional', 'differential', 'refuted', 'entered-in-error')), false)
),
entry AS ( -- the first diagnosis that the study is about
  SELECT
    t.member_token,
    t.study_id,
    t.consent_date,
    t.day AS index_date,
    t.term.code AS index_condition_code,
    t.term.display AS index_condition_name
  FROM (
    SELECT
      s.member_token,
      y.id AS study_id,
      s.consent_date,
      d.day,
      -- The study's own term: what a record says there may be anything.
      element_at(filter(y.codings, k -> contains(d.codes, k.code)), 1) AS term,
      row_number() OVER (PARTITION BY s.member_token, y.id ORDER BY d.day, d.id) AS choice
    FROM subject AS s
    JOIN study AS y ON s.study = concat('ResearchStudy/', y.id)
    JOIN diagnosis AS d ON d.member_token = s.member_token AND arrays_overlap(d.codes, transform(y.codings, k -> k.code))
    WHERE d.day IS NOT NULL
  ) AS t
  WHERE t.choice = 1
),
problem AS (
  SELECT
    member_token,
    count(*) AS active_condition_count,
    bool_or(arrays_overlap(codes, ARRAY['38341003', '59621000'])) AS has_hypertension,
    bool_or(arrays_overlap(codes, ARRAY['73211009', '44054006', '46635009'])) AS has_diabetes,
    bool_or(arrays_overlap(codes, ARRAY['709044004', '431855005', '431856006', '433144002', '431857002', '433146000', '46177005'])) AS has_chronic_kidney_disease,
    bool_or(arrays_overlap(codes, ARRAY['49436004', '282825002', '440059007', '440028005'])) AS has_atrial_fibrillation
  FROM diagnosis
  WHERE active
  GROUP BY member_token
),
reading AS (
  SELECT
    b.member_token,
    b.id,
    coalesce(b.effectivedatetime, b.issued) AS written,
    try_cast(substr(concat(coalesce(b.effectivedatetime, b.issued), '-01-01'), 1, 10) AS date) AS day,
    transform(filter(b.code.coding, k -> k.system = 'http://loinc.org'), k -> k.code) AS codes,
    b.valuequantity,
    b.component
  FROM "riverside_clinical_curated"."observation" AS b
  WHERE b.member_token IS NOT NULL AND b.status IN ('final', 'amended', 'corrected')
),
latest AS (
  SELECT
    member_token,
    max(value) FILTER (WHERE measure = 'lvef') AS lvef_percent,
    max(value) FILTER (WHERE measure = 'ntprobnp') AS ntprobnp_pg_ml,
    max(value) FILTER (WHERE measure = 'egfr') AS egfr_ml_min,
    max(value) FILTER (WHERE measure = 'hba1c') AS hba1c_percent,
    max(value) FILTER (WHERE measure = 'bmi') AS bmi_kg_m2
  FROM (
    SELECT
      r.member_token,
      m.measure,
      r.valuequantity.value AS value,
      row_number() OVER (PARTITION BY r.member_token, m.measure ORDER BY r.day DESC, r.written DESC, r.id) AS choice
    FROM reading AS r
    -- A value in another unit, or in none, is not taken.
    JOIN (VALUES
      ('lvef', ARRAY['10230-1'], ARRAY['%']),
      ('ntprobnp', ARRAY['33762-6'], ARRAY['pg/mL', 'ng/L']),
      ('egfr', ARRAY['62238-1', '98979-8'], ARRAY['mL/min/{1.73_m2}', 'mL/min/{1.73m2}', 'mL/min/1.73m2', 'mL/min/1.73 m2']),
      ('hba1c', ARRAY['4548-4'], ARRAY['%']),
      ('bmi', ARRAY['39156-5'], ARRAY['kg/m2'])
    ) AS m (measure, codes, units)
      ON arrays_overlap(r.codes, m.codes) AND contains(m.units, coalesce(r.valuequantity.code, r.valuequantity.unit))
    WHERE r.day IS NOT NULL AND r.valuequantity.value IS NOT NULL
  ) AS t
  WHERE choice = 1
  GROUP BY member_token
),
event AS ( -- encounters that took place, and systolic pressures: alone or as parts of 85354-9
  SELECT
    v.member_token,
    v.id,
    true AS visit,
    v.class.code IN ('IMP', 'ACUTE', 'NONAC') AS stay,
    try_cast(substr(concat(v.period.start, '-01-01'), 1, 10) AS date) AS day,
    try_cast(substr(v.period."end", 1, 10) AS date) AS ended,
    CAST(NULL AS double) AS systolic
  FROM "riverside_clinical_curated"."encounter" AS v
  WHERE v.member_token IS NOT NULL AND v.status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
  UNION ALL
  SELECT
    b.member_token,
    b.id,
    false AS visit,
    false AS stay,
    b.day,
    CAST(NULL AS date) AS ended,
    b.systolic.value AS systolic
  FROM (
    SELECT
      r.member_token,
      r.id,
      r.day,
      CASE
        WHEN contains(r.codes, '8480-6') THEN r.valuequantity
        ELSE element_at(filter(r.component, x -> any_match(x.code.coding, k -> k.system = 'http://loinc.org' AND k.code = '8480-6')), 1).valuequantity
      END AS systolic
    FROM reading AS r
  ) AS b
  WHERE coalesce(b.systolic.code, b.systolic.unit) IN ('mm[Hg]', 'mmHg')
),
followed AS ( -- follow-up goes from the first diagnosis to the last encounter
  SELECT
    t.member_token,
    t.study_id,
    t.consent_date,
    t.index_date,
    t.index_condition_code,
    t.index_condition_name,
    t.last_day,
    count(*) FILTER (WHERE t.visit AND t.day >= t.index_date) AS encounter_count,
    count(*) FILTER (WHERE t.stay AND t.day >= t.index_date) AS inpatient_stay_count,
    bool_or(t.stay AND t.day >= t.index_date AND date_diff('day', t.ended, t.next_day) BETWEEN 0 AND 30) AS readmitted_30_days,
    avg(t.systolic) FILTER (WHERE t.day >= t.index_date AND t.day <= t.last_day AND t.day > date_add('year', -1, t.last_day)) AS systolic_mm_hg
  FROM (
    SELECT
      e.*,
      v.visit,
      v.stay,
      v.day,
      v.ended,
      v.systolic,
      max(CASE WHEN v.visit THEN v.day END) OVER (PARTITION BY e.member_token, e.study_id) AS last_day,
      -- Of a stay: the day the next one starts.
      lead(v.day) OVER (PARTITION BY e.member_token, e.study_id, v.stay AND v.day >= e.index_date ORDER BY v.day, v.ended, v.id) AS next_day
    FROM entry AS e
    LEFT JOIN event AS v ON v.member_token = e.member_token AND v.day IS NOT NULL
  ) AS t
  GROUP BY t.member_token, t.study_id, t.consent_date, t.index_date, t.index_condition_code, t.index_condition_name, t.last_day
),
sequenced AS ( -- a genetic variant assessment, or the report that one belongs to
  SELECT DISTINCT member_token
  FROM reading
  WHERE arrays_overlap(codes, ARRAY['69548-6', '51969-4', '81247-9'])
)
SELECT
  f.member_token,
  f.study_id,
  element_at(filter(p.identifier, i -> coalesce(i.use, '') <> 'old' AND any_match(i.type.coding, k -> k.code = 'MR')), 1).value AS mrn,
  coalesce(
    p.called.text,
    nullif(trim(concat(coalesce(array_join(p.called.given, ' '), ''), ' ', coalesce(p.called.family, ''))), '')
  ) AS patient_name,
  element_at(filter(p.telecom, t -> t.system = 'phone' AND coalesce(t.use, '') <> 'old'), 1).value AS phone,
  try_cast(substr(concat(p.birthdate, '-01-01'), 1, 10) AS date) AS birth_date,
  regexp_extract(trim(p.home.postalcode), '^[0-9]{5}(-?[0-9]{4})?$') AS zip_code,
  f.consent_date,
  f.index_date,
  f.last_day AS last_encounter_date,
  CAST(NULL AS varchar) AS nurse_note,
  CASE WHEN p.gender IN ('male', 'female', 'other', 'unknown') THEN p.gender END AS gender,
  CASE
    WHEN cardinality(array_distinct(p.races)) > 1 THEN 'multiple'
    ELSE CASE element_at(p.races, 1)
      WHEN '1002-5' THEN 'american indian'
      WHEN '2028-9' THEN 'asian'
      WHEN '2054-5' THEN 'black'
      WHEN '2076-8' THEN 'pacific islander'
      WHEN '2106-3' THEN 'white'
      WHEN '2131-1' THEN 'other'
    END
  END AS race,
  CASE element_at(p.ethnicities, 1) WHEN '2135-2' THEN 'hispanic' WHEN '2186-5' THEN 'not hispanic' END AS ethnicity,
  p.state,
  coalesce(p.deceasedboolean, false) AS deceased,
  f.index_condition_code,
  f.index_condition_name,
  coalesce(o.active_condition_count, 0) AS active_condition_count,
  coalesce(o.has_hypertension, false) AS has_hypertension,
  coalesce(o.has_diabetes, false) AS has_diabetes,
  coalesce(o.has_chronic_kidney_disease, false) AS has_chronic_kidney_disease,
  coalesce(o.has_atrial_fibrillation, false) AS has_atrial_fibrillation,
  l.lvef_percent,
  l.ntprobnp_pg_ml,
  f.systolic_mm_hg,
  l.egfr_ml_min,
  l.hba1c_percent,
  l.bmi_kg_m2,
  f.encounter_count,
  f.inpatient_stay_count,
  coalesce(f.readmitted_30_days, false) AS readmitted_30_days,
  q.member_token IS NOT NULL AS has_sequence
FROM followed AS f
JOIN person AS p ON p.member_token = f.member_token
LEFT JOIN problem AS o ON o.member_token = f.member_token
LEFT JOIN latest AS l ON l.member_token = f.member_token
LEFT JOIN sequenced AS q ON q.member_token = f.member_token
      ) AS "q"
    ) AS "r"
    WHERE "r"."member_token" IS NOT NULL AND "r"."study_id" IS NOT NULL
  )
  SELECT "n"."member_token", "n"."study_id", "n"."mrn", "n"."patient_name", "n"."phone", "n"."birth_date", "n"."zip_code", "n"."consent_date", "n"."index_date", "n"."last_encounter_date", "n"."nurse_note", "n"."gender", "n"."race", "n"."ethnicity", "n"."state", "n"."deceased", "n"."index_condition_code", "n"."index_condition_name", "n"."active_condition_count", "n"."has_hypertension", "n"."has_diabetes", "n"."has_chronic_kidney_disease", "n"."has_atrial_fibrillation", "n"."lvef_percent", "n"."ntprobnp_pg_ml", "n"."systolic_mm_hg", "n"."egfr_ml_min", "n"."hba1c_percent", "n"."bmi_kg_m2", "n"."encounter_count", "n"."inpatient_stay_count", "n"."readmitted_30_days", "n"."has_sequence", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."member_token", "o"."study_id", "o"."mrn", "o"."patient_name", "o"."phone", "o"."birth_date", "o"."zip_code", "o"."consent_date", "o"."index_date", "o"."last_encounter_date", "o"."nurse_note", "o"."gender", "o"."race", "o"."ethnicity", "o"."state", "o"."deceased", "o"."index_condition_code", "o"."index_condition_name", "o"."active_condition_count", "o"."has_hypertension", "o"."has_diabetes", "o"."has_chronic_kidney_disease", "o"."has_atrial_fibrillation", "o"."lvef_percent", "o"."ntprobnp_pg_ml", "o"."systolic_mm_hg", "o"."egfr_ml_min", "o"."hba1c_percent", "o"."bmi_kg_m2", "o"."encounter_count", "o"."inpatient_stay_count", "o"."readmitted_30_days", "o"."has_sequence", true AS "lakemesh gone"
  FROM "riverside_clinical_curated"."enrolment" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."member_token" = "o"."member_token" AND "n"."study_id" = "o"."study_id")
) AS "u"
ON ("t"."member_token" = "u"."member_token" AND "t"."study_id" = "u"."study_id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."mrn" IS DISTINCT FROM "u"."mrn"
  OR "t"."patient_name" IS DISTINCT FROM "u"."patient_name"
  OR "t"."phone" IS DISTINCT FROM "u"."phone"
  OR "t"."birth_date" IS DISTINCT FROM "u"."birth_date"
  OR "t"."zip_code" IS DISTINCT FROM "u"."zip_code"
  OR "t"."consent_date" IS DISTINCT FROM "u"."consent_date"
  OR "t"."index_date" IS DISTINCT FROM "u"."index_date"
  OR "t"."last_encounter_date" IS DISTINCT FROM "u"."last_encounter_date"
  OR "t"."nurse_note" IS DISTINCT FROM "u"."nurse_note"
  OR "t"."gender" IS DISTINCT FROM "u"."gender"
  OR "t"."race" IS DISTINCT FROM "u"."race"
  OR "t"."ethnicity" IS DISTINCT FROM "u"."ethnicity"
  OR "t"."state" IS DISTINCT FROM "u"."state"
  OR "t"."deceased" IS DISTINCT FROM "u"."deceased"
  OR "t"."index_condition_code" IS DISTINCT FROM "u"."index_condition_code"
  OR "t"."index_condition_name" IS DISTINCT FROM "u"."index_condition_name"
  OR "t"."active_condition_count" IS DISTINCT FROM "u"."active_condition_count"
  OR "t"."has_hypertension" IS DISTINCT FROM "u"."has_hypertension"
  OR "t"."has_diabetes" IS DISTINCT FROM "u"."has_diabetes"
  OR "t"."has_chronic_kidney_disease" IS DISTINCT FROM "u"."has_chronic_kidney_disease"
  OR "t"."has_atrial_fibrillation" IS DISTINCT FROM "u"."has_atrial_fibrillation"
  OR "t"."lvef_percent" IS DISTINCT FROM "u"."lvef_percent"
  OR "t"."ntprobnp_pg_ml" IS DISTINCT FROM "u"."ntprobnp_pg_ml"
  OR "t"."systolic_mm_hg" IS DISTINCT FROM "u"."systolic_mm_hg"
  OR "t"."egfr_ml_min" IS DISTINCT FROM "u"."egfr_ml_min"
  OR "t"."hba1c_percent" IS DISTINCT FROM "u"."hba1c_percent"
  OR "t"."bmi_kg_m2" IS DISTINCT FROM "u"."bmi_kg_m2"
  OR "t"."encounter_count" IS DISTINCT FROM "u"."encounter_count"
  OR "t"."inpatient_stay_count" IS DISTINCT FROM "u"."inpatient_stay_count"
  OR "t"."readmitted_30_days" IS DISTINCT FROM "u"."readmitted_30_days"
  OR "t"."has_sequence" IS DISTINCT FROM "u"."has_sequence"
) THEN UPDATE SET
  "mrn" = "u"."mrn",
  "patient_name" = "u"."patient_name",
  "phone" = "u"."phone",
  "birth_date" = "u"."birth_date",
  "zip_code" = "u"."zip_code",
  "consent_date" = "u"."consent_date",
  "index_date" = "u"."index_date",
  "last_encounter_date" = "u"."last_encounter_date",
  "nurse_note" = "u"."nurse_note",
  "gender" = "u"."gender",
  "race" = "u"."race",
  "ethnicity" = "u"."ethnicity",
  "state" = "u"."state",
  "deceased" = "u"."deceased",
  "index_condition_code" = "u"."index_condition_code",
  "index_condition_name" = "u"."index_condition_name",
  "active_condition_count" = "u"."active_condition_count",
  "has_hypertension" = "u"."has_hypertension",
  "has_diabetes" = "u"."has_diabetes",
  "has_chronic_kidney_disease" = "u"."has_chronic_kidney_disease",
  "has_atrial_fibrillation" = "u"."has_atrial_fibrillation",
  "lvef_percent" = "u"."lvef_percent",
  "ntprobnp_pg_ml" = "u"."ntprobnp_pg_ml",
  "systolic_mm_hg" = "u"."systolic_mm_hg",
  "egfr_ml_min" = "u"."egfr_ml_min",
  "hba1c_percent" = "u"."hba1c_percent",
  "bmi_kg_m2" = "u"."bmi_kg_m2",
  "encounter_count" = "u"."encounter_count",
  "inpatient_stay_count" = "u"."inpatient_stay_count",
  "readmitted_30_days" = "u"."readmitted_30_days",
  "has_sequence" = "u"."has_sequence"
WHEN NOT MATCHED THEN INSERT ("member_token", "study_id", "mrn", "patient_name", "phone", "birth_date", "zip_code", "consent_date", "index_date", "last_encounter_date", "nurse_note", "gender", "race", "ethnicity", "state", "deceased", "index_condition_code", "index_condition_name", "active_condition_count", "has_hypertension", "has_diabetes", "has_chronic_kidney_disease", "has_atrial_fibrillation", "lvef_percent", "ntprobnp_pg_ml", "systolic_mm_hg", "egfr_ml_min", "hba1c_percent", "bmi_kg_m2", "encounter_count", "inpatient_stay_count", "readmitted_30_days", "has_sequence")
VALUES ("u"."member_token", "u"."study_id", "u"."mrn", "u"."patient_name", "u"."phone", "u"."birth_date", "u"."zip_code", "u"."consent_date", "u"."index_date", "u"."last_encounter_date", "u"."nurse_note", "u"."gender", "u"."race", "u"."ethnicity", "u"."state", "u"."deceased", "u"."index_condition_code", "u"."index_condition_name", "u"."active_condition_count", "u"."has_hypertension", "u"."has_diabetes", "u"."has_chronic_kidney_disease", "u"."has_atrial_fibrillation", "u"."lvef_percent", "u"."ntprobnp_pg_ml", "u"."systolic_mm_hg", "u"."egfr_ml_min", "u"."hba1c_percent", "u"."bmi_kg_m2", "u"."encounter_count", "u"."inpatient_stay_count", "u"."readmitted_30_days", "u"."has_sequence");

-- riverside-member360-member_360-refresh-us-east-1, cron(20 1 * * ? *)
-- after riverside-claims-claim_lines-quality-us-east-1
-- after riverside-claims-claim_lines-refresh-us-east-1
-- after riverside-clinical-fhir-quality-us-east-1
-- after riverside-clinical-fhir-refresh-us-east-1
-- after riverside-membership-members-quality-us-east-1
-- after riverside-membership-members-refresh-us-east-1

-- riverside_member360_analytics.member_360 from {claims.claim_lines.claim_lines}, {clinical.fhir.condition}, {clinical.fhir.encounter}, {clinical.fhir.observation}, {clinical.fhir.patient}, {membership.members.contact}, {membership.members.member}
MERGE INTO "riverside_member360_analytics"."member_360" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST("q"."measure_year" AS integer) AS "measure_year",
        TRY_CAST("q"."plan_product" AS varchar) AS "plan_product",
        TRY_CAST("q"."in_clinical" AS boolean) AS "in_clinical",
        TRY_CAST("q"."in_claims" AS boolean) AS "in_claims",
        TRY_CAST("q"."birth_year" AS integer) AS "birth_year",
        TRY_CAST("q"."age_group" AS varchar) AS "age_group",
        TRY_CAST("q"."gender" AS varchar) AS "gender",
        TRY_CAST("q"."state" AS varchar) AS "state",
        TRY_CAST("q"."deceased" AS boolean) AS "deceased",
        TRY_CAST("q"."active_condition_count" AS integer) AS "active_condition_count",
        TRY_CAST("q"."has_diabetes" AS boolean) AS "has_diabetes",
        TRY_CAST("q"."has_heart_failure" AS boolean) AS "has_heart_failure",
        TRY_CAST("q"."has_hypertension" AS boolean) AS "has_hypertension",
        TRY_CAST("q"."has_copd" AS boolean) AS "has_copd",
        TRY_CAST("q"."highest_hba1c_percent" AS double) AS "highest_hba1c_percent",
        TRY_CAST("q"."ambulatory_visit_count" AS integer) AS "ambulatory_visit_count",
        TRY_CAST("q"."emergency_visit_count" AS integer) AS "emergency_visit_count",
        TRY_CAST("q"."inpatient_stay_count" AS integer) AS "inpatient_stay_count",
        TRY_CAST("q"."inpatient_days" AS integer) AS "inpatient_days",
        TRY_CAST("q"."paid_line_count" AS integer) AS "paid_line_count",
        TRY_CAST("q"."emergency_line_count" AS integer) AS "emergency_line_count",
        TRY_CAST("q"."allowed_amount" AS decimal(14,2)) AS "allowed_amount",
        TRY_CAST("q"."paid_amount" AS decimal(14,2)) AS "paid_amount",
        TRY_CAST("q"."member_cost_share" AS decimal(14,2)) AS "member_cost_share",
        TRY_CAST("q"."care_contact_count" AS integer) AS "care_contact_count",
        TRY_CAST("q"."care_reached_count" AS integer) AS "care_reached_count",
        TRY_CAST("q"."gap_hba1c_test" AS boolean) AS "gap_hba1c_test",
        TRY_CAST("q"."gap_follow_up_visit" AS boolean) AS "gap_follow_up_visit",
        TRY_CAST("q"."risk_tier" AS varchar) AS "risk_tier",
        TRY_CAST("q"."model_version" AS varchar) AS "model_version"
      FROM (
WITH member AS (
  -- Members of this year, by all numbers of one person. One of them that opted out is enough.
  SELECT
    m.member_token,
    max(CASE
      WHEN m.coverage_start_year <= year(current_date) AND coalesce(m.coverage_end_year, year(current_date)) >= year(current_date)
      THEN m.plan_product
    END) AS plan_product
  FROM "riverside_membership_curated"."member" AS m
  WHERE m.member_token IS NOT NULL
  GROUP BY m.member_token
  HAVING count_if(m.coverage_start_year <= year(current_date) AND coalesce(m.coverage_end_year, year(current_date)) >= year(current_date)) > 0
    AND NOT bool_or(m.opted_out)
),
contact AS (
  SELECT
    c.member_token,
    count(*) AS care_contact_count,
    count_if(c.outcome = 'reached') AS care_reached_count
  FROM "riverside_membership_curated"."contact" AS c
  WHERE c.member_token IS NOT NULL
    AND c.contact_year = year(current_date)
  GROUP BY c.member_token
),
person AS (
  -- Of two records of one person that are in use, one.
  SELECT
    p.member_token,
    max(p.birth_year) AS birth_year,
    max(p.gender) AS gender,
    max(p.state) AS state,
    bool_or(coalesce(p.deceasedboolean, false)) AS deceased
  FROM "riverside_clinical_curated"."patient" AS p
  WHERE p.member_token IS NOT NULL
    AND coalesce(p.active, true)
  GROUP BY p.member_token
),
problem AS (
  -- Codes of SNOMED CT.
  SELECT
    c.member_token,
    count(*) AS active_condition_count,
    bool_or(any_match(c.code.coding, k -> k.code IN ('44054006', '73211009', '46635009'))) AS diabetes,
    bool_or(any_match(c.code.coding, k -> k.code IN ('84114007', '42343007'))) AS heart_failure,
    bool_or(any_match(c.code.coding, k -> k.code IN ('38341003', '59621000'))) AS hypertension,
    bool_or(any_match(c.code.coding, k -> k.code = '13645005')) AS copd
  FROM "riverside_clinical_curated"."condition" AS c
  WHERE c.member_token IS NOT NULL
    AND any_match(c.clinicalstatus.coding, k -> k.code IN ('active', 'recurrence', 'relapse'))
    AND NOT coalesce(any_match(c.verificationstatus.coding, k -> k.code IN ('refuted', 'entered-in-error')), false)
  GROUP BY c.member_token
),
result AS (
  SELECT
    o.member_token,
    max(o.valuequantity.value) AS highest_hba1c_percent
  FROM "riverside_clinical_curated"."observation" AS o
  WHERE o.member_token IS NOT NULL
    AND o.effective_year = year(current_date)
    AND o.status IN ('final', 'amended', 'corrected')
    AND o.valuequantity.code = '%'
    AND any_match(o.code.coding, k -> k.system = 'http://loinc.org' AND k.code = '4548-4')
  GROUP BY o.member_token
),
visit AS (
  SELECT
    e.member_token,
    count_if(e.class.code = 'AMB') AS ambulatory_visit_count,
    count_if(e.class.code = 'EMER') AS emergency_visit_count,
    count_if(e.class.code = 'IMP') AS inpatient_stay_count,
    sum(CASE WHEN e.class.code = 'IMP' THEN e.length_days ELSE 0 END) AS inpatient_days
  FROM "riverside_clinical_curated"."encounter" AS e
  WHERE e.member_token IS NOT NULL
    AND e.start_year = year(current_date)
    AND e.status = 'finished'
  GROUP BY e.member_token
),
spend AS (
  -- Codes of ICD-10-CM: a diagnosis counts when two lines have it.
  SELECT
    l.member_token,
    count(*) AS paid_line_count,
    count_if(l.place_of_service = '23' OR l.revenue_code LIKE '045%') AS emergency_line_count,
    sum(l.allowed_amount) AS allowed_amount,
    sum(l.paid_amount) AS paid_amount,
    sum(coalesce(l.deductible_amount, 0) + coalesce(l.copay_amount, 0) + coalesce(l.coinsurance_amount, 0)) AS member_cost_share,
    count_if(any_match(l.diagnosis_codes, d -> d LIKE 'E10%' OR d LIKE 'E11%')) >= 2 AS diabetes,
    count_if(any_match(l.diagnosis_codes, d -> d LIKE 'I50%')) >= 2 AS heart_failure,
    count_if(any_match(l.diagnosis_codes, d -> d LIKE 'I10%')) >= 2 AS hypertension,
    count_if(any_match(l.diagnosis_codes, d -> d LIKE 'J44%')) >= 2 AS copd,
    count_if(l.procedure_code IN ('83036', '83037')) > 0 AS hba1c_billed
  FROM "riverside_claims_curated"."claim_lines" AS l
  WHERE l.member_token IS NOT NULL
    AND l.service_year = year(current_date)
    AND l.line_status = 'paid'
  GROUP BY l.member_token
),
joined AS (
  SELECT
    m.member_token, m.plan_product,
    p.member_token IS NOT NULL AS in_clinical,
    s.member_token IS NOT NULL AS in_claims,
    p.birth_year, year(current_date) - p.birth_year AS age, p.gender, p.state,
    coalesce(p.deceased, false) AS deceased,
    coalesce(c.active_condition_count, 0) AS active_condition_count,
    coalesce(c.diabetes, false) OR coalesce(s.diabetes, false) AS has_diabetes,
    coalesce(c.heart_failure, false) OR coalesce(s.heart_failure, false) AS has_heart_failure,
    coalesce(c.hypertension, false) OR coalesce(s.hypertension, false) AS has_hypertension,
    coalesce(c.copd, false) OR coalesce(s.copd, false) AS has_copd,
    r.highest_hba1c_percent,
    coalesce(s.hba1c_billed, false) AS hba1c_billed,
    coalesce(v.ambulatory_visit_count, 0) AS ambulatory_visit_count,
    coalesce(v.emergency_visit_count, 0) AS emergency_visit_count,
    coalesce(v.inpatient_stay_count, 0) AS inpatient_stay_count,
    coalesce(v.inpatient_days, 0) AS inpatient_days,
    coalesce(s.paid_line_count, 0) AS paid_line_count,
    coalesce(s.emergency_line_count, 0) AS emergency_line_count,
    coalesce(s.allowed_amount, 0) AS allowed_amount,
    coalesce(s.paid_amount, 0) AS paid_amount,
    coalesce(s.member_cost_share, 0) AS member_cost_share,
    coalesce(k.care_contact_count, 0) AS care_contact_count,
    coalesce(k.care_reached_count, 0) AS care_reached_count
  FROM member AS m
  LEFT JOIN person AS p ON p.member_token = m.member_token
  LEFT JOIN problem AS c ON c.member_token = m.member_token
  LEFT JOIN result AS r ON r.member_token = m.member_token
  LEFT JOIN visit AS v ON v.member_token = m.member_token
  LEFT JOIN spend AS s ON s.member_token = m.member_token
  LEFT JOIN contact AS k ON k.member_token = m.member_token
)
SELECT
  member_token, year(current_date) AS measure_year, plan_product, in_clinical, in_claims, birth_year,
  CASE
    WHEN age < 10 THEN '0-9'
    WHEN age < 90 THEN concat(CAST(age / 10 * 10 AS varchar), '-', CAST(age / 10 * 10 + 9 AS varchar))
  END AS age_group,
  gender, state, deceased, active_condition_count,
  has_diabetes, has_heart_failure, has_hypertension, has_copd, highest_hba1c_percent,
  ambulatory_visit_count, emergency_visit_count, inpatient_stay_count, inpatient_days,
  paid_line_count, emergency_line_count, allowed_amount, paid_amount, member_cost_share,
  care_contact_count, care_reached_count,
  NOT deceased AND has_diabetes AND highest_hba1c_percent IS NULL AND NOT hba1c_billed AS gap_hba1c_test,
  NOT deceased AND emergency_visit_count + inpatient_stay_count > 0 AND ambulatory_visit_count = 0 AS gap_follow_up_visit,
  CASE
    WHEN inpatient_stay_count >= 2 OR emergency_visit_count >= 4 THEN 'complex'
    WHEN has_heart_failure OR has_copd OR highest_hba1c_percent > 9 THEN 'high'
    WHEN active_condition_count >= 3 OR emergency_visit_count >= 2 THEN 'rising'
    ELSE 'low'
  END AS risk_tier,
  'rules-2026.2' AS model_version
FROM joined
      ) AS "q"
    ) AS "r"
    WHERE "r"."member_token" IS NOT NULL
  )
  SELECT "n"."member_token", "n"."measure_year", "n"."plan_product", "n"."in_clinical", "n"."in_claims", "n"."birth_year", "n"."age_group", "n"."gender", "n"."state", "n"."deceased", "n"."active_condition_count", "n"."has_diabetes", "n"."has_heart_failure", "n"."has_hypertension", "n"."has_copd", "n"."highest_hba1c_percent", "n"."ambulatory_visit_count", "n"."emergency_visit_count", "n"."inpatient_stay_count", "n"."inpatient_days", "n"."paid_line_count", "n"."emergency_line_count", "n"."allowed_amount", "n"."paid_amount", "n"."member_cost_share", "n"."care_contact_count", "n"."care_reached_count", "n"."gap_hba1c_test", "n"."gap_follow_up_visit", "n"."risk_tier", "n"."model_version", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."member_token", "o"."measure_year", "o"."plan_product", "o"."in_clinical", "o"."in_claims", "o"."birth_year", "o"."age_group", "o"."gender", "o"."state", "o"."deceased", "o"."active_condition_count", "o"."has_diabetes", "o"."has_heart_failure", "o"."has_hypertension", "o"."has_copd", "o"."highest_hba1c_percent", "o"."ambulatory_visit_count", "o"."emergency_visit_count", "o"."inpatient_stay_count", "o"."inpatient_days", "o"."paid_line_count", "o"."emergency_line_count", "o"."allowed_amount", "o"."paid_amount", "o"."member_cost_share", "o"."care_contact_count", "o"."care_reached_count", "o"."gap_hba1c_test", "o"."gap_follow_up_visit", "o"."risk_tier", "o"."model_version", true AS "lakemesh gone"
  FROM "riverside_member360_analytics"."member_360" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."member_token" = "o"."member_token")
) AS "u"
ON ("t"."member_token" = "u"."member_token")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."measure_year" IS DISTINCT FROM "u"."measure_year"
  OR "t"."plan_product" IS DISTINCT FROM "u"."plan_product"
  OR "t"."in_clinical" IS DISTINCT FROM "u"."in_clinical"
  OR "t"."in_claims" IS DISTINCT FROM "u"."in_claims"
  OR "t"."birth_year" IS DISTINCT FROM "u"."birth_year"
  OR "t"."age_group" IS DISTINCT FROM "u"."age_group"
  OR "t"."gender" IS DISTINCT FROM "u"."gender"
  OR "t"."state" IS DISTINCT FROM "u"."state"
  OR "t"."deceased" IS DISTINCT FROM "u"."deceased"
  OR "t"."active_condition_count" IS DISTINCT FROM "u"."active_condition_count"
  OR "t"."has_diabetes" IS DISTINCT FROM "u"."has_diabetes"
  OR "t"."has_heart_failure" IS DISTINCT FROM "u"."has_heart_failure"
  OR "t"."has_hypertension" IS DISTINCT FROM "u"."has_hypertension"
  OR "t"."has_copd" IS DISTINCT FROM "u"."has_copd"
  OR "t"."highest_hba1c_percent" IS DISTINCT FROM "u"."highest_hba1c_percent"
  OR "t"."ambulatory_visit_count" IS DISTINCT FROM "u"."ambulatory_visit_count"
  OR "t"."emergency_visit_count" IS DISTINCT FROM "u"."emergency_visit_count"
  OR "t"."inpatient_stay_count" IS DISTINCT FROM "u"."inpatient_stay_count"
  OR "t"."inpatient_days" IS DISTINCT FROM "u"."inpatient_days"
  OR "t"."paid_line_count" IS DISTINCT FROM "u"."paid_line_count"
  OR "t"."emergency_line_count" IS DISTINCT FROM "u"."emergency_line_count"
  OR "t"."allowed_amount" IS DISTINCT FROM "u"."allowed_amount"
  OR "t"."paid_amount" IS DISTINCT FROM "u"."paid_amount"
  OR "t"."member_cost_share" IS DISTINCT FROM "u"."member_cost_share"
  OR "t"."care_contact_count" IS DISTINCT FROM "u"."care_contact_count"
  OR "t"."care_reached_count" IS DISTINCT FROM "u"."care_reached_count"
  OR "t"."gap_hba1c_test" IS DISTINCT FROM "u"."gap_hba1c_test"
  OR "t"."gap_follow_up_visit" IS DISTINCT FROM "u"."gap_follow_up_visit"
  OR "t"."risk_tier" IS DISTINCT FROM "u"."risk_tier"
  OR "t"."model_version" IS DISTINCT FROM "u"."model_version"
) THEN UPDATE SET
  "measure_year" = "u"."measure_year",
  "plan_product" = "u"."plan_product",
  "in_clinical" = "u"."in_clinical",
  "in_claims" = "u"."in_claims",
  "birth_year" = "u"."birth_year",
  "age_group" = "u"."age_group",
  "gender" = "u"."gender",
  "state" = "u"."state",
  "deceased" = "u"."deceased",
  "active_condition_count" = "u"."active_condition_count",
  "has_diabetes" = "u"."has_diabetes",
  "has_heart_failure" = "u"."has_heart_failure",
  "has_hypertension" = "u"."has_hypertension",
  "has_copd" = "u"."has_copd",
  "highest_hba1c_percent" = "u"."highest_hba1c_percent",
  "ambulatory_visit_count" = "u"."ambulatory_visit_count",
  "emergency_visit_count" = "u"."emergency_visit_count",
  "inpatient_stay_count" = "u"."inpatient_stay_count",
  "inpatient_days" = "u"."inpatient_days",
  "paid_line_count" = "u"."paid_line_count",
  "emergency_line_count" = "u"."emergency_line_count",
  "allowed_amount" = "u"."allowed_amount",
  "paid_amount" = "u"."paid_amount",
  "member_cost_share" = "u"."member_cost_share",
  "care_contact_count" = "u"."care_contact_count",
  "care_reached_count" = "u"."care_reached_count",
  "gap_hba1c_test" = "u"."gap_hba1c_test",
  "gap_follow_up_visit" = "u"."gap_follow_up_visit",
  "risk_tier" = "u"."risk_tier",
  "model_version" = "u"."model_version"
WHEN NOT MATCHED THEN INSERT ("member_token", "measure_year", "plan_product", "in_clinical", "in_claims", "birth_year", "age_group", "gender", "state", "deceased", "active_condition_count", "has_diabetes", "has_heart_failure", "has_hypertension", "has_copd", "highest_hba1c_percent", "ambulatory_visit_count", "emergency_visit_count", "inpatient_stay_count", "inpatient_days", "paid_line_count", "emergency_line_count", "allowed_amount", "paid_amount", "member_cost_share", "care_contact_count", "care_reached_count", "gap_hba1c_test", "gap_follow_up_visit", "risk_tier", "model_version")
VALUES ("u"."member_token", "u"."measure_year", "u"."plan_product", "u"."in_clinical", "u"."in_claims", "u"."birth_year", "u"."age_group", "u"."gender", "u"."state", "u"."deceased", "u"."active_condition_count", "u"."has_diabetes", "u"."has_heart_failure", "u"."has_hypertension", "u"."has_copd", "u"."highest_hba1c_percent", "u"."ambulatory_visit_count", "u"."emergency_visit_count", "u"."inpatient_stay_count", "u"."inpatient_days", "u"."paid_line_count", "u"."emergency_line_count", "u"."allowed_amount", "u"."paid_amount", "u"."member_cost_share", "u"."care_contact_count", "u"."care_reached_count", "u"."gap_hba1c_test", "u"."gap_follow_up_visit", "u"."risk_tier", "u"."model_version");

-- riverside-membership-members-refresh-us-east-1, cron(15 1 * * ? *)

-- riverside_membership_curated.member from riverside_membership_raw.members
MERGE INTO "riverside_membership_curated"."member" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."member_id" AS varchar) AS "member_id",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST("q"."full_name" AS varchar) AS "full_name",
        TRY_CAST("q"."phone" AS varchar) AS "phone",
        TRY_CAST("q"."plan_product" AS varchar) AS "plan_product",
        TRY_CAST("q"."coverage_start" AS date) AS "coverage_start",
        TRY_CAST("q"."coverage_end" AS date) AS "coverage_end",
        TRY_CAST("q"."coverage_start_year" AS integer) AS "coverage_start_year",
        TRY_CAST("q"."coverage_end_year" AS integer) AS "coverage_end_year",
        TRY_CAST("q"."opted_out" AS boolean) AS "opted_out"
      FROM (
SELECT
  t.member_id,
  nullif(t.member_token, '') AS member_token,
  t.full_name,
  t.phone,
  t.plan_product,
  try_cast(t.coverage_start AS date) AS coverage_start,
  try_cast(t.coverage_end AS date) AS coverage_end,
  year(try_cast(t.coverage_start AS date)) AS coverage_start_year,
  year(try_cast(t.coverage_end AS date)) AS coverage_end_year,
  coalesce(lower(trim(t.opted_out)), '') NOT IN ('no', '') AS opted_out -- what nobody understands is a no to joining
FROM (
  SELECT d.*, row_number() OVER (PARTITION BY d.member_id ORDER BY d.updated_at DESC) AS choice
  FROM "riverside_membership_raw"."members" AS d
) AS t
WHERE t.choice = 1
      ) AS "q"
    ) AS "r"
    WHERE "r"."member_id" IS NOT NULL
  )
  SELECT "n"."member_id", "n"."member_token", "n"."full_name", "n"."phone", "n"."plan_product", "n"."coverage_start", "n"."coverage_end", "n"."coverage_start_year", "n"."coverage_end_year", "n"."opted_out", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."member_id", "o"."member_token", "o"."full_name", "o"."phone", "o"."plan_product", "o"."coverage_start", "o"."coverage_end", "o"."coverage_start_year", "o"."coverage_end_year", "o"."opted_out", true AS "lakemesh gone"
  FROM "riverside_membership_curated"."member" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."member_id" = "o"."member_id")
) AS "u"
ON ("t"."member_id" = "u"."member_id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR "t"."full_name" IS DISTINCT FROM "u"."full_name"
  OR "t"."phone" IS DISTINCT FROM "u"."phone"
  OR "t"."plan_product" IS DISTINCT FROM "u"."plan_product"
  OR "t"."coverage_start" IS DISTINCT FROM "u"."coverage_start"
  OR "t"."coverage_end" IS DISTINCT FROM "u"."coverage_end"
  OR "t"."coverage_start_year" IS DISTINCT FROM "u"."coverage_start_year"
  OR "t"."coverage_end_year" IS DISTINCT FROM "u"."coverage_end_year"
  OR "t"."opted_out" IS DISTINCT FROM "u"."opted_out"
) THEN UPDATE SET
  "member_token" = "u"."member_token",
  "full_name" = "u"."full_name",
  "phone" = "u"."phone",
  "plan_product" = "u"."plan_product",
  "coverage_start" = "u"."coverage_start",
  "coverage_end" = "u"."coverage_end",
  "coverage_start_year" = "u"."coverage_start_year",
  "coverage_end_year" = "u"."coverage_end_year",
  "opted_out" = "u"."opted_out"
WHEN NOT MATCHED THEN INSERT ("member_id", "member_token", "full_name", "phone", "plan_product", "coverage_start", "coverage_end", "coverage_start_year", "coverage_end_year", "opted_out")
VALUES ("u"."member_id", "u"."member_token", "u"."full_name", "u"."phone", "u"."plan_product", "u"."coverage_start", "u"."coverage_end", "u"."coverage_start_year", "u"."coverage_end_year", "u"."opted_out");

-- riverside_membership_curated.contact from riverside_membership_curated.member, riverside_membership_raw.contacts
MERGE INTO "riverside_membership_curated"."contact" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."contact_id" AS varchar) AS "contact_id",
        TRY_CAST("q"."member_id" AS varchar) AS "member_id",
        TRY_CAST("q"."member_token" AS varchar) AS "member_token",
        TRY_CAST("q"."contacted_on" AS date) AS "contacted_on",
        TRY_CAST("q"."contact_year" AS integer) AS "contact_year",
        TRY_CAST("q"."outcome" AS varchar) AS "outcome"
      FROM (
SELECT
  t.contact_id,
  m.member_id,
  m.member_token,
  try_cast(t.contacted_on AS date) AS contacted_on,
  year(try_cast(t.contacted_on AS date)) AS contact_year,
  t.outcome
FROM (
  SELECT d.*, row_number() OVER (PARTITION BY d.contact_id ORDER BY d.updated_at DESC) AS choice
  FROM "riverside_membership_raw"."contacts" AS d
) AS t
JOIN "riverside_membership_curated"."member" AS m ON m.member_id = t.member_id
WHERE t.choice = 1
      ) AS "q"
    ) AS "r"
    WHERE "r"."contact_id" IS NOT NULL
  )
  SELECT "n"."contact_id", "n"."member_id", "n"."member_token", "n"."contacted_on", "n"."contact_year", "n"."outcome", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."contact_id", "o"."member_id", "o"."member_token", "o"."contacted_on", "o"."contact_year", "o"."outcome", true AS "lakemesh gone"
  FROM "riverside_membership_curated"."contact" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."contact_id" = "o"."contact_id")
) AS "u"
ON ("t"."contact_id" = "u"."contact_id")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."member_id" IS DISTINCT FROM "u"."member_id"
  OR "t"."member_token" IS DISTINCT FROM "u"."member_token"
  OR "t"."contacted_on" IS DISTINCT FROM "u"."contacted_on"
  OR "t"."contact_year" IS DISTINCT FROM "u"."contact_year"
  OR "t"."outcome" IS DISTINCT FROM "u"."outcome"
) THEN UPDATE SET
  "member_id" = "u"."member_id",
  "member_token" = "u"."member_token",
  "contacted_on" = "u"."contacted_on",
  "contact_year" = "u"."contact_year",
  "outcome" = "u"."outcome"
WHEN NOT MATCHED THEN INSERT ("contact_id", "member_id", "member_token", "contacted_on", "contact_year", "outcome")
VALUES ("u"."contact_id", "u"."member_id", "u"."member_token", "u"."contacted_on", "u"."contact_year", "u"."outcome");

-- riverside-research-cohort_variants-refresh-us-east-1, cron(15 1 * * ? *)
-- after riverside-clinical-patient_deid-deidentify-us-east-1
-- after riverside-clinical-patient_deid-quality-us-east-1
-- after riverside-genomics-clinvar-quality-us-east-1
-- after riverside-genomics-study_variants-quality-us-east-1

-- riverside_research_analytics.cohort_variants from {clinical.patient_deid.patient_deid}, {genomics.clinvar.variant_summary}, {genomics.study_variants.study_variants}
MERGE INTO "riverside_research_analytics"."cohort_variants" AS "t"
USING (
  WITH "new" AS (
    SELECT "r".*
    FROM (
      SELECT
        TRY_CAST("q"."study_id" AS varchar) AS "study_id",
        TRY_CAST("q"."variant_id" AS varchar) AS "variant_id",
        TRY_CAST("q"."age_group" AS varchar) AS "age_group",
        TRY_CAST("q"."gender" AS varchar) AS "gender",
        TRY_CAST("q"."chrom" AS varchar) AS "chrom",
        TRY_CAST("q"."gene_symbol" AS varchar) AS "gene_symbol",
        TRY_CAST("q"."clinical_significance" AS varchar) AS "clinical_significance",
        TRY_CAST("q"."review_status" AS varchar) AS "review_status",
        TRY_CAST("q"."carrier_count" AS integer) AS "carrier_count",
        TRY_CAST("q"."cohort_size" AS integer) AS "cohort_size",
        TRY_CAST("q"."carrier_share" AS double) AS "carrier_share"
      FROM (
WITH reported AS (
  SELECT
    concat('chr', chromosome, ':', referenceallelevcf, ':', alternateallelevcf, ':',
           CAST(positionvcf AS varchar)) AS variant_id,
    min(genesymbol) AS gene_symbol,
    min(clinicalsignificance) AS clinical_significance,
    min(reviewstatus) AS review_status
  FROM "riverside_genomics_curated"."variant_summary"
  WHERE assembly = 'GRCh38'
    AND referenceallelevcf <> 'na'
    AND alternateallelevcf <> 'na'
    AND clinicalsignificance IN ('Pathogenic', 'Likely pathogenic', 'Pathogenic/Likely pathogenic')
  GROUP BY 1
),
cohort AS (
  -- A row of a small cohort could tell of a single person that they carry the variant.
  SELECT study_id, age_group, gender, count(*) AS cohort_size
  FROM "riverside_clinical_analytics"."patient_deid"
  WHERE has_sequence
  GROUP BY study_id, age_group, gender
  HAVING count(*) > 10
),
carriers AS (
  SELECT
    p.study_id, v.variant_id, p.age_group, p.gender, v.chrom,
    count(DISTINCT v.patient_token) AS carrier_count
  FROM "riverside_genomics_curated"."study_variants" AS v
  JOIN "riverside_clinical_analytics"."patient_deid" AS p
    ON p.patient_token = v.patient_token AND p.study_id = v.study_id
  WHERE v.filter = 'PASS'
    AND regexp_like(v.gt, '1')
    AND p.has_sequence
  GROUP BY p.study_id, v.variant_id, p.age_group, p.gender, v.chrom
)
SELECT
  n.study_id, n.variant_id, n.age_group, n.gender, n.chrom,
  r.gene_symbol, r.clinical_significance, r.review_status,
  CASE WHEN n.carrier_count > 10 THEN n.carrier_count END AS carrier_count,
  c.cohort_size,
  CASE WHEN n.carrier_count > 10 THEN CAST(n.carrier_count AS double) / c.cohort_size END AS carrier_share
FROM carriers AS n
JOIN reported AS r ON r.variant_id = n.variant_id
JOIN cohort AS c
  ON c.study_id = n.study_id AND c.age_group = n.age_group AND c.gender = n.gender
      ) AS "q"
    ) AS "r"
    WHERE "r"."study_id" IS NOT NULL AND "r"."variant_id" IS NOT NULL AND "r"."age_group" IS NOT NULL AND "r"."gender" IS NOT NULL
  )
  SELECT "n"."study_id", "n"."variant_id", "n"."age_group", "n"."gender", "n"."chrom", "n"."gene_symbol", "n"."clinical_significance", "n"."review_status", "n"."carrier_count", "n"."cohort_size", "n"."carrier_share", false AS "lakemesh gone"
  FROM "new" AS "n"
  UNION ALL
  SELECT "o"."study_id", "o"."variant_id", "o"."age_group", "o"."gender", "o"."chrom", "o"."gene_symbol", "o"."clinical_significance", "o"."review_status", "o"."carrier_count", "o"."cohort_size", "o"."carrier_share", true AS "lakemesh gone"
  FROM "riverside_research_analytics"."cohort_variants" AS "o"
  WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."study_id" = "o"."study_id" AND "n"."variant_id" = "o"."variant_id" AND "n"."age_group" = "o"."age_group" AND "n"."gender" = "o"."gender")
) AS "u"
ON ("t"."study_id" = "u"."study_id" AND "t"."variant_id" = "u"."variant_id" AND "t"."age_group" = "u"."age_group" AND "t"."gender" = "u"."gender")
WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
WHEN MATCHED AND (
  "t"."chrom" IS DISTINCT FROM "u"."chrom"
  OR "t"."gene_symbol" IS DISTINCT FROM "u"."gene_symbol"
  OR "t"."clinical_significance" IS DISTINCT FROM "u"."clinical_significance"
  OR "t"."review_status" IS DISTINCT FROM "u"."review_status"
  OR "t"."carrier_count" IS DISTINCT FROM "u"."carrier_count"
  OR "t"."cohort_size" IS DISTINCT FROM "u"."cohort_size"
  OR "t"."carrier_share" IS DISTINCT FROM "u"."carrier_share"
) THEN UPDATE SET
  "chrom" = "u"."chrom",
  "gene_symbol" = "u"."gene_symbol",
  "clinical_significance" = "u"."clinical_significance",
  "review_status" = "u"."review_status",
  "carrier_count" = "u"."carrier_count",
  "cohort_size" = "u"."cohort_size",
  "carrier_share" = "u"."carrier_share"
WHEN NOT MATCHED THEN INSERT ("study_id", "variant_id", "age_group", "gender", "chrom", "gene_symbol", "clinical_significance", "review_status", "carrier_count", "cohort_size", "carrier_share")
VALUES ("u"."study_id", "u"."variant_id", "u"."age_group", "u"."gender", "u"."chrom", "u"."gene_symbol", "u"."clinical_significance", "u"."review_status", "u"."carrier_count", "u"."cohort_size", "u"."carrier_share");
