package io.lakemesh.vcf;

/** How an allele is written. */
enum Allele {
  /** Letters: bases, or letters that stand for several. */
  BASES,
  /** {@code <DEL>} and the like. */
  SYMBOLIC,
  /** {@code <NON_REF>} or {@code <*>}: any allele that the line does not list. */
  UNSPECIFIED,
  /** {@code *}: a deletion that another line tells of lies over the position. */
  OVERLAPPING_DELETION,
  /** {@code G]17:198982]} with a mate, {@code .TGCA} and {@code G.} without one. */
  BREAKEND,
  /** What the specification does not know. */
  OTHER;

  static Allele of(byte[] b, int start, int end) {
    if (Text.is(b, start, end, '*')) {
      return OVERLAPPING_DELETION;
    }
    if (Text.indexOf(b, start, end, '[') >= 0 || Text.indexOf(b, start, end, ']') >= 0) {
      return BREAKEND;
    }
    if (b[start] == '<' && b[end - 1] == '>') {
      String name = Text.string(b, start, Math.min(end, start + 16));
      return name.equals("<NON_REF>") || name.equals("<*>") ? UNSPECIFIED : SYMBOLIC;
    }
    if (end - start > 1 && b[start] == '.' && isLetters(b, start + 1, end) || end - start > 1 && b[end - 1] == '.' && isLetters(b, start, end - 1)) {
      return BREAKEND;
    }
    return isLetters(b, start, end) ? BASES : OTHER;
  }

  private static boolean isLetters(byte[] b, int start, int end) {
    for (int i = start; i < end; i++) {
      int c = b[i] | 32;
      if (c < 'a' || c > 'z') {
        return false;
      }
    }
    return end > start;
  }
}
