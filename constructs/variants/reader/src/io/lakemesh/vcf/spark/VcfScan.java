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
import org.apache.spark.SparkContext;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** One reading of some files: their splits, and how each is read. */
final class VcfScan implements Scan, Batch {
  /** Files are asked for their sizes at once: a store answers one question in some 50 milliseconds. */
  private static final int THREADS = 32;
  /** What opening a file costs, in bytes that might be read in the same time. */
  private static final long OPEN_COST = 1 << 20;

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
    return new VcfReaderFactory(schema, Options.kinds(options), options.get("assembly"), Options.reference(options), SparkContext.getOrCreate().hadoopConfiguration());
  }

  @Override
  public InputPartition[] planInputPartitions() {
    Configuration hadoop = SparkContext.getOrCreate().hadoopConfiguration();
    List<InputPartition> partitions = new ArrayList<>();
    VcfPartition small = new VcfPartition();
    for (Planned file : plan(hadoop, Options.files(options), Options.splitSize(options))) {
      if (file.splits.size() > 1) {
        for (Split split : file.splits) {
          VcfPartition own = new VcfPartition();
          own.add(file.uri, split, 0);
          partitions.add(own);
        }
        continue;
      }
      // Small files share a partition.
      long cost = file.size + OPEN_COST;
      if (small.size() > 0 && small.cost() + cost > Options.splitSize(options)) {
        partitions.add(small);
        small = new VcfPartition();
      }
      small.add(file.uri, file.splits.get(0), cost);
    }
    if (small.size() > 0) {
      partitions.add(small);
    }
    return partitions.toArray(new InputPartition[0]);
  }

  /** A file and how it is divided. */
  private record Planned(String uri, long size, List<Split> splits) {}

  private static List<Planned> plan(Configuration hadoop, List<String> uris, long splitSize) {
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
