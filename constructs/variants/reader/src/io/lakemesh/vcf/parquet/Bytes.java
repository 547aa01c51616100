package io.lakemesh.vcf.parquet;

import java.util.Arrays;

/** Bytes that grow, with the ways in which Parquet writes numbers. */
final class Bytes {
  byte[] data = new byte[1 << 12];
  int size;

  void room(int n) {
    if (size + n > data.length) {
      data = Arrays.copyOf(data, Math.max(2 * data.length, size + n));
    }
  }

  void add(int b) {
    room(1);
    data[size++] = (byte) b;
  }

  void add(byte[] b, int start, int length) {
    room(length);
    System.arraycopy(b, start, data, size, length);
    size += length;
  }

  /** The lowest {@code bytes} bytes of a number, the lowest first. */
  void little(long n, int bytes) {
    room(bytes);
    for (int i = 0; i < bytes; i++) {
      data[size++] = (byte) (n >> 8 * i);
    }
  }

  /** Writes a number of 32 bits at a place that is there already. */
  void littleAt(int at, int n) {
    for (int i = 0; i < 4; i++) {
      data[at + i] = (byte) (n >> 8 * i);
    }
  }

  void varint(long n) {
    room(10);
    while ((n & ~0x7fL) != 0) {
      data[size++] = (byte) (n | 0x80);
      n >>>= 7;
    }
    data[size++] = (byte) n;
  }
}
