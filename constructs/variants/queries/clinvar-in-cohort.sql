-- Which pathogenic variants and which of uncertain significance (VUS) has a cohort, by the newest ClinVar?
-- One row for each variant that somebody of the study has. Add review_stars >= 2 to leave out what one submitter alone says.
WITH cohort AS (
  SELECT object, sample_id, patient_token
  FROM {samples}.sample_patient
  WHERE study_id = 'NCT0456'
),
reported AS (
  SELECT
    variant_id, contig, pos, genes, review_stars,
    CASE WHEN clinical_significance LIKE 'Uncertain%' THEN 'uncertain' ELSE 'pathogenic' END AS class
  FROM {variants}.annotations
  WHERE source = 'clinvar'
    AND source_version = (SELECT max_by(source_version, annotated_at) FROM {variants}.annotations WHERE source = 'clinvar')
    AND regexp_like(clinical_significance, '^(Pathogenic|Likely_pathogenic|Uncertain_significance)')
)
SELECT
  r.class,
  r.variant_id,
  array_join(r.genes, ', ') AS genes,
  r.review_stars,
  count(DISTINCT c.patient_token) AS patients,
  count(DISTINCT CASE WHEN g.copies = g.ploidy THEN c.patient_token END) AS patients_without_another_allele
FROM reported AS r
JOIN {variants}.genotypes AS g ON g.contig = r.contig AND g.pos = r.pos AND g.variant_id = r.variant_id
JOIN cohort AS c ON c.object = g.object AND c.sample_id = g.sample_id
WHERE g.copies > 0
GROUP BY r.class, r.variant_id, r.genes, r.review_stars
ORDER BY r.class, patients DESC, r.variant_id
