package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.SeekableInput;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** A file of any file system that Spark knows, such as an object of S3. */
final class HadoopInput implements SeekableInput {
  private final FSDataInputStream stream;

  HadoopInput(Path path, Configuration hadoop) throws IOException {
    this.stream = path.getFileSystem(hadoop).open(path);
  }

  @Override
  public void seek(long position) throws IOException {
    stream.seek(position);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return stream.read(into, offset, length);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
