package io.lakemesh.vcf;

import java.util.Arrays;

/** The genotypes of one line. Only calls that name an alternate allele or a missing one are kept; the others are counted. */
final class Calls {
  static final int MISSING = -1;

  private final int samples;
  /** Which samples are left out, or null. */
  private final boolean[] erased;

  /** The fields of FORMAT in their order, and where the known ones are among them; -1 where they are not. */
  Field[] format = new Field[8];
  int formatFields;
  int gt;
  private byte[] formatText = new byte[0];

  /** Whether the line has genotypes at all. */
  boolean called;
  /** How many calls are kept. */
  int kept;
  /** For each kept call: which sample, its column in the line, its alleles in {@code alleles}, and how they are phased. */
  int[] sample = new int[16];
  int[] columnStart = new int[16];
  int[] columnEnd = new int[16];
  int[] firstAllele = new int[16];
  int[] ploidy = new int[16];
  boolean[] phased = new boolean[16];
  int[] alleles = new int[64];
  private int allelesUsed;

  /** How often each allele was called in all samples. */
  int[] counts = new int[8];
  int alleleNumber;

  Calls(int samples, boolean[] erased) {
    this.samples = samples;
    this.erased = erased;
  }

  /** Reads the samples of the line. */
  void read(Line line, Fields fields) throws MalformedException {
    kept = 0;
    allelesUsed = 0;
    alleleNumber = 0;
    called = false;
    if (counts.length <= line.alts) {
      counts = new int[Math.max(line.alts + 1, 2 * counts.length)];
    }
    Arrays.fill(counts, 0, line.alts + 1, 0);
    if (line.columns > Line.FORMAT) {
      readFormat(line, fields);
    }
    if (line.samplesStart > line.end && (samples == 0 || line.columns == Line.FORMAT)) {
      return; // a line may leave out FORMAT and all samples
    }
    called = gt >= 0 && line.columns > Line.FORMAT;
    readColumns(line);
  }

  private void readFormat(Line line, Fields fields) throws MalformedException {
    int start = line.starts[Line.FORMAT];
    int end = line.ends[Line.FORMAT];
    if (formatFields > 0 && Text.equals(line.bytes, start, end, formatText)) {
      return; // as in the line before
    }
    formatText = Arrays.copyOfRange(line.bytes, start, end);
    formatFields = 0;
    gt = -1;
    for (int at = start; at <= end; ) {
      int colon = Text.indexOf(line.bytes, at, end, ':');
      int to = colon < 0 ? end : colon;
      if (formatFields == format.length) {
        format = Arrays.copyOf(format, 2 * formatFields);
      }
      Field f = fields.get(line.bytes, at, to);
      for (int i = 0; i < formatFields; i++) {
        if (format[i] == f) {
          formatFields = 0;
          throw new MalformedException("FORMAT names a field twice");
        }
      }
      if (to - at == 2 && line.bytes[at] == 'G' && line.bytes[at + 1] == 'T') {
        gt = formatFields;
      }
      format[formatFields++] = f;
      at = to + 1;
    }
  }

  private void readColumns(Line line) throws MalformedException {
    byte[] b = line.bytes;
    int end = line.end;
    int at = line.samplesStart;
    int n = 0;
    for (; at <= end; n++) {
      if (n == samples && at == end) {
        break; // a tab at the end of the line
      }
      if (n == samples) {
        throw new MalformedException("samples: got " + (n + Text.count(b, at, end, '\t') + 1) + ", expected " + samples);
      }
      if (erased != null && n < samples && erased[n]) {
        int tab = Text.indexOf(b, at, end, '\t');
        at = (tab < 0 ? end : tab) + 1;
        continue;
      }
      int columnStart = at;
      if (called && gt == 0) {
        // Most calls are of the reference: they are only counted.
        if (at + 2 < end && b[at] == '0' && b[at + 2] == '0' && (b[at + 1] == '/' || b[at + 1] == '|')
            && (at + 3 == end || b[at + 3] == ':' || b[at + 3] == '\t')) {
          counts[0] += 2;
          alleleNumber += 2;
          at += 3;
        } else {
          at = call(line, n, at);
        }
      }
      int colons = 0;
      for (; at < end && b[at] != '\t'; at++) {
        if (b[at] == ':') {
          colons++;
        }
      }
      if (colons >= formatFields) {
        throw new MalformedException("fields of sample " + (n + 1) + ": got " + (colons + 1) + ", expected at most the " + formatFields + " of FORMAT");
      }
      if (called && gt > 0) {
        callBehind(line, n, columnStart, at);
      }
      if (kept > 0 && sample[kept - 1] == n) {
        this.columnStart[kept - 1] = columnStart;
        columnEnd[kept - 1] = at;
      }
      at++;
    }
    if (n != samples) {
      throw new MalformedException("samples: got " + n + ", expected " + samples);
    }
  }

