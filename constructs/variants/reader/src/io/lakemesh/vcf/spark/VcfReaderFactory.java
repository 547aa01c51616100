package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch.Kind;
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
  private final String erased;
  private final HadoopSettings hadoop;

  VcfReaderFactory(StructType schema, Set<Kind> kinds, String assembly, String reference, String erased, Configuration hadoop) {
    this.schema = schema;
    this.kinds = EnumSet.copyOf(kinds);
    this.assembly = assembly;
    this.reference = reference;
    this.erased = erased;
    this.hadoop = new HadoopSettings(hadoop);
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
    return new VcfPartitionReader((VcfPartition) partition, schema, kinds, assembly, reference, erased, hadoop.read());
  }
}
