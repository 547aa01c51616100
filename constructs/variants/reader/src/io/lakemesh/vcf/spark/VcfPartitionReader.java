package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch;
import io.lakemesh.vcf.Batch.Kind;
import io.lakemesh.vcf.Erased;
import io.lakemesh.vcf.Reference;
import io.lakemesh.vcf.SeekableInput;
import io.lakemesh.vcf.VcfReader;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Reads what one task reads. */
final class VcfPartitionReader implements PartitionReader<ColumnarBatch> {
  private final VcfPartition partition;
  private final String assembly;
  private final Erased erased;
  private final String referenceUri;
  private final Configuration hadoop;
  private final Batch batch;
  private final ColumnarBatch columns;
  private int next;
  private VcfReader reader;
  private Reference reference;

  VcfPartitionReader(VcfPartition partition, StructType schema, Set<Kind> kinds, String assembly, String referenceUri, String erased, Configuration hadoop) {
    this.partition = partition;
    this.assembly = assembly;
    this.erased = new Erased(erased);
    this.referenceUri = referenceUri;
    this.hadoop = hadoop;
    this.batch = new Batch(kinds);
    ColumnVector[] vectors = new ColumnVector[schema.length()];
    for (int i = 0; i < vectors.length; i++) {
      StructField field = schema.apply(i);
      vectors[i] = field.name().equals(Schema.KIND) ? new KindVector(batch) : new StructVector(batch, field);
    }
    this.columns = new ColumnarBatch(vectors);
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (reader == null) {
        if (next == partition.size()) {
          return false;
        }
        if (reference == null && referenceUri != null) {
          reference = new Reference(() -> open(referenceUri), () -> open(referenceUri + ".fai"), assembly);
        }
        String uri = partition.uris().get(next);
        reader = new VcfReader(() -> open(uri), partition.splits().get(next), uri, assembly, reference, erased);
        next++;
      }
      if (!reader.fill(batch)) {
        reader.close();
        reader = null;
      } else if (batch.rows() > 0) {
        columns.setNumRows(batch.rows());
        return true;
      }
    }
  }

  private SeekableInput open(String uri) throws IOException {
    return new HadoopInput(new Path(uri), hadoop);
  }

  @Override
  public ColumnarBatch get() {
    return columns;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
    if (reference != null) {
      reference.close();
    }
  }
}
