-- The tables of the variant lake. {database} stands for the catalog and the database.

CREATE TABLE IF NOT EXISTS {database}.variants (
  object STRING COMMENT 'URI of the VCF file',
  record BIGINT COMMENT 'Which line of the file: its place in the text, or its virtual offset in a bgzip file',
  allele_index INT COMMENT 'Which alternate allele of the line, from 1; 0 where it has none',
  variant_id STRING COMMENT 'assembly:contig:pos:ref:alt, and :end_pos for symbolic alleles and reference blocks; alleles of more than 100 bases as length#hash',
  assembly STRING COMMENT 'Reference assembly, such as GRCh38',
  contig STRING COMMENT 'Contig; chromosomes of human assemblies are called chr1 to chr22, chrX, chrY, chrM',
  pos BIGINT COMMENT 'First base of ref, from 1; 0 is before the first base of the contig',
  end_pos BIGINT COMMENT 'Last base that the allele replaces or covers',
  ref STRING COMMENT 'Reference allele in its minimal form',
  alt STRING COMMENT 'Alternate allele in its minimal form; null where the line has none',
  variant_type STRING COMMENT 'snv, mnv, insertion, deletion, delins, symbolic, breakend, overlapping_deletion, reference_block, reference or other',
  ids ARRAY<STRING> COMMENT 'Identifiers of the line, such as rs numbers',
  qual DOUBLE COMMENT 'QUAL',
  filters ARRAY<STRING> COMMENT 'PASS, or the filters that failed; null where none was applied',
  allele_number INT COMMENT 'Called alleles of all samples of the file; null where the line has no genotypes',
  allele_count INT COMMENT 'How many of them are this allele',
  carriers INT COMMENT 'Samples that have the allele',
  missing INT COMMENT 'Samples of whose call an allele or all are missing',
  info MAP<STRING, STRING> COMMENT 'INFO: values per allele are those of this allele, flags are true',
  info_unsplit MAP<STRING, STRING> COMMENT 'INFO fields whose number of values does not fit the alleles of the line, as they are in the file',
  contig_in_file STRING COMMENT 'CHROM, where contig is another name',
  pos_in_file BIGINT COMMENT 'POS, where the minimal form has other alleles',
  ref_in_file STRING COMMENT 'REF, where the minimal form has other alleles',
  alt_in_file STRING COMMENT 'The allele of ALT, where the minimal form has other alleles',
  normalized BOOLEAN COMMENT 'Whether insertions and deletions are aligned to the left by a reference; false where it has no such REF, or ALT other letters than A, C, G, T and N; null without reference, and where ALT is no bases'
) USING iceberg
PARTITIONED BY (contig, truncate(10000000, pos));

ALTER TABLE {database}.variants WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY contig, pos;

CREATE TABLE IF NOT EXISTS {database}.genotypes (
  object STRING COMMENT 'URI of the VCF file',
  record BIGINT COMMENT 'Which line of the file, as in variants',
  allele_index INT COMMENT 'Which alternate allele of the line, as in variants',
  variant_id STRING COMMENT 'As in variants',
  contig STRING COMMENT 'As in variants',
  pos BIGINT COMMENT 'As in variants',
  sample_id STRING COMMENT 'Sample as the file calls it',
  copies INT COMMENT 'How many alleles of the call are this one',
  missing INT COMMENT 'How many alleles of the call are missing, or none that the line lists',
  ploidy INT COMMENT 'How many alleles the call has',
  phased BOOLEAN COMMENT 'Whether all alleles are phased; null for a call of one allele',
  genotype STRING COMMENT 'GT as in the file; its numbers are those of the line',
  phase_set BIGINT COMMENT 'PS',
  depth INT COMMENT 'DP',
  ref_depth INT COMMENT 'AD of the reference allele',
  alt_depth INT COMMENT 'AD of this allele',
  genotype_quality DOUBLE COMMENT 'GQ',
  likelihoods ARRAY<INT> COMMENT 'PL of the genotypes with 0, 1 to ploidy copies of this allele and otherwise the reference',
  filter STRING COMMENT 'FT',
  fields MAP<STRING, STRING> COMMENT 'Other FORMAT fields: values per allele are those of this allele',
  fields_unsplit MAP<STRING, STRING> COMMENT 'FORMAT fields whose number of values does not fit the alleles of the line, as they are in the file'
) USING iceberg
PARTITIONED BY (contig, truncate(10000000, pos));

ALTER TABLE {database}.genotypes WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY contig, pos, sample_id;

CREATE TABLE IF NOT EXISTS {database}.samples (
  object STRING COMMENT 'URI of the VCF file',
  sample_id STRING COMMENT 'Sample as the file calls it',
  sample_index INT COMMENT 'Which column of samples, from 1'
) USING iceberg;

