package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Makes the readers of the tasks. */
final class VcfReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1;

  private final StructType schema;
  private final EnumSet<Kind> kinds;
  private final String assembly;
  private final String reference;
  /** Hadoop's settings, written as it writes them: its class is not serializable. */
  private final byte[] hadoop;

  VcfReaderFactory(StructType schema, Set<Kind> kinds, String assembly, String reference, Configuration hadoop) {
    this.schema = schema;
    this.kinds = EnumSet.copyOf(kinds);
    this.assembly = assembly;
    this.reference = reference;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      hadoop.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.hadoop = bytes.toByteArray();
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new UnsupportedOperationException("VCF is read in columns");
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    Configuration settings = new Configuration(false);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(hadoop))) {
      settings.readFields(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new VcfPartitionReader((VcfPartition) partition, schema, kinds, assembly, reference, settings);
  }
}
