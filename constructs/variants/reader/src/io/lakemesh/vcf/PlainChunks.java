package io.lakemesh.vcf;

import java.io.IOException;

/** A file of plain text. A chunk ends where the split does, so that its address tells on which side each of its bytes is. */
final class PlainChunks extends Chunks {
  private static final int SIZE = 1 << 16;

  private final SeekableInput in;
  private final long splitEnd;
  private long next;

  PlainChunks(SeekableInput in, long start, long splitEnd) throws IOException {
    this.in = in;
    this.next = start;
    this.splitEnd = splitEnd;
    this.bytes = new byte[SIZE];
    in.seek(start);
  }

  @Override
  boolean next() throws IOException {
    long want = next < splitEnd ? Math.min(SIZE, splitEnd - next) : SIZE;
    int n = in.readFully(bytes, 0, (int) want);
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
