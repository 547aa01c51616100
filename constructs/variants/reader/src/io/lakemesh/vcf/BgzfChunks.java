package io.lakemesh.vcf;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A file of blocked gzip (SAM specification, section 4.1): one chunk is one block of at most 64 KiB. The first block of a split is found by its
 * header, and believed when another header or the end of the file follows where it says that it ends.
 */
final class BgzfChunks extends Chunks {
  /** The bytes of a block before its packed data, where it has no extra field but its size. */
  static final int HEADER = 18;

  private static final int MAX_BLOCK = 1 << 16;
  private static final int BUFFER = 1 << 20;

  private final SeekableInput in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[BUFFER];
  private int at;
  private int end;
  /** Where {@code packed[0]} stands in the file. */
  private long base;
  private boolean hasRead;
  private boolean lastWasEmpty;

  BgzfChunks(SeekableInput in, long start) throws IOException, RefusedException {
    this.in = in;
    this.bytes = new byte[MAX_BLOCK];
    this.base = start;
    in.seek(start);
    if (start > 0) {
      findBlock();
    }
  }

  /** Whether a block's header stands at {@code at}. Only the {@code limit - at} bytes that are there are looked at. */
  static boolean isHeader(byte[] b, int at, int limit) {
    return limit - at >= HEADER && (b[at] & 0xff) == 0x1f && (b[at + 1] & 0xff) == 0x8b && b[at + 2] == 8 && (b[at + 3] & 4) != 0
        && sizeField(b, at, limit) >= 0;
  }

  /** Where the extra field with the block's size stands, or -1. */
  private static int sizeField(byte[] b, int at, int limit) {
    int extra = at + 12;
    int extraEnd = Math.min(limit, extra + u16(b, at + 10));
    while (extra + 6 <= extraEnd) {
      if (b[extra] == 'B' && b[extra + 1] == 'C' && u16(b, extra + 2) == 2) {
        return extra + 4;
      }
      extra += 4 + u16(b, extra + 2);
    }
    return -1;
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xff) | (b[at + 1] & 0xff) << 8;
  }

  private static long u32(byte[] b, int at) {
    return u16(b, at) | (long) u16(b, at + 2) << 16;
  }

  /** Moves to the first block at or after the place where reading began. */
  private void findBlock() throws IOException {
    fill();
    while (end - at >= HEADER) {
      for (; at + HEADER <= end; at++) {
        if (isHeader(packed, at, end) && believe(at)) {
          return;
        }
        if (end < packed.length) {
          continue; // the rest of the file is in the buffer
        }
        if (at > BUFFER / 2) {
          break;
        }
      }
      fill();
    }
    at = end;
  }

  /** Whether the block at {@code block} is followed by another, or by the end of the file. */
  private boolean believe(int block) {
    int next = block + u16(packed, sizeField(packed, block, end)) + 1;
    if (next == end) {
      return true;
    }
    return next < end && (isHeader(packed, next, end) || end - next < HEADER && (packed[next] & 0xff) == 0x1f);
  }

  /** Moves what is left in the buffer to its front and reads on. */
  private void fill() throws IOException {
    System.arraycopy(packed, at, packed, 0, end - at);
    base += at;
    end -= at;
    at = 0;
    end += in.readFully(packed, end, packed.length - end);
  }

  @Override
  boolean next() throws IOException, RefusedException {
    if (end - at < MAX_BLOCK + HEADER) {
      fill();
    }
    if (at == end) {
      // bgzip has written an empty block at the end of each file since 2009: without it, a file that was cut off between two blocks looks whole.
      if (hasRead && !lastWasEmpty) {
        throw new RefusedException("the file ends without the empty block that bgzip writes last: it is cut off; fix: write it again, or bgzip it again");
      }
      return false;
    }
    address = base + at;
    if (!isHeader(packed, at, end)) {
      throw new RefusedException("at byte " + address + " no block of bgzip begins: the file is broken or cut off");
    }
    int size = u16(packed, sizeField(packed, at, end)) + 1;
    int data = at + 12 + u16(packed, at + 10);
    int trailer = at + size - 8;
    if (at + size > end || trailer < data) {
      throw new RefusedException("the block of bgzip at byte " + address + " is cut off");
    }
    unpack(data, trailer);
    at += size;
    hasRead = true;
    lastWasEmpty = length == 0;
    return true;
  }

  private void unpack(int data, int trailer) throws RefusedException {
    long want = u32(packed, trailer + 4);
    if (want > MAX_BLOCK) {
      throw new RefusedException("the block of bgzip at byte " + address + " says that it is longer than 64 KiB");
    }
    length = (int) want;
    inflater.reset();
    inflater.setInput(packed, data, trailer - data);
    try {
      int n = 0;
      while (n < length) {
        int more = inflater.inflate(bytes, n, length - n);
        if (more == 0) {
          break;
        }
        n += more;
      }
      if (n != length) {
        throw new RefusedException("the block of bgzip at byte " + address + " is shorter than it says");
      }
    } catch (DataFormatException e) {
      throw new RefusedException("the block of bgzip at byte " + address + " cannot be unpacked");
    }
    crc.reset();
    crc.update(bytes, 0, length);
    if (crc.getValue() != u32(packed, trailer)) {
      throw new RefusedException("the block of bgzip at byte " + address + " has another checksum than it says");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }

  @Override
  long offset(int at) {
    return address << 16 | at;
  }
}
