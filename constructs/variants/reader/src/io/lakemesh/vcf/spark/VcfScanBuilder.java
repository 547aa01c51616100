package io.lakemesh.vcf.spark;

import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Takes which columns are asked for. */
final class VcfScanBuilder implements SupportsPushDownRequiredColumns {
  private StructType schema;
  private final CaseInsensitiveStringMap options;

  VcfScanBuilder(StructType schema, CaseInsensitiveStringMap options) {
    this.schema = schema;
    this.options = options;
  }

  @Override
  public void pruneColumns(StructType required) {
    schema = required;
  }

  @Override
  public Scan build() {
    return new VcfScan(schema, options);
  }
}
