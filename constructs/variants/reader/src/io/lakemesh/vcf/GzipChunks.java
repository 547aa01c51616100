package io.lakemesh.vcf;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file of plain gzip, in one member or several. The addresses are those of the unpacked text: such a file is never split. */
final class GzipChunks extends Chunks {
  private final SeekableInput in;
  private GZIPInputStream stream;
  private long next;

  GzipChunks(SeekableInput in) throws IOException {
    this.in = in;
    this.bytes = new byte[1 << 16];
    in.seek(0);
  }

  @Override
  boolean next() throws IOException, RefusedException {
    try {
      if (stream == null) {
        stream = new GZIPInputStream(new Packed(in), 1 << 16);
      }
      int n = stream.readNBytes(bytes, 0, bytes.length);
      if (n == 0) {
        return false;
      }
      address = next;
      length = n;
      next += n;
      return true;
    } catch (EOFException e) {
      throw new RefusedException("the gzip stream ends too early: the file is cut off");
    } catch (ZipException e) {
      throw new RefusedException("the gzip stream is broken");
    }
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }

  @Override
  long offset(int at) {
    return address + at;
  }

  /** The packed bytes as the stream that the library unpacks. */
  private static final class Packed extends InputStream {
    private final SeekableInput in;
    private final byte[] one = new byte[1];

    Packed(SeekableInput in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.readFully(one, 0, 1) == 1 ? one[0] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return in.read(into, offset, length);
    }

    @Override
    public int available() {
      // GZIPInputStream asks whether another member may follow; it then finds out itself.
      return 1;
    }
  }
}
