package io.lakemesh.vcf;

import java.io.IOException;

/** A file of plain text. Chunks end where a split might, so that an address tells the split of every byte in them. */
final class PlainChunks extends Chunks {
  private static final int SIZE = 1 << 16;

  private final SeekableInput in;
  private long next;

  PlainChunks(SeekableInput in, long start) throws IOException {
    this.in = in;
    this.next = start;
    this.bytes = new byte[SIZE];
    in.seek(start);
  }

  @Override
  boolean next() throws IOException {
    // A split begins at a multiple of 64 KiB (Split.plan), so that no chunk lies across the end of one.
    int want = (int) (SIZE - next % SIZE);
    int n = in.readFully(bytes, 0, want);
    if (n == 0) {
      return false;
    }
    address = next;
    length = n;
    next += n;
    return true;
  }

  @Override
  long offset(int at) {
    return address + at;
  }
}
