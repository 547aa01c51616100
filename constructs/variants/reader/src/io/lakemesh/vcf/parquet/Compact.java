package io.lakemesh.vcf.parquet;

import java.nio.charset.StandardCharsets;

/** Structs of Thrift in its compact protocol, in which Parquet has its headers and its footer. Fields are written in the order of their numbers. */
final class Compact {
  static final int I32 = 5;
  static final int BINARY = 8;
  static final int STRUCT = 12;
  private static final int I64 = 6;
  private static final int LIST = 9;

  final Bytes out;
  private final int[] lastFields = new int[16];
  private int depth;

  Compact(Bytes out) {
    this.out = out;
  }

  private void field(int number, int type) {
    int delta = number - lastFields[depth];
    if (delta > 15) {
      throw new IllegalArgumentException("field " + number + " is too far behind the one before");
    }
    out.add(delta << 4 | type);
    lastFields[depth] = number;
  }

  Compact i32(int number, int value) {
    field(number, I32);
    out.varint(zigzag(value));
    return this;
  }

  Compact i64(int number, long value) {
    field(number, I64);
    out.varint(zigzag(value));
    return this;
  }

  Compact text(int number, String value) {
    byte[] b = value.getBytes(StandardCharsets.UTF_8);
    return binary(number, b, 0, b.length);
  }

  Compact binary(int number, byte[] b, int start, int length) {
    field(number, BINARY);
    out.varint(length);
    out.add(b, start, length);
    return this;
  }

  /** Begins a struct that is a field. */
  Compact struct(int number) {
    field(number, STRUCT);
    return element();
  }

  /** Begins a struct that is an element of a list. */
  Compact element() {
    lastFields[++depth] = 0;
    return this;
  }

  Compact end() {
    out.add(0);
    depth--;
    return this;
  }

  /** Begins a list; its elements follow. */
  Compact list(int number, int type, int size) {
    field(number, LIST);
    if (size < 15) {
      out.add(size << 4 | type);
    } else {
      out.add(0xf0 | type);
      out.varint(size);
    }
    return this;
  }

  Compact elementI32(int value) {
    out.varint(zigzag(value));
    return this;
  }

  Compact elementText(String value) {
    byte[] b = value.getBytes(StandardCharsets.UTF_8);
    out.varint(b.length);
    out.add(b, 0, b.length);
    return this;
  }

  private static long zigzag(long n) {
    return n << 1 ^ n >> 63;
  }
}
