package io.lakemesh.vcf.parquet;

import io.lakemesh.vcf.Column;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The values of one leaf of the schema in one row group. Each different value is kept once, and each value by its number: that is the dictionary
 * encoding of Parquet, and where it would be longer than the plain one, the values are written out again.
 */
final class Leaf {
  /** The physical types of Parquet, by their numbers. */
  enum Type {
    BOOLEAN(0), INT32(1), INT64(2), DOUBLE(5), BYTE_ARRAY(6);

    final int number;

    Type(int number) {
      this.number = number;
    }

    static Type of(Column.Type type) {
      return switch (type) {
        case BOOLEAN -> BOOLEAN;
        case INT -> INT32;
        case LONG -> INT64;
        case DOUBLE -> DOUBLE;
        default -> BYTE_ARRAY;
      };
    }
  }

  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  final Type type;
  final String[] path;
  final int maxDefinition;
  final int maxRepetition;

  /** All values, null and not: how much of the path is there, and which of the repeated ones this is. */
  int[] definitions = new int[1 << 10];
  int[] repetitions;
  int count;
  /** The values that are not null, by their numbers in the dictionary. */
  int[] ids = new int[1 << 10];
  int present;

  /** The dictionary: numbers as their bits, texts as spans of {@code texts}. */
  int distinct;
  private long[] numbers = new long[256];
  private byte[] texts;
  private int[] ends;
  private int[] hashes;
  private int[] slots = new int[1 << 10];
  private int textsUsed;
  private int last = -1;
  private long plainSize;

  Leaf(Type type, int maxDefinition, int maxRepetition, String... path) {
    this.type = type;
    this.path = path;
    this.maxDefinition = maxDefinition;
    this.maxRepetition = maxRepetition;
    if (maxRepetition > 0) {
      repetitions = new int[1 << 10];
    }
    if (type == Type.BYTE_ARRAY) {
      texts = new byte[1 << 12];
      ends = new int[257];
      hashes = new int[256];
    }
    Arrays.fill(slots, -1);
  }

  /** About how many bytes of memory the values take. */
  long size() {
    return 4L * (count * (maxRepetition > 0 ? 2 : 1) + present) + 12L * distinct + textsUsed;
  }

  void addLevel(int definition, int repetition) {
    if (count == definitions.length) {
      definitions = Arrays.copyOf(definitions, 2 * count);
      if (repetitions != null) {
        repetitions = Arrays.copyOf(repetitions, 2 * count);
      }
    }
    definitions[count] = definition;
    if (repetitions != null) {
      repetitions[count] = repetition;
    }
    count++;
  }

  /** Adds the values of the rows of a column that is no list and no map. */
  void addRows(Column c, int[] rows, int from, int to) {
    for (int i = from; i < to; i++) {
      int row = rows[i];
      if (c.nulls[row]) {
        addLevel(0, 0);
      } else {
        addLevel(1, 0);
        add(c, row);
      }
    }
  }

  void add(Column c, int row) {
    switch (type) {
      case BOOLEAN -> addNumber(c.booleans[row] ? 1 : 0);
      case INT32 -> addNumber(c.ints[row]);
      case INT64 -> addNumber(c.longs[row]);
      case DOUBLE -> addNumber(Double.doubleToRawLongBits(c.doubles[row]));
      case BYTE_ARRAY -> addText(c.data, c.starts[row], c.lengths[row]);
    }
  }

  private void addId(int id) {
    if (present == ids.length) {
      ids = Arrays.copyOf(ids, 2 * present);
    }
    ids[present++] = id;
    last = id;
  }

