package io.lakemesh.vcf.spark;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** One reading of some files: their splits, and how each is read. */
final class VcfScan implements Scan, Batch {
  private final StructType schema;
  private final CaseInsensitiveStringMap options;

  VcfScan(StructType schema, CaseInsensitiveStringMap options) {
    this.schema = schema;
    this.options = options;
  }

  @Override
  public StructType readSchema() {
    return schema;
  }

  @Override
  public String description() {
    return "vcf " + Options.kinds(options);
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    Configuration hadoop = SparkContext.getOrCreate().hadoopConfiguration();
    return new VcfReaderFactory(schema, Options.kinds(options), options.get("assembly"), Options.reference(options), options.get("erased"), hadoop);
  }

  @Override
  public InputPartition[] planInputPartitions() {
    Configuration hadoop = SparkContext.getOrCreate().hadoopConfiguration();
    return VcfPartition.plan(hadoop, Options.files(options), Options.splitSize(options)).toArray(new InputPartition[0]);
  }
}
