package io.lakemesh.vcf;

import java.util.Arrays;

/** One line of data: its columns, its position and its alleles. */
final class Line {
  static final int CHROM = 0;
  static final int POS = 1;
  static final int ID = 2;
  static final int REF = 3;
  static final int ALT = 4;
  static final int QUAL = 5;
  static final int FILTER = 6;
  static final int INFO = 7;
  static final int FORMAT = 8;
  private static final int FIXED = 8;
  /** Three digits more than the longest contig that anybody has: more is no position. */
  private static final long MAX_POS = 999_999_999_999L;

  byte[] bytes;
  /** Where the line ends. */
  int end;
  /** Where each of the first nine columns begins and ends. */
  final int[] starts = new int[FIXED + 1];
  final int[] ends = new int[FIXED + 1];
  /** How many of the first nine columns there are: eight or nine. */
  int columns;
  /** Where the first column of a sample begins; behind {@code end} where there is none. */
  int samplesStart;

  long pos;
  /** NaN is a quality that the line may say; a missing one is {@code hasQual} false. */
  double qual;
  boolean hasQual;

  /** How many alternate alleles there are; the one that is missing ({@code .}) does not count. */
  int alts;
  /** The bases of the alleles in capitals, other alleles as they are: the reference is number 0. */
  byte[] alleleBytes = new byte[256];
  int[] alleleStarts = new int[8];
  int[] alleleEnds = new int[8];
  Allele[] alleleKinds = new Allele[8];

  private byte[] tabbed = new byte[0];

  /** Reads the line up to where its samples begin. */
  void read(byte[] b, int start, int end) throws MalformedException {
    if (Text.indexOf(b, start, end, '\t') < 0) {
      readSpaces(b, start, end);
      return;
    }
    this.bytes = b;
    this.end = end;
    columns = 0;
    int at = start;
    while (columns <= FIXED && at <= end) {
      int tab = Text.indexOf(b, at, end, '\t');
      starts[columns] = at;
      ends[columns] = tab < 0 ? end : tab;
      at = ends[columns] + 1;
      columns++;
    }
    samplesStart = at;
    if (columns < FIXED) {
      throw new MalformedException("columns: got " + columns + ", expected at least " + FIXED);
    }
    readPosition();
    readAlleles();
    readQuality();
  }

  /** Reads a line without tabs as if each run of spaces were one. */
  private void readSpaces(byte[] b, int start, int end) throws MalformedException {
    if (tabbed.length < end - start) {
      tabbed = new byte[Math.max(end - start, 2 * tabbed.length)];
    }
    int n = 0;
    for (int i = start; i < end; i++) {
      if (b[i] != ' ') {
        tabbed[n++] = b[i];
      } else if (n > 0 && tabbed[n - 1] != '\t') {
        tabbed[n++] = '\t';
      }
    }
    if (n > 0 && tabbed[n - 1] == '\t') {
      n--;
    }
    if (Text.indexOf(tabbed, 0, n, '\t') < 0) {
      throw new MalformedException("columns: got 1, expected at least " + FIXED);
    }
    read(tabbed, 0, n);
  }

  private void readPosition() throws MalformedException {
    if (starts[CHROM] == ends[CHROM]) {
      throw new MalformedException("CHROM is empty");
    }
    if (!Text.isDigits(bytes, starts[POS], ends[POS])) {
      throw new MalformedException("POS is no whole number from 0");
    }
    pos = Text.wholeNumber(bytes, starts[POS], ends[POS]);
    if (pos == Text.NO_NUMBER || pos > MAX_POS) {
      throw new MalformedException("POS is larger than " + MAX_POS);
    }
  }

  private void readQuality() throws MalformedException {
    hasQual = !Text.is(bytes, starts[QUAL], ends[QUAL], '.');
    if (hasQual) {
      Double said = Text.number(bytes, starts[QUAL], ends[QUAL]);
      if (said == null) {
        throw new MalformedException("QUAL is no number");
      }
      qual = said;
    }
  }

  private void readAlleles() throws MalformedException {
    int length = ends[ALT] - starts[REF];
    if (alleleBytes.length < length) {
      alleleBytes = new byte[Math.max(length, 2 * alleleBytes.length)];
    }
    if (starts[REF] == ends[REF]) {
      throw new MalformedException("REF is empty");
    }
    if (starts[ALT] == ends[ALT]) {
      throw new MalformedException("ALT is empty");
    }
    alts = 0;
    System.arraycopy(bytes, starts[REF], alleleBytes, 0, length);
    allele(0, 0, ends[REF] - starts[REF]);
    if (Text.is(bytes, starts[ALT], ends[ALT], '.')) {
      return;
    }
    for (int at = starts[ALT]; at <= ends[ALT]; ) {
      int comma = Text.indexOf(bytes, at, ends[ALT], ',');
      int altEnd = comma < 0 ? ends[ALT] : comma;
      if (altEnd == at) {
        throw new MalformedException("alternate allele " + (alts + 1) + " is empty");
      }
      allele(++alts, at - starts[REF], altEnd - starts[REF]);
      at = altEnd + 1;
    }
  }

  private void allele(int index, int start, int end) {
    if (index == alleleStarts.length) {
      alleleStarts = Arrays.copyOf(alleleStarts, 2 * index);
      alleleEnds = Arrays.copyOf(alleleEnds, 2 * index);
      alleleKinds = Arrays.copyOf(alleleKinds, 2 * index);
    }
    alleleStarts[index] = start;
    alleleEnds[index] = end;
    alleleKinds[index] = Allele.of(alleleBytes, start, end);
    if (alleleKinds[index] == Allele.BASES) {
      Text.toUpper(alleleBytes, start, end);
    }
  }
}
