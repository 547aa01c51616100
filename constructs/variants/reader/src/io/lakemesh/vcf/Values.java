package io.lakemesh.vcf;

import java.util.Arrays;

/** The values of a field that are divided by commas, and which of them belong to one allele. */
final class Values {
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  int count;

  void read(byte[] b, int start, int end) {
    count = 0;
    for (int at = start; at <= end; ) {
      int comma = Text.indexOf(b, at, end, ',');
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
      starts[count] = at;
      ends[count] = comma < 0 ? end : comma;
      at = ends[count++] + 1;
    }
  }

  int start(int i) {
    return starts[i];
  }

  int end(int i) {
    return ends[i];
  }

  boolean isMissing(byte[] b, int i) {
    return starts[i] == ends[i] || Text.is(b, starts[i], ends[i], '.');
  }

  /** How many genotypes there are of {@code ploidy} alleles out of {@code alts} and the reference: (ploidy + alts) over ploidy. */
  static long genotypes(int ploidy, int alts) {
    return over(ploidy + (long) alts, Math.min(ploidy, alts));
  }

  /** Where the genotype stands that has {@code copies} of the allele and otherwise the reference (VCF 4.4, 1.6.2). */
  static long genotype(int ploidy, int allele, int copies) {
    long index = 0;
    for (int i = ploidy - copies + 1; i <= ploidy; i++) {
      index += over(allele + i - 1L, i);
    }
    return index;
  }

  private static long over(long n, long k) {
    long value = 1;
    for (long i = 1; i <= k; i++) {
      if (value > Integer.MAX_VALUE) {
        return value; // no field has as many values
      }
      value = value * (n - k + i) / i;
    }
    return value;
  }
}
