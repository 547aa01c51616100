package io.lakemesh.vcf;

import java.util.Arrays;

/**
 * One column of a batch of rows, as arrays: what a row of type STRING has are {@code starts[row]} and {@code lengths[row]} of {@code data}; a row of
 * STRINGS, INTS or MAP has the same of its elements. A row that is neither set nor made null holds what it held before.
 */
public final class Column {
  /** What the values of a column are. */
  public enum Type { BOOLEAN, INT, LONG, DOUBLE, STRING, STRINGS, INTS, MAP }

  public final String name;
  public final Type type;

  public boolean[] nulls = new boolean[0];
  public boolean[] booleans;
  public int[] ints;
  public long[] longs;
  public double[] doubles;
  public int[] starts;
  public int[] lengths;
  public byte[] data;
  private int used;

  /** The elements of STRINGS and INTS, the keys of MAP. */
  public Column elements;
  /** The values of MAP. */
  public Column values;
  private int elementsUsed;

  Column(String name, Type type) {
    this.name = name;
    this.type = type;
    switch (type) {
      case STRING -> data = new byte[256];
      case STRINGS -> elements = new Column("element", Type.STRING);
      case INTS -> elements = new Column("element", Type.INT);
      case MAP -> {
        elements = new Column("key", Type.STRING);
        values = new Column("value", Type.STRING);
      }
      default -> { }
    }
  }

  /** Sees that there is room for the row. */
  private void room(int row) {
    if (row < nulls.length) {
      return;
    }
    int n = Math.max(row + 1, Math.max(16, 2 * nulls.length));
    nulls = Arrays.copyOf(nulls, n);
    switch (type) {
      case BOOLEAN -> booleans = booleans == null ? new boolean[n] : Arrays.copyOf(booleans, n);
      case INT -> ints = ints == null ? new int[n] : Arrays.copyOf(ints, n);
      case LONG -> longs = longs == null ? new long[n] : Arrays.copyOf(longs, n);
      case DOUBLE -> doubles = doubles == null ? new double[n] : Arrays.copyOf(doubles, n);
      default -> {
        starts = starts == null ? new int[n] : Arrays.copyOf(starts, n);
        lengths = lengths == null ? new int[n] : Arrays.copyOf(lengths, n);
      }
    }
  }

  /** Forgets all values; the room stays. */
  void clear() {
    used = 0;
    elementsUsed = 0;
    if (elements != null) {
      elements.clear();
    }
    if (values != null) {
      values.clear();
    }
  }

  /** How many bytes of text the column holds. */
  long size() {
    return used + (elements == null ? 0 : 4L * elementsUsed + elements.size()) + (values == null ? 0 : values.size());
  }

  void setNull(int row) {
    room(row);
    nulls[row] = true;
  }

  void set(int row, boolean value) {
    room(row);
    nulls[row] = false;
    booleans[row] = value;
  }

  void set(int row, int value) {
    room(row);
    nulls[row] = false;
    ints[row] = value;
  }

  void set(int row, long value) {
    room(row);
    nulls[row] = false;
    longs[row] = value;
  }

  void set(int row, double value) {
    room(row);
    nulls[row] = false;
    doubles[row] = value;
  }

  void set(int row, byte[] text) {
    set(row, text, 0, text.length);
  }

  void set(int row, byte[] text, int start, int end) {
    begin(row);
    add(text, start, end);
    finish(row);
  }

  /** Begins a text of several parts; {@link #add} appends to it and {@link #finish} ends it. */
  void begin(int row) {
    room(row);
    nulls[row] = false;
    starts[row] = used;
  }

  void add(byte[] text, int start, int end) {
    int n = end - start;
    if (used + n > data.length) {
      data = Arrays.copyOf(data, Math.max(2 * data.length, used + n));
    }
    System.arraycopy(text, start, data, used, n);
    used += n;
  }

  void add(char c) {
    if (used == data.length) {
      data = Arrays.copyOf(data, 2 * data.length);
    }
    data[used++] = (byte) c;
  }

  void finish(int row) {
    lengths[row] = used - starts[row];
  }

  /** Says that the row has the text of another row of this batch. */
  void setSame(int row, int as) {
    room(row);
    nulls[row] = nulls[as];
    starts[row] = starts[as];
    lengths[row] = lengths[as];
  }

  /** Begins a list or a map without elements. */
  void beginElements(int row) {
    room(row);
    nulls[row] = false;
    starts[row] = elementsUsed;
    lengths[row] = 0;
  }

  /** The place in {@code elements} and {@code values} of a new element of the row that was begun last. */
  int addElement(int row) {
    lengths[row]++;
    return elementsUsed++;
  }

  /** Takes back the element added last. */
  void dropElement(int row) {
    lengths[row]--;
    elementsUsed--;
  }
}
