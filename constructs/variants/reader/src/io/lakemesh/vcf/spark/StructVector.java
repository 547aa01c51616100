package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch;
import io.lakemesh.vcf.Column;
import java.util.Locale;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** The columns of the rows of one kind; rows of other kinds have none. */
final class StructVector extends Vector {
  private final Batch batch;
  private final Batch.Kind kind;
  private final ColumnVector[] children;

  /** Makes the column of a kind with the fields that are asked for. */
  StructVector(Batch batch, StructField field) {
    super(field.dataType());
    this.batch = batch;
    this.kind = Batch.Kind.valueOf(field.name().toUpperCase(Locale.ROOT));
    StructType fields = (StructType) field.dataType();
    children = new ColumnVector[fields.length()];
    for (int i = 0; i < children.length; i++) {
      for (Column c : batch.columns(kind).all()) {
        if (c.name.equals(fields.apply(i).name())) {
          children[i] = new ValueVector(c);
        }
      }
    }
  }

  @Override
  public boolean isNullAt(int row) {
    return batch.kinds[row] != kind;
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return children[ordinal];
  }
}
