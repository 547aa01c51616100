package io.lakemesh.vcf;

import java.io.IOException;
import java.util.Arrays;

/** One alternate allele of a line in its minimal form: where it lies, what it replaces, and the name that it has in every file. */
final class AlleleForm {
  /** Longer alleles stand in a variant_id by their length and hash. */
  private static final int MAX_IN_ID = 100;
  private static final byte[] NONE = {'.'};

  private static final byte[] SNV = Text.of("snv");
  private static final byte[] MNV = Text.of("mnv");
  private static final byte[] INSERTION = Text.of("insertion");
  private static final byte[] DELETION = Text.of("deletion");
  private static final byte[] DELINS = Text.of("delins");
  private static final byte[] SYMBOLIC = Text.of("symbolic");
  private static final byte[] BREAKEND = Text.of("breakend");
  private static final byte[] OVERLAPPING_DELETION = Text.of("overlapping_deletion");
  private static final byte[] REFERENCE_BLOCK = Text.of("reference_block");
  private static final byte[] REFERENCE = Text.of("reference");
  private static final byte[] OTHER = Text.of("other");

  long pos;
  long endPos;
  byte[] bytes;
  int refStart;
  int refEnd;
  int altStart;
  int altEnd;
  byte[] type;
  /** Whether pos, ref or alt are others than the line's. */
  boolean changed;
  private byte[] shifted = new byte[64];
  final Column id = new Column("variant_id", Column.Type.STRING);

  /**
   * Reads allele {@code k} of the line; 0 is a line without alternate alleles.
   *
   * @param reference where an insertion or deletion is shifted to the left in; null leaves it where it is
   */
  void read(Line line, int k, InfoValues info, Values values, Header header, byte[] contig, Reference reference) throws IOException {
    bytes = line.alleleBytes;
    pos = line.pos;
    changed = false;
    refStart = line.alleleStarts[0];
    refEnd = line.alleleEnds[0];
    altStart = line.alleleStarts[k];
    altEnd = line.alleleEnds[k];
    boolean bases = k > 0 && line.alleleKinds[0] == Allele.BASES && line.alleleKinds[k] == Allele.BASES;
    if (bases) {
      trim();
      if (reference != null) {
        shift(reference);
      }
    }
    endPos = pos + refEnd - refStart - 1;
    boolean spans = k == 0 || line.alleleKinds[k] == Allele.SYMBOLIC || line.alleleKinds[k] == Allele.UNSPECIFIED;
    if (spans) {
      endPos = Math.max(endPos, spanEnd(line, k, info, values, header));
    }
    type = type(line, k, bases);
    writeId(Text.of(header.assembly), contig, k, spans && (k > 0 || endPos > pos));
  }

  /** Takes away what both alleles share at the end, then at the start, and leaves one base of each. */
  private void trim() {
    int refWas = refEnd - refStart;
    int altWas = altEnd - altStart;
    while (refEnd - refStart > 1 && altEnd - altStart > 1 && bytes[refEnd - 1] == bytes[altEnd - 1]) {
      refEnd--;
      altEnd--;
    }
    while (refEnd - refStart > 1 && altEnd - altStart > 1 && bytes[refStart] == bytes[altStart]) {
      refStart++;
      altStart++;
      pos++;
    }
    changed = refEnd - refStart != refWas || altEnd - altStart != altWas;
  }

  /**
   * Shifts to the left as long as the alleles end with the same base: that base is taken away, and the one before is put in front of both (Tan, Abecasis
   * and Kang 2015). Both alleles are trimmed, so that one of them is one base where this is so. The longer one turns in a ring.
   */
  private void shift(Reference reference) throws IOException {
    int ref = refEnd - refStart;
    int alt = altEnd - altStart;
    if (ref == alt || bytes[refEnd - 1] != bytes[altEnd - 1]) {
      return;
    }
    int n = Math.max(ref, alt);
    if (shifted.length < 2 * n + 1) {
      shifted = new byte[2 * (2 * n + 1)];
    }
    // The ring, the longer allele as it is after the last turn, and the shorter one.
    System.arraycopy(bytes, ref > alt ? refStart : altStart, shifted, 0, n);
    byte one = bytes[ref > alt ? altStart : refStart];
    int last = n - 1;
    long was = pos;
    while (pos > 1 && shifted[last] == one) {
      one = reference.base(pos - 1);
      shifted[last] = one;
      last = last == 0 ? n - 1 : last - 1;
      pos--;
    }
    if (pos == was) {
      return;
    }
    for (int i = 0; i < n; i++) {
      shifted[n + i] = shifted[(last + 1 + i) % n];
    }
    shifted[2 * n] = one;
    bytes = shifted;
    refStart = ref > alt ? n : 2 * n;
    refEnd = refStart + ref;
    altStart = ref > alt ? 2 * n : n;
    altEnd = altStart + alt;
    changed = true;
  }

