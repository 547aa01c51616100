package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Split;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** What one task reads: one split of a large file, or several small files. */
final class VcfPartition implements InputPartition {
  private static final long serialVersionUID = 1;

  private final ArrayList<String> uris = new ArrayList<>();
  private final ArrayList<Split> splits = new ArrayList<>();
  private long cost;

  void add(String uri, Split split, long cost) {
    uris.add(uri);
    splits.add(split);
    this.cost += cost;
  }

  int size() {
    return uris.size();
  }

  long cost() {
    return cost;
  }

  List<String> uris() {
    return uris;
  }

  List<Split> splits() {
    return splits;
  }
}
