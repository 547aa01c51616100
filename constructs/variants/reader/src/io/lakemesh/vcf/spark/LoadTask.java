package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch;
import io.lakemesh.vcf.Batch.Kind;
import io.lakemesh.vcf.Erased;
import io.lakemesh.vcf.Reference;
import io.lakemesh.vcf.SeekableInput;
import io.lakemesh.vcf.VcfReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.DataFile;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Reads what one task reads and writes the data files of its rows. */
final class LoadTask implements Function<VcfPartition, List<Loaded>> {
  private static final long serialVersionUID = 1;

  private final Broadcast<EnumMap<Kind, Sink.Factory>> factories;
  private final String assembly;
  private final String reference;
  private final String erased;
  private final HadoopSettings hadoop;

  LoadTask(Broadcast<EnumMap<Kind, Sink.Factory>> factories, String assembly, String reference, String erased, HadoopSettings hadoop) {
    this.factories = factories;
    this.assembly = assembly;
    this.reference = reference;
    this.erased = erased;
    this.hadoop = hadoop;
  }

  @Override
  public List<Loaded> call(VcfPartition partition) throws IOException {
    Configuration settings = hadoop.read();
    EnumSet<Kind> kinds = EnumSet.copyOf(factories.value().keySet());
    kinds.add(Kind.SPLIT);
    Batch batch = new Batch(kinds);
    Erased left = new Erased(erased);
    List<Loaded> loaded = new ArrayList<>();
    try (Reference sequence = reference == null ? null : new Reference(() -> open(reference, settings), () -> open(reference + ".fai", settings), assembly)) {
      for (int i = 0; i < partition.size(); i++) {
        String name = String.format("%05d-%d-%05d", TaskContext.getPartitionId(), TaskContext.get().taskAttemptId(), i);
        String uri = partition.uris().get(i);
        loaded.add(load(new VcfReader(() -> open(uri, settings), partition.splits().get(i), uri, assembly, sequence, left), uri, batch, name));
      }
    }
    return loaded;
  }

  private static SeekableInput open(String uri, Configuration settings) throws IOException {
    return new HadoopInput(new Path(uri), settings);
  }

  private Loaded load(VcfReader split, String uri, Batch batch, String name) throws IOException {
    EnumMap<Kind, Sink> sinks = new EnumMap<>(Kind.class);
    for (Map.Entry<Kind, Sink.Factory> f : factories.value().entrySet()) {
      sinks.put(f.getKey(), f.getValue().open(batch.columns(f.getKey()), name));
    }
    boolean done = false;
    try (VcfReader reader = split) {
      String json = null;
      boolean unsorted = false;
      int[] rows = new int[0];
      while (!unsorted && reader.fill(batch)) {
        if (rows.length < batch.rows()) {
          rows = new int[batch.rows()];
        }
        for (Map.Entry<Kind, Sink> sink : sinks.entrySet()) {
          sink.getValue().write(rows, batch.rowsOf(sink.getKey(), rows));
          unsorted |= sink.getValue().isUnsorted();
        }
        if (batch.rowsOf(Kind.SPLIT, rows) > 0) {
          json = Json.of(batch.split, rows[0]);
        }
      }
      EnumMap<Kind, ArrayList<DataFile>> files = new EnumMap<>(Kind.class);
      for (Map.Entry<Kind, Sink> sink : sinks.entrySet()) {
        files.put(sink.getKey(), sink.getValue().finish());
      }
      done = true;
      return new Loaded(uri, json, files, unsorted);
    } finally {
      for (Sink sink : sinks.values()) {
        if (!done) {
          sink.abort();
        }
      }
    }
  }
}
