package io.lakemesh.vcf;

import io.lakemesh.vcf.Column.Type;

/** What was read of one split of one file. */
public final class SplitColumns extends Columns {
  final Column object = add("object", Type.STRING);
  final Column split = add("split", Type.INT);
  final Column codec = add("codec", Type.STRING);
  /** The file format that the header says, such as 4.2; null where it says none. */
  final Column version = add("vcf_version", Type.STRING);
  final Column assembly = add("assembly", Type.STRING);
  final Column samples = add("samples", Type.INT);
  /** All lines of the split, those of the header among them. */
  final Column lines = add("lines", Type.LONG);
  /** Lines that became rows, and the rows that they became. */
  final Column records = add("records", Type.LONG);
  final Column variants = add("variants", Type.LONG);
  final Column genotypes = add("genotypes", Type.LONG);
  final Column quarantined = add("quarantined", Type.LONG);
  /** Records that lie behind the end that the header says of their contig. */
  final Column pastEnd = add("past_end", Type.LONG);
  /** Records of which REF is not what the reference has there; null without reference. */
  final Column refMismatches = add("ref_mismatches", Type.LONG);
  /** Why the file is refused as a whole; else null. Rows of a refused file are worth nothing. */
  final Column refused = add("refused", Type.STRING);
}
