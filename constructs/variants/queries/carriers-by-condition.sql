-- How many patients with a condition carry a pathogenic variant, by gene?
-- Genotypes meet the de-identified patients of the clinical domain by the patient's token. One row for each condition and gene; counts
-- below 11 are left out.
WITH reported AS (
  SELECT a.variant_id, a.contig, a.pos, u.gene
  FROM {variants}.annotations AS a
  CROSS JOIN UNNEST(a.genes) AS u(gene)
  WHERE a.source = 'clinvar'
    AND a.source_version = (SELECT max_by(source_version, annotated_at) FROM {variants}.annotations WHERE source = 'clinvar')
    AND regexp_like(a.clinical_significance, '^(Pathogenic|Likely_pathogenic)')
),
people AS (
  SELECT DISTINCT s.patient_token, p.index_condition_code, p.index_condition_name
  FROM {samples}.sample_patient AS s
  JOIN {clinical}.patient_deid AS p ON p.patient_token = s.patient_token AND p.study_id = s.study_id
),
carriers AS (
  SELECT DISTINCT s.patient_token, r.gene
  FROM reported AS r
  JOIN {variants}.genotypes AS g ON g.contig = r.contig AND g.pos = r.pos AND g.variant_id = r.variant_id
  JOIN {samples}.sample_patient AS s ON s.object = g.object AND s.sample_id = g.sample_id
  WHERE g.copies > 0
),
sizes AS (
  SELECT index_condition_code, count(DISTINCT patient_token) AS patients
  FROM people
  GROUP BY index_condition_code
)
SELECT
  p.index_condition_code,
  p.index_condition_name,
  c.gene,
  CASE WHEN count(DISTINCT p.patient_token) >= 11 THEN count(DISTINCT p.patient_token) END AS carriers,
  CASE WHEN z.patients >= 11 THEN z.patients END AS patients
FROM people AS p
JOIN carriers AS c ON c.patient_token = p.patient_token
JOIN sizes AS z ON z.index_condition_code = p.index_condition_code
GROUP BY p.index_condition_code, p.index_condition_name, c.gene, z.patients
ORDER BY p.index_condition_code, c.gene
