-- riverside_clinical_keys.deidentification_key from nothing
INSERT INTO "riverside_clinical_keys"."deidentification_key" ("key_id", "secret")
SELECT 'clinical', sha256(to_utf8(concat(CAST(uuid() AS varchar), CAST(uuid() AS varchar), CAST(uuid() AS varchar))))
WHERE NOT EXISTS (SELECT 1 FROM "riverside_clinical_keys"."deidentification_key" WHERE "key_id" = 'clinical');

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
