package io.lakemesh.vcf;

import java.util.Arrays;

/** The INFO column of one line. */
final class InfoValues {
  private static final byte[] END = Text.of("END");
  private static final byte[] SVLEN = Text.of("SVLEN");

  int count;
  Field[] fields = new Field[16];
  int[] valueStarts = new int[16];
  /** Before the start of the value where the field has none. */
  int[] valueEnds = new int[16];

  /** What END says, or NO_NUMBER. */
  long endPos;
  /** Which field is SVLEN, or -1. */
  int svLength;

  void read(Line line, Fields known, long lineNumber) {
    byte[] b = line.bytes;
    int end = line.ends[Line.INFO];
    count = 0;
    endPos = Text.NO_NUMBER;
    svLength = -1;
    if (Text.is(b, line.starts[Line.INFO], end, '.')) {
      return;
    }
    for (int at = line.starts[Line.INFO]; at < end; ) {
      int equals = -1;
      int to = at;
      for (; to < end && b[to] != ';'; to++) {
        if (b[to] == '=' && equals < 0) {
          equals = to;
        }
      }
      int keyEnd = equals < 0 ? to : equals;
      if (keyEnd > at) {
        Field f = known.get(b, at, keyEnd);
        if (f.seenIn != lineNumber) { // the first value counts
          f.seenIn = lineNumber;
          add(f, equals < 0 ? to + 1 : equals + 1, to);
          if (Arrays.equals(f.id, END)) {
            endPos = Text.wholeNumber(b, keyEnd + 1, Math.max(to, keyEnd + 1));
          } else if (Arrays.equals(f.id, SVLEN)) {
            svLength = count - 1;
          }
        }
      }
      at = to + 1;
    }
  }

  private void add(Field f, int start, int end) {
    if (count == fields.length) {
      fields = Arrays.copyOf(fields, 2 * count);
      valueStarts = Arrays.copyOf(valueStarts, 2 * count);
      valueEnds = Arrays.copyOf(valueEnds, 2 * count);
    }
    fields[count] = f;
    valueStarts[count] = start;
    valueEnds[count] = end;
    count++;
  }
}
