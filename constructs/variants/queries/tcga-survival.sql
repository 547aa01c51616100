-- How long do patients of TCGA live, by mutation of TP53 and expression of MKI67?
-- One row for each cohort, mutated or not, and half of the patients by expression: the median survival and the part that lives after three
-- years, by Kaplan and Meier. A patient who is alive counts until the last follow-up. Mutations that change no protein do not count.
WITH mutated AS (
  SELECT DISTINCT patient_barcode
  FROM {omics}.tcga_mutation
  WHERE gene = 'TP53'
    AND variant_classification NOT IN ('Silent', 'Intron', 'IGR', 'RNA', '3''UTR', '5''UTR', '3''Flank', '5''Flank')
),
expression AS (
  SELECT cohort, patient_barcode, avg(tpm) AS tpm
  FROM {omics}.tcga_expression
  WHERE gene = 'MKI67'
  GROUP BY cohort, patient_barcode
),
halves AS (
  SELECT cohort, patient_barcode, ntile(2) OVER (PARTITION BY cohort ORDER BY tpm, patient_barcode) AS half
  FROM expression
),
patients AS (
  SELECT
    c.cohort,
    m.patient_barcode IS NOT NULL AS mutated,
    CASE WHEN h.half = 2 THEN 'high' ELSE 'low' END AS expression,
    CASE WHEN c.vital_status = 'Dead' THEN 1 ELSE 0 END AS died,
    CASE WHEN c.vital_status = 'Dead' THEN c.days_to_death ELSE c.days_to_last_follow_up END AS days
  FROM {omics}.tcga_clinical AS c
  JOIN halves AS h ON h.cohort = c.cohort AND h.patient_barcode = c.patient_barcode
  LEFT JOIN mutated AS m ON m.patient_barcode = c.patient_barcode
),
by_day AS (
  SELECT cohort, mutated, expression, days, sum(died) AS deaths, count(*) AS leaving
  FROM patients
  WHERE days >= 0
  GROUP BY cohort, mutated, expression, days
),
at_risk AS (
  SELECT *, sum(leaving) OVER (PARTITION BY cohort, mutated, expression ORDER BY days DESC) AS n
  FROM by_day
),
curve AS (
  SELECT
    *,
    CASE
      WHEN deaths = n THEN 0
      ELSE exp(sum(CASE WHEN deaths < n THEN ln(n - deaths) - ln(n) ELSE 0 END)
        OVER (PARTITION BY cohort, mutated, expression ORDER BY days))
    END AS survival
  FROM at_risk
)
SELECT
  cohort,
  mutated,
  expression,
  sum(leaving) AS patients,
  sum(deaths) AS deaths,
  min(CASE WHEN survival < 0.5 + 1e-9 THEN days END) AS median_days,
  round(coalesce(min(CASE WHEN days <= 1095 THEN survival END), 1), 6) AS alive_after_3_years
FROM curve
GROUP BY cohort, mutated, expression
ORDER BY cohort, mutated, expression
