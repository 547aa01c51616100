package io.lakemesh.vcf;

import java.io.Closeable;
import java.io.IOException;

/** The unpacked bytes of a file, one chunk after another. Closing them leaves the file open. */
abstract class Chunks implements Closeable {
  /** The bytes of the chunk: {@code bytes[0]} to {@code bytes[length - 1]}. A next chunk overwrites them. */
  byte[] bytes;

  /** How many bytes the chunk has, 0 among them. */
  int length;

  /** Where the chunk begins in the file as it is stored: what the ends of splits are compared with. */
  long address;

  /** Reads the next chunk; false at the end of the file. */
  abstract boolean next() throws IOException, RefusedException;

  /** The number that names the byte at {@code at} of this chunk, the same for every way the file is split. */
  abstract long offset(int at);

  @Override
  public void close() throws IOException {}

  /** The chunks from the first that begins at or after {@code start}; no chunk lies on both sides of {@code end}. */
  static Chunks open(SeekableInput in, Codec codec, long start, long end) throws IOException, RefusedException {
    return switch (codec) {
      case PLAIN -> new PlainChunks(in, start, end);
      case GZIP -> new GzipChunks(in);
      case BGZF -> new BgzfChunks(in, start);
    };
  }
}
