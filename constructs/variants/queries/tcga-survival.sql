-- How long do patients of TCGA live, by mutation of TP53 and expression of MKI67?
-- Lung adenocarcinoma; expression_tcga_lusc has squamous cell carcinoma. One row for each of mutated or not and half of the patients by the
-- expression of primary tumours: the median survival and the part that lives after three years, by Kaplan and Meier. A patient who is alive
-- counts until the last follow-up. Mutations that change no protein do not count.
WITH mutated AS (
  SELECT DISTINCT submitter_id
  FROM {omics}.tcga_mutation
  WHERE hugo_symbol = 'TP53'
    AND variant_classification NOT IN ('Silent', 'Intron', 'IGR', 'RNA', '3''UTR', '5''UTR', '3''Flank', '5''Flank')
),
expression AS (
  SELECT submitter_id, avg(tpm) AS tpm
  FROM {omics}.expression_tcga_luad
  WHERE gene_name = 'MKI67'
    AND substr(sample_barcode, 14, 2) = '01'
  GROUP BY submitter_id
),
halves AS (
  SELECT submitter_id, ntile(2) OVER (ORDER BY tpm, submitter_id) AS half
  FROM expression
),
patients AS (
  SELECT
    m.submitter_id IS NOT NULL AS mutated,
    CASE WHEN h.half = 2 THEN 'high' ELSE 'low' END AS expression,
    CASE WHEN p.vital_status = 'Dead' THEN 1 ELSE 0 END AS died,
    CASE WHEN p.vital_status = 'Dead' THEN p.days_to_death ELSE p.days_to_last_follow_up END AS days
  FROM {omics}.clinical_patient AS p
  JOIN halves AS h ON h.submitter_id = p.bcr_patient_barcode
  LEFT JOIN mutated AS m ON m.submitter_id = p.bcr_patient_barcode
  WHERE p.study = 'luad'
),
by_day AS (
  SELECT mutated, expression, days, sum(died) AS deaths, count(*) AS leaving
  FROM patients
  WHERE days >= 0
  GROUP BY mutated, expression, days
),
at_risk AS (
  SELECT *, sum(leaving) OVER (PARTITION BY mutated, expression ORDER BY days DESC) AS n
  FROM by_day
),
curve AS (
  SELECT
    *,
    CASE
      WHEN deaths = n THEN 0
      ELSE exp(sum(CASE WHEN deaths < n THEN ln(n - deaths) - ln(n) ELSE 0 END)
        OVER (PARTITION BY mutated, expression ORDER BY days))
    END AS survival
  FROM at_risk
)
SELECT
  mutated,
  expression,
  sum(leaving) AS patients,
  sum(deaths) AS deaths,
  min(CASE WHEN survival < 0.5 + 1e-9 THEN days END) AS median_days,
  round(coalesce(min(CASE WHEN days <= 1095 THEN survival END), 1), 6) AS alive_after_3_years
FROM curve
GROUP BY mutated, expression
ORDER BY mutated, expression
