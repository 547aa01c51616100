package io.lakemesh.vcf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file of this machine. */
public final class LocalInput implements SeekableInput {
  private final RandomAccessFile file;

  public LocalInput(Path path) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
  }

  @Override
  public void seek(long position) throws IOException {
    file.seek(position);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return file.read(into, offset, length);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
