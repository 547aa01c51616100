package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Column;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A column of values; nothing is copied. */
final class ValueVector extends Vector {
  private final Column column;
  private final ValueVector elements;
  private final ValueVector values;

  ValueVector(Column column) {
    super(Schema.type(column.type));
    this.column = column;
    this.elements = column.elements == null ? null : new ValueVector(column.elements);
    this.values = column.values == null ? null : new ValueVector(column.values);
  }

  @Override
  public boolean isNullAt(int row) {
    return column.nulls[row];
  }

  @Override
  public boolean getBoolean(int row) {
    return column.booleans[row];
  }

  @Override
  public int getInt(int row) {
    return column.ints[row];
  }

  @Override
  public long getLong(int row) {
    return column.longs[row];
  }

  @Override
  public double getDouble(int row) {
    return column.doubles[row];
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return UTF8String.fromBytes(column.data, column.starts[row], column.lengths[row]);
  }

  @Override
  public ColumnarArray getArray(int row) {
    return new ColumnarArray(elements, column.starts[row], column.lengths[row]);
  }

  @Override
  public ColumnarMap getMap(int row) {
    return new ColumnarMap(elements, values, column.starts[row], column.lengths[row]);
  }
}
