package io.lakemesh.vcf.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows into a file of Parquet (format 2.9, with data pages of version 1, which everybody reads). It writes what the columns of a batch are, column
 * by column, in a few plain loops: so writing costs less than reading the VCF does.
 */
public final class ParquetFile implements Closeable {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int PAGE_ROWS = 20_000;
  private static final int PLAIN = 0;
  private static final int PLAIN_DICTIONARY = 2;
  private static final int RLE = 3;
  private static final int UNCOMPRESSED = 0;
  private static final int ZSTD = 6;
  private static final int ZSTD_LEVEL = 3;

  private final OutputStream out;
  private final List<Member> members;
  private final List<Leaf> leaves = new ArrayList<>();
  private final long rowGroupSize;
  private final ZstdCompressCtx zstd;
  private final Bytes page = new Bytes();
  private final Bytes packed = new Bytes();
  private final Bytes header = new Bytes();
  private final Bytes rowGroups = new Bytes();
  private final List<Long> offsets = new ArrayList<>();
  private long position;
  private long rows;
  private long rowsOfGroup;

  /**
   * Begins a file.
   *
   * @param rowGroupSize about how many bytes of memory a row group may take before it is written
   * @param compressed whether pages are packed with Zstandard
   */
  public ParquetFile(OutputStream out, List<Member> members, long rowGroupSize, boolean compressed) throws IOException {
    this.out = out;
    this.members = members;
    this.rowGroupSize = rowGroupSize;
    this.zstd = compressed ? new ZstdCompressCtx().setLevel(ZSTD_LEVEL) : null;
    for (Member m : members) {
      leaves.addAll(m.leaves());
    }
    write(MAGIC, MAGIC.length);
  }

  /** Adds rows of a batch: those that {@code chosen} names, from one place to before another. */
  public void add(int[] chosen, int from, int to) throws IOException {
    for (Member m : members) {
      m.addRows(chosen, from, to);
    }
    rows += to - from;
    rowsOfGroup += to - from;
    long size = 0;
    for (Leaf leaf : leaves) {
      size += leaf.size();
    }
    if (size > rowGroupSize) {
      writeRowGroup();
    }
  }

  /** How many bytes were written. */
  public long position() {
    return position;
  }

  public long rows() {
    return rows;
  }

  /** Where the row groups begin. */
  public List<Long> offsets() {
    return List.copyOf(offsets);
  }

  private void write(byte[] b, int length) throws IOException {
    out.write(b, 0, length);
    position += length;
  }

  private void writeRowGroup() throws IOException {
    if (rowsOfGroup == 0) {
      return;
    }
    long start = position;
    Compact c = new Compact(rowGroups);
    c.element().list(1, Compact.STRUCT, leaves.size());
    long unpacked = 0;
    for (Leaf leaf : leaves) {
      unpacked += writeChunk(leaf, c);
      leaf.clear();
    }
    c.i64(2, unpacked).i64(3, rowsOfGroup).i64(5, start).i64(6, position - start).end();
    offsets.add(start);
    rowsOfGroup = 0;
  }

  private long writeChunk(Leaf leaf, Compact c) throws IOException {
    long start = position;
    long unpacked = 0;
    boolean dictionary = leaf.usesDictionary();
    if (dictionary) {
      page.size = 0;
      leaf.writeDictionary(page);
      unpacked += writePage(leaf.distinct, true, true);
    }
    long data = position;
    int value = 0;
    for (int at = 0; at < leaf.count; ) {
      int end = pageEnd(leaf, at);
      int valueEnd = value;
      for (int i = at; i < end; i++) {
        valueEnd += leaf.definitions[i] == leaf.maxDefinition ? 1 : 0;
      }
      page.size = 0;
      if (leaf.maxRepetition > 0) {
        writeLevels(leaf.repetitions, at, end, leaf.maxRepetition);
      }
      writeLevels(leaf.definitions, at, end, leaf.maxDefinition);
      leaf.writeValues(page, value, valueEnd, dictionary);
      unpacked += writePage(end - at, false, dictionary);
      at = end;
      value = valueEnd;
    }
    c.element().i64(2, start).struct(3).i32(1, leaf.type.number);
    c.list(2, Compact.I32, 2).elementI32(RLE).elementI32(dictionary ? PLAIN_DICTIONARY : PLAIN);
    c.list(3, Compact.BINARY, leaf.path.length);
    for (String name : leaf.path) {
      c.elementText(name);
    }
    c.i32(4, zstd == null ? UNCOMPRESSED : ZSTD).i64(5, leaf.count).i64(6, unpacked).i64(7, position - start).i64(9, data);
    if (dictionary) {
      c.i64(11, start);
    }
    leaf.writeStatistics(c, 12);
    c.end().end();
    return unpacked;
  }

  /** Where a page ends that begins at {@code at}: before a value that begins a row. */
  private static int pageEnd(Leaf leaf, int at) {
    int end = Math.min(leaf.count, at + PAGE_ROWS);
    while (end < leaf.count && leaf.maxRepetition > 0 && leaf.repetitions[end] > 0) {
      end++;
    }
    return end;
  }

  private void writeLevels(int[] levels, int from, int to, int max) {
    int at = page.size;
    page.little(0, 4);
    Hybrid.write(page, levels, from, to, Hybrid.width(max));
    page.littleAt(at, page.size - at - 4);
  }

  /** Writes the page that is ready, with its header, and says how long both are unpacked. */
  private long writePage(int values, boolean isDictionary, boolean dictionary) throws IOException {
    Bytes body = page;
    if (zstd != null) {
      packed.size = 0;
      packed.room((int) com.github.luben.zstd.Zstd.compressBound(page.size));
      packed.size = zstd.compressByteArray(packed.data, 0, packed.data.length, page.data, 0, page.size);
      body = packed;
    }
    header.size = 0;
    Compact c = new Compact(header);
    c.element().i32(1, isDictionary ? 2 : 0).i32(2, page.size).i32(3, body.size);
    if (isDictionary) {
      c.struct(7).i32(1, values).i32(2, PLAIN_DICTIONARY).end();
    } else {
      c.struct(5).i32(1, values).i32(2, dictionary ? PLAIN_DICTIONARY : PLAIN).i32(3, RLE).i32(4, RLE).end();
    }
    c.end();
    write(header.data, header.size);
    write(body.data, body.size);
    return (long) header.size + page.size;
  }

  /** Writes what is left and the footer, and closes the stream. */
  @Override
  public void close() throws IOException {
    writeRowGroup();
    Bytes footer = new Bytes();
    Compact c = new Compact(footer);
    int elements = 1;
    for (Member m : members) {
      elements += m.elements();
    }
    c.element().i32(1, 1).list(2, Compact.STRUCT, elements);
    c.element().text(4, "table").i32(5, members.size()).end();
    for (Member m : members) {
      m.writeSchema(c);
    }
    c.i64(3, rows).list(4, Compact.STRUCT, offsets.size());
    footer.add(rowGroups.data, 0, rowGroups.size);
    c.text(6, "lakemesh version 1").list(7, Compact.STRUCT, leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      c.element().struct(1).end().end();
    }
    c.end();
    int length = footer.size;
    footer.little(length, 4);
    footer.add(MAGIC, 0, MAGIC.length);
    write(footer.data, footer.size);
    free();
    out.close();
  }

  /** Gives up: the file stays broken. */
  public void abort() throws IOException {
    free();
    out.close();
  }

  private void free() {
    if (zstd != null) {
      zstd.close();
    }
  }
}
