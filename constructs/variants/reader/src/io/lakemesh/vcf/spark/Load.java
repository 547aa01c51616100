package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * Appends the rows of some files to the Iceberg tables of the lake, with one reading of the files for all tables: a query of Spark would read them once
 * for each. The rows become data files as they come, without a shuffle or a sort: a file of variants mostly is in the order of the tables.
 *
 * <p>{@link #read} writes the data files, which nobody sees yet; {@link #commit} publishes them.
 */
public final class Load {
  private static final String BOUNDS = "write.metadata.metrics.column.object";

  private final SparkSession session;
  private final String database;
  private final JavaSparkContext spark;
  private final Map<Kind, Table> tables = new EnumMap<>(Kind.class);
  private final String assembly;
  private final String reference;
  private final String erased;
  private List<Loaded> loaded = List.of();

  /**
   * Prepares to write to the tables {@code database.variants}, {@code .genotypes} and {@code .samples}.
   *
   * @param database catalog and database
   * @param assembly the assembly that the files must be of, or null: then their headers have to tell
   * @param reference URI of the sequence of that assembly by which alleles are aligned to the left, or null
   */
  public Load(SparkSession session, String database, String assembly, String reference) throws Exception {
    this.session = session;
    this.database = database;
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.assembly = assembly;
    this.reference = reference;
    this.erased = erased(Spark3Util.loadIcebergTable(session, database + ".erased"));
    for (Kind kind : List.of(Kind.VARIANT, Kind.GENOTYPE, Kind.SAMPLE)) {
      tables.put(kind, withBoundsOfObjects(Spark3Util.loadIcebergTable(session, database + "." + kind.word() + "s")));
    }
  }

  /** Has manifests keep the least and the largest object of a data file whole: the first 16 characters, which is the default, are the same for all. */
  private static Table withBoundsOfObjects(Table table) {
    if (!"full".equals(table.properties().get(BOUNDS))) {
      table.updateProperties().set(BOUNDS, "full").commit();
    }
    return table;
  }

  private static String erased(Table table) throws IOException {
    List<String> lines = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      for (Record row : rows) {
        String object = (String) row.getField("object");
        lines.add(row.getField("salt") + "\t" + row.getField("sample_sha256") + "\t" + (object == null ? "" : object));
      }
    }
    return String.join("\n", lines);
  }

  /** The samples that are left out, as {@link io.lakemesh.vcf.Erased} reads them: those of the table erased. */
  public String erased() {
    return erased;
  }

  /** The lines of a file, or of all files of a folder in the order of their names. */
  public static List<String> lines(SparkSession session, String uri) throws IOException {
    Configuration hadoop = JavaSparkContext.fromSparkContext(session.sparkContext()).hadoopConfiguration();
    Path path = new Path(uri);
    FileStatus[] found = path.getFileSystem(hadoop).listStatus(path);
    Arrays.sort(found);
    List<String> lines = new ArrayList<>();
    for (FileStatus file : found) {
      if (!file.isFile() || file.getPath().getName().startsWith("_") || file.getPath().getName().startsWith(".")) {
        continue;
      }
      try (InputStream in = file.getPath().getFileSystem(hadoop).open(file.getPath())) {
        lines.addAll(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
      }
    }
    return lines;
  }

  /** What the table files says of objects: of each the URI, the ETag, the version of the reader and the reference, one behind the other. */
  public List<String> known(List<String> uris) throws Exception {
    List<String> known = new ArrayList<>();
    List<String> names = List.of("object", "etag", "reader", "reference");
    Table files = Spark3Util.loadIcebergTable(session, database + ".files");
    try (CloseableIterable<Record> rows = IcebergGenerics.read(files).where(Expressions.in("object", uris)).select(names).build()) {
      for (Record row : rows) {
        for (String name : names) {
          known.add((String) row.getField(name));
        }
      }
    }
    return known;
  }

  /** Whether a table may have rows of some of the objects, by what its manifests say of the data files: nothing of them is read. */
  public boolean mayHaveRows(List<String> uris) throws Exception {
    for (Table table : tables.values()) {
      try (CloseableIterable<FileScanTask> files = table.newScan().filter(Expressions.in("object", uris)).planFiles()) {
        if (files.iterator().hasNext()) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Reads files and writes the data files of their rows.
   *
   * @return for each split a row of kind split, as JSON; null where rows cannot be written as they come, as a file is far from sorted or a table has
   *     another partitioning or format than it was made with: then nothing is left of what was written
   */
  public List<String> read(List<String> uris) {
    EnumMap<Kind, Sink.Factory> factories = new EnumMap<>(Kind.class);
    String run = UUID.randomUUID().toString();
    for (Map.Entry<Kind, Table> t : tables.entrySet()) {
      if (!Sink.canWrite(t.getValue())) {
        return null;
      }
      factories.put(t.getKey(), Sink.Factory.of(t.getValue(), run));
    }
    Broadcast<EnumMap<Kind, Sink.Factory>> shared = spark.broadcast(factories);
    List<VcfPartition> partitions = VcfPartition.plan(spark.hadoopConfiguration(), uris, Options.SPLIT_SIZE);
    LoadTask task = new LoadTask(shared, assembly, reference, erased, new HadoopSettings(spark.hadoopConfiguration()));
    loaded = new ArrayList<>();
    for (List<Loaded> some : spark.parallelize(partitions, partitions.size()).map(task).collect()) {
      loaded.addAll(some);
    }
    List<String> splits = new ArrayList<>();
    for (Loaded l : loaded) {
      if (l.unsorted()) {
        commit(List.of());
        return null;
      }
      splits.add(l.json());
    }
    return splits;
  }

  /** Publishes the rows of some of the files that were read, in one snapshot of each table, and deletes the data files of the others. */
  public void commit(Collection<String> objects) {
    List<Loaded> loaded = this.loaded;
    this.loaded = List.of(); // who calls again after a failure must not delete what is published
    for (Map.Entry<Kind, Table> t : tables.entrySet()) {
      AppendFiles append = t.getValue().newAppend();
      boolean some = false;
      for (Loaded l : loaded) {
        for (DataFile file : l.files().get(t.getKey())) {
          if (objects.contains(l.uri())) {
            append.appendFile(file);
            some = true;
          } else {
            t.getValue().io().deleteFile(file.location());
          }
        }
      }
      if (some) {
        append.commit();
      }
    }
  }
}