CREATE TABLE IF NOT EXISTS {database}.quarantine (
  object STRING COMMENT 'URI of the VCF file',
  line BIGINT COMMENT 'Line of the file, from 1; 0 where the file as a whole is refused',
  reason STRING COMMENT 'What is wrong; never what the line says',
  text_sha256 STRING COMMENT 'SHA-256 of the line without its line end, in hexadecimal; null where the file as a whole is refused, or a sample of it is erased'
) USING iceberg;

CREATE TABLE IF NOT EXISTS {database}.files (
  object STRING COMMENT 'URI of the VCF file',
  etag STRING COMMENT 'ETag of the object',
  size BIGINT COMMENT 'Bytes of the object',
  status STRING COMMENT 'loaded, or refused: then the other tables have no rows of this version of the object',
  reason STRING COMMENT 'Why the file is refused',
  codec STRING COMMENT 'plain, gzip or bgzf',
  vcf_version STRING COMMENT 'Version of the file format, such as 4.2',
  assembly STRING COMMENT 'Reference assembly',
  samples INT COMMENT 'Samples of the file',
  lines BIGINT COMMENT 'Lines of the file, the header among them',
  records BIGINT COMMENT 'Lines that became rows',
  variants BIGINT COMMENT 'Rows in variants',
  genotypes BIGINT COMMENT 'Rows in genotypes',
  quarantined BIGINT COMMENT 'Lines in quarantine',
  past_end BIGINT COMMENT 'Records behind the end that the header says of their contig',
  ref_mismatches BIGINT COMMENT 'Records whose REF is not what the reference has there; null without reference',
  reader STRING COMMENT 'Version of the reader that made the rows',
  reference STRING COMMENT 'URI of the FASTA file by which alleles are aligned to the left; null where none was',
  run STRING COMMENT 'Run that loaded the file',
  loaded_at TIMESTAMP_NTZ COMMENT 'When the run published the rows, UTC'
) USING iceberg;

CREATE TABLE IF NOT EXISTS {database}.annotations (
  variant_id STRING COMMENT 'As in variants',
  source STRING COMMENT 'clinvar or gnomad',
  source_version STRING COMMENT 'Version of the source as the run names it, such as 2026-11-01 or 4.1',
  assembly STRING COMMENT 'As in variants',
  contig STRING COMMENT 'As in variants',
  pos BIGINT COMMENT 'As in variants',
  ref STRING COMMENT 'As in variants',
  alt STRING COMMENT 'As in variants',
  source_id STRING COMMENT 'ID of the line of the source: the variation of ClinVar, rs numbers of gnomAD divided by ;',
  filters ARRAY<STRING> COMMENT 'FILTER of the line of the source: PASS, or the filters that failed',
  clinvar_allele_id BIGINT COMMENT 'ALLELEID of ClinVar',
  clinical_significance STRING COMMENT 'CLNSIG of ClinVar, such as Pathogenic/Likely_pathogenic',
  review_status STRING COMMENT 'CLNREVSTAT of ClinVar',
  review_stars INT COMMENT 'Stars that ClinVar shows for the review status, 0 to 4',
  conditions ARRAY<STRING> COMMENT 'CLNDN of ClinVar: names of the conditions, with spaces',
  genes ARRAY<STRING> COMMENT 'Symbols in GENEINFO of ClinVar',
  gene_info STRING COMMENT 'GENEINFO of ClinVar',
  af DOUBLE COMMENT 'AF of gnomAD, 0 to 1',
  af_grpmax DOUBLE COMMENT 'AF_grpmax of gnomAD, AF_popmax before version 4',
  grpmax STRING COMMENT 'Group with that frequency in gnomAD',
  allele_count BIGINT COMMENT 'AC of gnomAD',
  allele_number BIGINT COMMENT 'AN of gnomAD',
  homozygotes BIGINT COMMENT 'nhomalt of gnomAD',
  run STRING COMMENT 'Run that wrote the row',
  annotated_at TIMESTAMP_NTZ COMMENT 'When the run wrote the row, UTC'
) USING iceberg
PARTITIONED BY (source, source_version, contig);

ALTER TABLE {database}.annotations WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY source, source_version, contig, pos;

CREATE TABLE IF NOT EXISTS {database}.erased (
  sample_sha256 STRING COMMENT 'SHA-256 of the salt and the name of the sample, in hexadecimal',
  salt STRING COMMENT 'Salt of the hash',
  object STRING COMMENT 'URI of the VCF file that the sample is erased of; null for all',
  run STRING COMMENT 'Run that erased the sample',
  erased_at TIMESTAMP_NTZ COMMENT 'When the run erased it, UTC'
) USING iceberg;
