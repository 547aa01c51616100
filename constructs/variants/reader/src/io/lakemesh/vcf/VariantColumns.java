package io.lakemesh.vcf;

import io.lakemesh.vcf.Column.Type;

/** One alternate allele of one line of a file; a line without alternate alleles is one row as well. */
public final class VariantColumns extends Columns {
  /** The URI of the file. */
  final Column object = add("object", Type.STRING);
  /** Names the line in its file: its place in the text, or its virtual offset where the file is bgzip. */
  final Column record = add("record", Type.LONG);
  /** Which alternate allele of the line, from 1; 0 where it has none. */
  final Column alleleIndex = add("allele_index", Type.INT);
  final Column variantId = add("variant_id", Type.STRING);
  final Column assembly = add("assembly", Type.STRING);
  final Column contig = add("contig", Type.STRING);
  /** The first base of ref, from 1; 0 is before the first base of the contig. */
  final Column pos = add("pos", Type.LONG);
  /** The last base that the allele replaces. */
  final Column endPos = add("end_pos", Type.LONG);
  final Column ref = add("ref", Type.STRING);
  final Column alt = add("alt", Type.STRING);
  final Column variantType = add("variant_type", Type.STRING);
  final Column ids = add("ids", Type.STRINGS);
  final Column qual = add("qual", Type.DOUBLE);
  final Column filters = add("filters", Type.STRINGS);
  /** Called alleles of the samples of the file, and how many of them are this one. */
  final Column alleleNumber = add("allele_number", Type.INT);
  final Column alleleCount = add("allele_count", Type.INT);
  /** Samples that have the allele, and samples of whose call an allele or all are missing. */
  final Column carriers = add("carriers", Type.INT);
  final Column missing = add("missing", Type.INT);
  final Column info = add("info", Type.MAP);
  /** What INFO fields say whose number of values does not fit the alleles of the line. */
  final Column infoUnsplit = add("info_unsplit", Type.MAP);
  /** What the line says, where the row says it in another way; else null. */
  final Column contigInFile = add("contig_in_file", Type.STRING);
  final Column posInFile = add("pos_in_file", Type.LONG);
  final Column refInFile = add("ref_in_file", Type.STRING);
  final Column altInFile = add("alt_in_file", Type.STRING);
  /** Whether bases are aligned to the left by a reference; false where it has no such REF; null without reference. */
  final Column normalized = add("normalized", Type.BOOLEAN);
}
