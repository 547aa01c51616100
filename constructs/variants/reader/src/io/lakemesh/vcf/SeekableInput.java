package io.lakemesh.vcf;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of one file, read from any place: a file of the machine, or an object of a store. */
public interface SeekableInput extends Closeable {
  /** Moves to the byte at {@code position}, counted from 0. */
  void seek(long position) throws IOException;

  /** Reads at most {@code length} bytes; returns how many, or -1 at the end of the file. */
  int read(byte[] into, int offset, int length) throws IOException;

  /** Reads until {@code length} bytes are there or the file ends; returns how many. */
  default int readFully(byte[] into, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int n = read(into, offset + done, length - done);
      if (n < 0) {
        break;
      }
      done += n;
    }
    return done;
  }
}
