package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Column;
import io.lakemesh.vcf.Columns;
import io.lakemesh.vcf.parquet.Member;
import io.lakemesh.vcf.parquet.ParquetFile;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Writes the rows of one kind of one split into data files of their table. The rows come in the order of the file, which mostly is that of the table: so
 * only the data files of the last few partitions are kept open, and what they hold is the memory that a task needs.
 */
final class Sink {
  private static final long REGION = 10_000_000;
  /** A minimal form lies behind its line, so that two regions next to each other are open at a time. */
  private static final int OPEN = 2;
  /** How often a region may be opened again before the file counts as not sorted. */
  private static final int REOPENED = 64;
  private static final long ROW_GROUP_SIZE = 64L << 20;

  private final Factory factory;
  private final String name;
  private final Columns columns;
  private final Column contig;
  private final Column pos;
  private final ArrayList<DataFile> files = new ArrayList<>();
  private final Set<Region> seen = new HashSet<>();
  private final Region[] open = new Region[OPEN];
  private int opened;
  private int reopened;

  /** A region of the genome and its data file. */
  private static final class Region {
    final byte[] contig;
    final long number;
    PartitionKey partition;
    OutputFile output;
    ParquetFile file;

    Region(byte[] contig, long number) {
      this.contig = contig;
      this.number = number;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(contig) * 31 + Long.hashCode(number);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Region r && r.number == number && Arrays.equals(contig, r.contig);
    }
  }

  /** What opens the sinks of one table in tasks. */
  record Factory(Table table, String run) implements Serializable {
    static Factory of(Table table, String run) {
      return new Factory(SerializableTable.copyOf(table), run);
    }

    Sink open(Columns columns, String name) {
      return new Sink(this, columns, name);
    }
  }

  /** Whether a table still is as it was made: in Parquet with Zstandard or not packed, and partitioned by regions or not at all. */
  static boolean canWrite(Table table) {
    List<String> partitioning = table.spec().fields().stream().map(f -> table.schema().findColumnName(f.sourceId()) + " " + f.transform()).toList();
    boolean regions = partitioning.equals(List.of("contig identity", "pos truncate[" + REGION + "]"));
    return table.properties().getOrDefault("write.format.default", "parquet").equals("parquet")
        && List.of("zstd", "uncompressed").contains(codec(table)) && (regions || table.spec().isUnpartitioned());
  }

  private static String codec(Table table) {
    return table.properties().getOrDefault("write.parquet.compression-codec", "zstd");
  }

  private Sink(Factory factory, Columns columns, String name) {
    this.factory = factory;
    this.name = name;
    this.contig = factory.table.spec().isUnpartitioned() ? null : columns.named("contig");
    this.pos = factory.table.spec().isUnpartitioned() ? null : columns.named("pos");
    this.columns = columns;
  }

  /** The columns of a data file: those of the table that the reader has. */
  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (Types.NestedField f : factory.table.schema().columns()) {
      Column c = columns.named(f.name());
      if (c != null) {
        members.add(member(c, f.fieldId(), f.type()));
      }
    }
    return members;
  }

  private static Member member(Column c, int id, Type type) {
    return switch (c.type) {
      case STRINGS, INTS -> new Member(c, id, type.asListType().elementId());
      case MAP -> new Member(c, id, type.asMapType().keyId(), type.asMapType().valueId());
      default -> new Member(c, id);
    };
  }

  /** Writes the first {@code n} of the rows that {@code rows} names. */
  void write(int[] rows, int n) throws IOException {
    sort(rows, n);
    for (int from = 0; from < n; ) {
      Region region = region(rows[from]);
      int to = from + 1;
      while (to < n && isOf(rows[to], region)) {
        to++;
      }
      region.file.add(rows, from, to);
      from = to;
    }
  }

  /** Moves rows whose minimal form lies behind that of later lines. */
  private void sort(int[] rows, int n) {
    for (int i = 1; pos != null && i < n; i++) {
      int row = rows[i];
      int at = i;
      while (at > 0 && pos.longs[rows[at - 1]] > pos.longs[row] && sameContig(rows[at - 1], row)) {
        rows[at] = rows[--at];
      }
      rows[at] = row;
    }
  }

  private boolean sameContig(int one, int other) {
    int start = contig.starts[one];
    return isText(other, contig.data, start, start + contig.lengths[one]);
  }

  private boolean isText(int row, byte[] b, int start, int end) {
    int own = contig.starts[row];
    return Arrays.equals(contig.data, own, own + contig.lengths[row], b, start, end);
  }

  private boolean isOf(int row, Region region) {
    return pos == null || pos.longs[row] / REGION == region.number && isText(row, region.contig, 0, region.contig.length);
  }

  boolean isUnsorted() {
    return reopened > REOPENED;
  }

  private Region region(int row) throws IOException {
    for (Region r : open) {
      if (r != null && isOf(row, r)) {
        return r;
      }
    }
    if (open[OPEN - 1] != null) {
      close(open[OPEN - 1]);
    }
    System.arraycopy(open, 0, open, 1, OPEN - 1);
    open[0] = pos == null ? new Region(new byte[0], 0)
        : new Region(Arrays.copyOfRange(contig.data, contig.starts[row], contig.starts[row] + contig.lengths[row]), pos.longs[row] / REGION);
    begin(open[0]);
    return open[0];
  }

  private void begin(Region region) throws IOException {
    if (!seen.add(region)) {
      reopened++;
    }
    Table table = factory.table;
    String file = String.format("%s-%s-%05d.parquet", name, factory.run, opened++);
    if (pos != null) {
      region.partition = new PartitionKey(table.spec(), table.schema());
      GenericRecord record = GenericRecord.create(table.schema());
      record.setField("contig", new String(region.contig, StandardCharsets.UTF_8));
      record.setField("pos", region.number * REGION);
      region.partition.partition(record);
      region.output = table.io().newOutputFile(table.locationProvider().newDataLocation(table.spec(), region.partition, file));
    } else {
      region.output = table.io().newOutputFile(table.locationProvider().newDataLocation(file));
    }
    region.file = new ParquetFile(region.output.createOrOverwrite(), members(), ROW_GROUP_SIZE, codec(table).equals("zstd"));
  }

  private void close(Region region) throws IOException {
    region.file.close();
    Table table = factory.table;
    DataFiles.Builder made = DataFiles.builder(table.spec()).withPath(region.output.location()).withFormat(FileFormat.PARQUET);
    made.withFileSizeInBytes(region.file.position()).withSplitOffsets(region.file.offsets());
    made.withMetrics(ParquetUtil.fileMetrics(region.output.toInputFile(), MetricsConfig.forTable(table)));
    files.add((region.partition == null ? made : made.withPartition(region.partition)).build());
    region.file = null;
  }

  /** Ends the data files and says which there are. */
  ArrayList<DataFile> finish() throws IOException {
    for (int i = OPEN - 1; i >= 0; i--) {
      if (open[i] != null) {
        close(open[i]);
        open[i] = null;
      }
    }
    return files;
  }

  /** Deletes what was written. */
  void abort() throws IOException {
    for (Region region : open) {
      if (region != null && region.file != null) {
        region.file.abort();
        factory.table.io().deleteFile(region.output.location());
      }
    }
    for (DataFile file : files) {
      factory.table.io().deleteFile(file.location());
    }
  }
}
