package io.lakemesh.vcf;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/**
 * The lines of one split of a file. A line belongs to the split in which the line before it ends: a split that is not the first leaves out what
 * stands before its first line end, and each split reads one line that begins where the next split does. So every line is read once,
 * whatever the splits.
 */
final class LineReader implements Closeable {
  /** The longest line that is read: 10,000,000 samples fit. */
  static final int MAX_LINE = 1 << 30;

  private final Chunks chunks;
  private final long splitEnd;
  private int at;
  private boolean beyondEnd;
  private byte[] joined = new byte[1 << 16];

  /** The bytes among which the line stands, from {@code start} to before {@code end}, without its line end (LF or CR LF). */
  byte[] bytes;
  int start;
  int end;

  /** The number that names the line in its file: where it begins. */
  long offset;

  /** Opens the lines from {@code splitStart} to {@code splitEnd}, both addresses of the file as it is stored. */
  LineReader(Chunks chunks, long splitStart, long splitEnd) throws IOException, RefusedException {
    this.chunks = chunks;
    this.splitEnd = splitEnd;
    if (splitStart > 0) {
      next(); // what the split before reads
    }
  }

  /** Reads the next line; false when the split has no more. */
  boolean next() throws IOException, RefusedException {
    if (beyondEnd || !more()) {
      return false;
    }
    offset = chunks.offset(at);
    int newline = indexOfNewline(chunks.bytes, at, chunks.length);
    if (newline >= 0) {
      bytes = chunks.bytes;
      start = at;
      end = newline;
      at = newline + 1;
    } else {
      join();
    }
    beyondEnd = chunks.address >= splitEnd;
    if (end > start && bytes[end - 1] == '\r') {
      end--;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    chunks.close();
  }

  /** Sees that a byte is there to read; false at the end of the file. */
  private boolean more() throws IOException, RefusedException {
    while (at >= chunks.length) {
      if (!chunks.next()) {
        return false;
      }
      at = 0;
    }
    return true;
  }

  /** Reads a line that ends in another chunk than it begins in. */
  private void join() throws IOException, RefusedException {
    int length = 0;
    while (true) {
      int newline = indexOfNewline(chunks.bytes, at, chunks.length);
      int n = (newline >= 0 ? newline : chunks.length) - at;
      if (length + (long) n > MAX_LINE) {
        throw new RefusedException("a line is longer than 1 GiB");
      }
      if (length + n > joined.length) {
        joined = Arrays.copyOf(joined, (int) Math.min(MAX_LINE, Math.max(2L * joined.length, length + n)));
      }
      System.arraycopy(chunks.bytes, at, joined, length, n);
      length += n;
      at += n + 1;
      if (newline >= 0 || !moreOfLine()) {
        break;
      }
    }
    bytes = joined;
    start = 0;
    end = length;
  }

  private boolean moreOfLine() throws IOException, RefusedException {
    at = chunks.length;
    return more();
  }

  private static int indexOfNewline(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
