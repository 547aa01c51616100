package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Codec;
import io.lakemesh.vcf.RefusedException;
import io.lakemesh.vcf.SeekableInput;
import io.lakemesh.vcf.Split;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.read.InputPartition;

/** What one task reads: one split of a large file, or several small files. */
final class VcfPartition implements InputPartition {
  private static final long serialVersionUID = 1;
  /** Files are asked for their sizes at once: a store answers one question in some 50 milliseconds. */
  private static final int THREADS = 32;
  /** What opening a file costs, in bytes that might be read in the same time. */
  private static final long OPEN_COST = 1 << 20;

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

  List<String> uris() {
    return uris;
  }

  List<Split> splits() {
    return splits;
  }

  /** Divides files into partitions: each split of a large file is one, small files share one. */
  static List<VcfPartition> plan(Configuration hadoop, List<String> uris, long splitSize) {
    List<VcfPartition> partitions = new ArrayList<>();
    VcfPartition small = new VcfPartition();
    for (Planned file : plans(hadoop, uris, splitSize)) {
      if (file.splits.size() > 1) {
        for (Split split : file.splits) {
          VcfPartition own = new VcfPartition();
          own.add(file.uri, split, 0);
          partitions.add(own);
        }
        continue;
      }
      long cost = file.size + OPEN_COST;
      if (small.size() > 0 && small.cost + cost > splitSize) {
        partitions.add(small);
        small = new VcfPartition();
      }
      small.add(file.uri, file.splits.get(0), cost);
    }
    if (small.size() > 0) {
      partitions.add(small);
    }
    return partitions;
  }

  /** A file and how it is divided. */
  private record Planned(String uri, long size, List<Split> splits) {}

  private static List<Planned> plans(Configuration hadoop, List<String> uris, long splitSize) {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(THREADS, uris.size()));
    try {
      List<Future<Planned>> asked = new ArrayList<>();
      for (String uri : uris) {
        asked.add(threads.submit(() -> plan(hadoop, uri, splitSize)));
      }
      List<Planned> planned = new ArrayList<>();
      for (Future<Planned> answer : asked) {
        planned.add(answer.get());
      }
      return planned;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the files were listed", e);
    } catch (ExecutionException e) {
      throw new UncheckedIOException("the files cannot be listed", e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    } finally {
      threads.shutdownNow();
    }
  }

  private static Planned plan(Configuration hadoop, String uri, long splitSize) throws IOException {
    Path path = new Path(uri);
    try {
      long size = path.getFileSystem(hadoop).getFileStatus(path).getLen();
      Codec codec = Codec.GZIP;
      if (size > splitSize) {
        try (SeekableInput in = new HadoopInput(path, hadoop)) {
          codec = Codec.of(in);
        }
      }
      return new Planned(uri, size, Split.plan(size, codec, splitSize));
    } catch (FileNotFoundException | RefusedException e) {
      // The reader says it as a row.
      return new Planned(uri, 0, Split.plan(0, Codec.GZIP, splitSize));
    }
  }
}