  /** Reads a call where GT is not the first field; where the column ends before it, the call is missing. */
  private void callBehind(Line line, int n, int start, int end) throws MalformedException {
    int at = start;
    for (int i = 0; i < gt; i++) {
      int colon = Text.indexOf(line.bytes, at, end, ':');
      if (colon < 0) {
        keep(n, allelesUsed, 1, false);
        allele(MISSING);
        return;
      }
      at = colon + 1;
    }
    call(line, n, at);
  }

  /** Reads the call that begins at {@code at} and says where it ends. */
  private int call(Line line, int n, int at) throws MalformedException {
    byte[] b = line.bytes;
    int first = allelesUsed;
    boolean unphased = false;
    boolean reference = true;
    if (at < line.end && (b[at] == '/' || b[at] == '|')) {
      at++; // VCF 4.4 may say the phase of the first allele
    }
    while (true) {
      int allele = MISSING;
      if (at < line.end && b[at] == '.') {
        at++;
      } else {
        int start = at;
        allele = 0;
        while (at < line.end && b[at] >= '0' && b[at] <= '9' && at - start < 9) {
          allele = allele * 10 + b[at++] - '0';
        }
        if (at == start) {
          throw new MalformedException("GT of sample " + (n + 1) + " is no genotype");
        }
        if (allele > line.alts) {
          allele = MISSING; // an allele that the line does not list: not known, and surely not the reference
        }
      }
      reference &= allele == 0;
      allele(allele);
      if (at == line.end || b[at] == ':' || b[at] == '\t') {
        break;
      }
      if (b[at] != '/' && b[at] != '|') {
        throw new MalformedException("GT of sample " + (n + 1) + " is no genotype");
      }
      unphased |= b[at++] == '/';
    }
    int count = allelesUsed - first;
    for (int i = first; i < allelesUsed; i++) {
      if (alleles[i] != MISSING) {
        counts[alleles[i]]++;
        alleleNumber++;
      }
    }
    if (reference) {
      allelesUsed = first;
    } else {
      keep(n, first, count, !unphased);
    }
    return at;
  }

  private void allele(int allele) {
    if (allelesUsed == alleles.length) {
      alleles = Arrays.copyOf(alleles, 2 * allelesUsed);
    }
    alleles[allelesUsed++] = allele;
  }

  private void keep(int n, int first, int count, boolean phased) {
    if (kept == sample.length) {
      int room = 2 * kept;
      sample = Arrays.copyOf(sample, room);
      columnStart = Arrays.copyOf(columnStart, room);
      columnEnd = Arrays.copyOf(columnEnd, room);
      firstAllele = Arrays.copyOf(firstAllele, room);
      ploidy = Arrays.copyOf(ploidy, room);
      this.phased = Arrays.copyOf(this.phased, room);
    }
    sample[kept] = n;
    firstAllele[kept] = first;
    ploidy[kept] = count;
    this.phased[kept] = phased;
    kept++;
  }

  /** How many alleles of a kept call are this one, or MISSING. */
  int copies(int call, int allele) {
    int n = 0;
    for (int i = firstAllele[call]; i < firstAllele[call] + ploidy[call]; i++) {
      if (alleles[i] == allele) {
        n++;
      }
    }
    return n;
  }
}