  /** The last base that a symbolic allele covers, as END or SVLEN say. */
  private static long spanEnd(Line line, int k, InfoValues info, Values values, Header header) {
    long byEnd = info.endPos == Text.NO_NUMBER ? 0 : info.endPos;
    if (k == 0 || info.svLength < 0 || line.alleleKinds[k] != Allele.SYMBOLIC || !hasLength(line, k)) {
      return byEnd;
    }
    // From VCF 4.4 on END is the largest of all alleles, before it is the only one.
    if (byEnd > 0 && (!header.isAtLeast(4) || line.alts == 1)) {
      return byEnd;
    }
    values.read(line.bytes, info.valueStarts[info.svLength], info.valueEnds[info.svLength]);
    if (values.count != line.alts) {
      return byEnd;
    }
    long length = Text.wholeNumber(line.bytes, values.start(k - 1), values.end(k - 1));
    return length == Text.NO_NUMBER ? byEnd : line.pos + Math.abs(length);
  }

  /** Whether the allele is one whose SVLEN counts bases of the reference. */
  private static boolean hasLength(Line line, int k) {
    String name = Text.string(line.alleleBytes, line.alleleStarts[k], Math.min(line.alleleEnds[k], line.alleleStarts[k] + 4));
    return name.equals("<DEL") || name.equals("<DUP") || name.equals("<INV") || name.equals("<CNV") || name.startsWith("<CN");
  }

  private byte[] type(Line line, int k, boolean bases) {
    if (k == 0) {
      return endPos > pos + refEnd - refStart - 1 ? REFERENCE_BLOCK : REFERENCE;
    }
    if (bases) {
      int ref = refEnd - refStart;
      int alt = altEnd - altStart;
      if (ref == alt) {
        if (Arrays.equals(bytes, refStart, refEnd, bytes, altStart, altEnd)) {
          return REFERENCE;
        }
        return ref == 1 ? SNV : MNV;
      }
      boolean shared = bytes[refStart] == bytes[altStart];
      if (ref == 1 && shared) {
        return INSERTION;
      }
      return alt == 1 && shared ? DELETION : DELINS;
    }
    return switch (line.alleleKinds[k]) {
      case SYMBOLIC -> SYMBOLIC;
      case UNSPECIFIED -> REFERENCE_BLOCK;
      case BREAKEND -> BREAKEND;
      case OVERLAPPING_DELETION -> OVERLAPPING_DELETION;
      default -> OTHER;
    };
  }

  private void writeId(byte[] assembly, byte[] contig, int k, boolean withEnd) {
    id.clear();
    id.begin(0);
    id.add(assembly, 0, assembly.length);
    id.add(':');
    id.add(contig, 0, contig.length);
    id.add(':');
    number(pos);
    id.add(':');
    allele(refStart, refEnd);
    id.add(':');
    if (k == 0) {
      id.add(NONE, 0, 1);
    } else {
      allele(altStart, altEnd);
    }
    if (withEnd) {
      id.add(':');
      number(endPos);
    }
    id.finish(0);
  }

  private void number(long n) {
    byte[] digits = Text.of(Long.toString(n));
    id.add(digits, 0, digits.length);
  }

  private void allele(int start, int end) {
    if (end - start <= MAX_IN_ID) {
      id.add(bytes, start, end);
      return;
    }
    byte[] hash = Sha256.of(bytes, start, end);
    number(end - start);
    id.add('#');
    id.add(hash, 0, 32);
  }
}
