package io.lakemesh.vcf;

import io.lakemesh.vcf.Column.Type;

/** One sample that carries one alternate allele, or of whose call an allele is missing. Who has no row is called without the allele. */
public final class GenotypeColumns extends Columns {
  final Column object = add("object", Type.STRING);
  final Column record = add("record", Type.LONG);
  final Column alleleIndex = add("allele_index", Type.INT);
  final Column variantId = add("variant_id", Type.STRING);
  final Column contig = add("contig", Type.STRING);
  final Column pos = add("pos", Type.LONG);
  final Column sampleId = add("sample_id", Type.STRING);
  /** How many alleles of the call are this one, are missing, and are there. */
  final Column copies = add("copies", Type.INT);
  final Column missing = add("missing", Type.INT);
  final Column ploidy = add("ploidy", Type.INT);
  /** Whether all alleles are phased; null for a call of one allele. */
  final Column phased = add("phased", Type.BOOLEAN);
  /** GT as in the file: its numbers are those of the line. */
  final Column genotype = add("genotype", Type.STRING);
  final Column phaseSet = add("phase_set", Type.LONG);
  final Column depth = add("depth", Type.INT);
  final Column refDepth = add("ref_depth", Type.INT);
  final Column altDepth = add("alt_depth", Type.INT);
  final Column genotypeQuality = add("genotype_quality", Type.DOUBLE);
  /** PL of the genotypes of the reference and this allele only, with 0, 1, … ploidy copies of it. */
  final Column likelihoods = add("likelihoods", Type.INTS);
  final Column filter = add("filter", Type.STRING);
  final Column fields = add("fields", Type.MAP);
  final Column fieldsUnsplit = add("fields_unsplit", Type.MAP);
}
