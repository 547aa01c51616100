-- Who carries a variant in BRCA1?
-- One row for each sample and variant that touches the gene on GRCh38 (MANE Select, NM_007294.4). A sample is one of its file: the same
-- name in two files may be two people. For another gene change contig, first and last base; deletions of more than 10 million bases that
-- begin before the gene are not looked for, so that two partitions are read and not the whole chromosome.
SELECT
  g.object,
  g.sample_id,
  v.variant_id,
  v.variant_type,
  g.copies,
  g.ploidy,
  array_join(v.filters, ';') AS filters
FROM {variants}.variants AS v
JOIN {variants}.genotypes AS g
  ON g.contig = v.contig AND g.pos = v.pos
  AND g.object = v.object AND g.record = v.record AND g.allele_index = v.allele_index
WHERE v.contig = 'chr17' AND v.pos BETWEEN 43044295 - 10000000 AND 43125364 AND v.end_pos >= 43044295
  AND g.contig = 'chr17' AND g.pos BETWEEN 43044295 - 10000000 AND 43125364
  AND g.copies > 0
  AND v.variant_type NOT IN ('reference', 'reference_block', 'overlapping_deletion')
ORDER BY v.pos, v.variant_id, g.object, g.sample_id
