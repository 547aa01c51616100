package io.lakemesh.vcf.spark;

import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Spark's data source for VCF: {@code spark.read.format("io.lakemesh.vcf.spark.VcfSource").load([uri, …])}. Each row is of one kind, which the column
 * kind says, and has the struct column of that name; so one reading gives variants, genotypes, samples, lines in quarantine and counts of splits.
 *
 * <p>Options: {@code kinds}, the kinds that are read, divided by commas (all); {@code assembly}, which the files must be of (what the headers say);
 * {@code reference}, a FASTA file of that assembly with its index beside it (.fai), by which insertions and deletions are aligned to the left (none);
 * {@code erased}, the samples that are left out, as {@link io.lakemesh.vcf.Erased} reads them (none);
 * {@code splitSize}, the bytes of a split as stored (32 MiB).
 */
public final class VcfSource implements TableProvider {
  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return Schema.of(Options.kinds(options));
  }

  @Override
  public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new VcfTable(schema, new CaseInsensitiveStringMap(properties));
  }
}