  private void addNumber(long bits) {
    if (last >= 0 && numbers[last] == bits) {
      addId(last);
      return;
    }
    int mask = slots.length - 1;
    int at = mix(bits) & mask;
    for (; slots[at] >= 0; at = at + 1 & mask) {
      if (numbers[slots[at]] == bits) {
        addId(slots[at]);
        return;
      }
    }
    if (distinct == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * distinct);
    }
    numbers[distinct] = bits;
    slots[at] = distinct;
    addId(distinct++);
    grow();
  }

  private static int mix(long bits) {
    long h = bits * 0x9e3779b97f4a7c15L;
    return (int) (h >>> 32 ^ h >>> 15);
  }

  private void addText(byte[] b, int start, int length) {
    plainSize += 4L + length;
    if (last >= 0 && isEntry(last, b, start, length)) {
      addId(last);
      return;
    }
    int hash = hash(b, start, length);
    int mask = slots.length - 1;
    int at = hash & mask;
    for (; slots[at] >= 0; at = at + 1 & mask) {
      if (hashes[slots[at]] == hash && isEntry(slots[at], b, start, length)) {
        addId(slots[at]);
        return;
      }
    }
    if (distinct == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * distinct);
      ends = Arrays.copyOf(ends, 2 * distinct + 1);
    }
    if (textsUsed + length > texts.length) {
      texts = Arrays.copyOf(texts, Math.max(2 * texts.length, textsUsed + length));
    }
    System.arraycopy(b, start, texts, textsUsed, length);
    textsUsed += length;
    ends[distinct + 1] = textsUsed;
    hashes[distinct] = hash;
    slots[at] = distinct;
    addId(distinct++);
    grow();
  }

  private boolean isEntry(int id, byte[] b, int start, int length) {
    return ends[id + 1] - ends[id] == length && Arrays.equals(texts, ends[id], ends[id + 1], b, start, start + length);
  }

  private static int hash(byte[] b, int start, int length) {
    long h = length * 0x9e3779b97f4a7c15L;
    int end = start + length;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      h = (h ^ (long) LONGS.get(b, i)) * 0x9e3779b97f4a7c15L;
      h ^= h >>> 29;
    }
    for (; i < end; i++) {
      h = (h ^ b[i]) * 0x9e3779b97f4a7c15L;
    }
    return (int) (h >>> 32 ^ h >>> 13);
  }

  /** Keeps half of the slots free. */
  private void grow() {
    if (2 * distinct < slots.length) {
      return;
    }
    int mask = 2 * slots.length - 1;
    slots = new int[2 * slots.length];
    Arrays.fill(slots, -1);
    for (int id = 0; id < distinct; id++) {
      int at = (type == Type.BYTE_ARRAY ? hashes[id] : mix(numbers[id])) & mask;
      while (slots[at] >= 0) {
        at = at + 1 & mask;
      }
      slots[at] = id;
    }
  }

  /** Whether the dictionary is worth it. */
  boolean usesDictionary() {
    if (type == Type.BOOLEAN) {
      return false;
    }
    int each = type == Type.INT32 ? 4 : 8;
    long plain = type == Type.BYTE_ARRAY ? plainSize : (long) each * present;
    long dictionary = type == Type.BYTE_ARRAY ? textsUsed + 4L * distinct : (long) each * distinct;
    return dictionary + (long) present * Hybrid.width(distinct) / 8 < plain && dictionary < 1 << 20;
  }

  /** Writes the different values. */
  void writeDictionary(Bytes out) {
    for (int id = 0; id < distinct; id++) {
      writePlain(out, id);
    }
  }

  /** Writes the values that are not null, from one to before another. */
  void writeValues(Bytes out, int from, int to, boolean dictionary) {
    if (dictionary) {
      int width = Hybrid.width(Math.max(1, distinct - 1));
      out.add(width);
      Hybrid.write(out, ids, from, to, width);
    } else if (type == Type.BOOLEAN) {
      for (int i = from; i < to; i += 8) {
        int bits = 0;
        for (int k = i; k < Math.min(to, i + 8); k++) {
          bits |= (int) numbers[ids[k]] << k - i;
        }
        out.add(bits);
      }
    } else {
      for (int i = from; i < to; i++) {
        writePlain(out, ids[i]);
      }
    }
  }

  private void writePlain(Bytes out, int id) {
    switch (type) {
      case INT32 -> out.little(numbers[id], 4);
      case INT64, DOUBLE -> out.little(numbers[id], 8);
      default -> {
        out.little(ends[id + 1] - ends[id], 4);
        out.add(texts, ends[id], ends[id + 1] - ends[id]);
      }
    }
  }

  /** Writes how many values are null, and the least and the largest of the others; not where one is NaN, which has no order. */
  void writeStatistics(Compact c, int number) {
    c.struct(number).i64(3, count - (long) present);
    int min = 0;
    int max = 0;
    boolean ordered = distinct > 0;
    for (int id = 0; id < distinct && ordered; id++) {
      min = compare(id, min) < 0 ? id : min;
      max = compare(id, max) > 0 ? id : max;
      ordered = type != Type.DOUBLE || !Double.isNaN(Double.longBitsToDouble(numbers[id]));
    }
    if (ordered) {
      Bytes most = entry(max, 0);
      Bytes least = entry(min, Long.MIN_VALUE);
      if (most.size + least.size < 4096) {
        c.binary(5, most.data, 0, most.size).binary(6, least.data, 0, least.size);
      }
    }
    c.end();
  }

  private int compare(int one, int other) {
    return switch (type) {
      case DOUBLE -> Double.compare(Double.longBitsToDouble(numbers[one]), Double.longBitsToDouble(numbers[other]));
      case BYTE_ARRAY -> Arrays.compareUnsigned(texts, ends[one], ends[one + 1], texts, ends[other], ends[other + 1]);
      default -> Long.compare(numbers[one], numbers[other]);
    };
  }

  /** A value as statistics have it: texts without their length, zeros of a double with the sign that makes the range wider. */
  private Bytes entry(int id, long zero) {
    Bytes b = new Bytes();
    switch (type) {
      case BYTE_ARRAY -> b.add(texts, ends[id], ends[id + 1] - ends[id]);
      case BOOLEAN -> b.little(numbers[id], 1);
      case INT32 -> b.little(numbers[id], 4);
      case DOUBLE -> b.little(Double.longBitsToDouble(numbers[id]) == 0 ? zero : numbers[id], 8);
      default -> b.little(numbers[id], 8);
    }
    return b;
  }

  void clear() {
    count = 0;
    present = 0;
    distinct = 0;
    textsUsed = 0;
    last = -1;
    plainSize = 0;
    Arrays.fill(slots, -1);
  }
}
