package io.lakemesh.vcf.spark;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A column as Spark reads it; each kind of column answers what its type is asked. */
abstract class Vector extends ColumnVector {
  Vector(DataType type) {
    super(type);
  }

  private UnsupportedOperationException no() {
    return new UnsupportedOperationException("a column of type " + dataType().simpleString() + " has no such values");
  }

  @Override
  public void close() {}

  @Override
  public boolean hasNull() {
    return true;
  }

  @Override
  public int numNulls() {
    return 0; // nobody asks of columns that are not cached
  }

  @Override
  public boolean getBoolean(int row) {
    throw no();
  }

  @Override
  public byte getByte(int row) {
    throw no();
  }

  @Override
  public short getShort(int row) {
    throw no();
  }

  @Override
  public int getInt(int row) {
    throw no();
  }

  @Override
  public long getLong(int row) {
    throw no();
  }

  @Override
  public float getFloat(int row) {
    throw no();
  }

  @Override
  public double getDouble(int row) {
    throw no();
  }

  @Override
  public ColumnarArray getArray(int row) {
    throw no();
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw no();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw no();
  }

  @Override
  public UTF8String getUTF8String(int row) {
    throw no();
  }

  @Override
  public byte[] getBinary(int row) {
    throw no();
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw no();
  }
}
