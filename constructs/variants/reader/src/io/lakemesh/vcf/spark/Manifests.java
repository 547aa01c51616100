package io.lakemesh.vcf.spark;

import org.apache.iceberg.Table;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.SparkSession;

/** The manifests of a table, which have the least and the largest values of data files: also of those that were deleted last. */
public final class Manifests {
  private Manifests() {}

  /** Writes all manifests anew, in a snapshot of its own, with the data files that are there only. The procedure of Iceberg leaves a single one as it is. */
  public static void rewrite(SparkSession session, String name) throws Exception {
    Table table = Spark3Util.loadIcebergTable(session, name);
    if (table.currentSnapshot() != null && !table.currentSnapshot().allManifests(table.io()).isEmpty()) {
      table.rewriteManifests().clusterBy(file -> "").commit();
    }
  }
}
