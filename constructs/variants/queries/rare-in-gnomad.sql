-- Which variants are rarer than 0.01 in every group of gnomAD, or not in gnomAD at all?
-- One row for each variant of a chromosome that passed its filters and that somebody has, with its frequency in all files of the lake that
-- call it. Not in gnomAD may mean that gnomAD could not call the place. Remove the condition on contig for the whole genome.
WITH gnomad AS (
  SELECT variant_id, contig, pos, af, af_grpmax, filters
  FROM {variants}.annotations
  WHERE source = 'gnomad'
    AND source_version = (SELECT max_by(source_version, annotated_at) FROM {variants}.annotations WHERE source = 'gnomad')
    AND contig = 'chr17'
)
SELECT
  v.variant_id,
  sum(v.allele_count) AS allele_count,
  sum(v.allele_number) AS allele_number,
  CAST(sum(v.allele_count) AS double) / sum(v.allele_number) AS frequency_here,
  a.af AS frequency_in_gnomad,
  a.af_grpmax AS frequency_in_a_group,
  array_join(a.filters, ';') AS filters_of_gnomad
FROM {variants}.variants AS v
LEFT JOIN gnomad AS a ON a.contig = v.contig AND a.pos = v.pos AND a.variant_id = v.variant_id
WHERE v.contig = 'chr17'
  AND v.variant_type IN ('snv', 'mnv', 'insertion', 'deletion', 'delins')
  AND contains(v.filters, 'PASS')
  AND coalesce(a.af_grpmax, a.af, 0) < 0.01
GROUP BY v.variant_id, a.af, a.af_grpmax, a.filters
HAVING sum(v.allele_count) > 0
ORDER BY frequency_in_gnomad, v.variant_id
