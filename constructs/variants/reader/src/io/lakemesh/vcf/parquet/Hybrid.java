package io.lakemesh.vcf.parquet;

/** The encoding of small numbers as runs and as packed bits (Parquet's RLE/bit-packing hybrid). */
final class Hybrid {
  private Hybrid() {}

  /** How many bits the numbers from 0 to {@code max} take. */
  static int width(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }

  static void write(Bytes out, int[] values, int from, int to, int width) {
    for (int i = from; i < to; ) {
      int run = run(values, i, to);
      if (run >= 8) {
        out.varint((long) run << 1);
        out.little(values[i], (width + 7) / 8);
        i += run;
        continue;
      }
      int end = i;
      while (end < to && !isRunOfEight(values, end, to)) {
        end += 8;
      }
      int groups = (end - i) / 8;
      out.varint((long) groups << 1 | 1);
      pack(out, values, i, Math.min(end, to), groups, width);
      i = Math.min(end, to);
    }
  }

  private static int run(int[] values, int from, int to) {
    int i = from + 1;
    while (i < to && values[i] == values[from]) {
      i++;
    }
    return i - from;
  }

  private static boolean isRunOfEight(int[] values, int from, int to) {
    if (from + 8 > to) {
      return false;
    }
    for (int i = from + 1; i < from + 8; i++) {
      if (values[i] != values[from]) {
        return false;
      }
    }
    return true;
  }

  /** Packs groups of eight numbers; behind the last number stand zeros. */
  private static void pack(Bytes out, int[] values, int from, int to, int groups, int width) {
    out.room(groups * width + 8);
    byte[] data = out.data;
    int at = out.size;
    long bits = 0;
    int held = 0;
    for (int i = from; i < from + 8 * groups; i++) {
      bits |= (i < to ? (long) values[i] : 0) << held;
      held += width;
      while (held >= 8) {
        data[at++] = (byte) bits;
        bits >>>= 8;
        held -= 8;
      }
    }
    out.size = at;
  }
}
