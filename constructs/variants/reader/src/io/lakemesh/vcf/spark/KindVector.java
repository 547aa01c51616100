package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** The column that says what each row is. */
final class KindVector extends Vector {
  private static final UTF8String[] WORDS = new UTF8String[Batch.Kind.values().length];

  static {
    for (Batch.Kind kind : Batch.Kind.values()) {
      WORDS[kind.ordinal()] = UTF8String.fromString(kind.word());
    }
  }

  private final Batch batch;

  KindVector(Batch batch) {
    super(DataTypes.StringType);
    this.batch = batch;
  }

  @Override
  public boolean hasNull() {
    return false;
  }

  @Override
  public boolean isNullAt(int row) {
    return false;
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return WORDS[batch.kinds[row].ordinal()];
  }
}
