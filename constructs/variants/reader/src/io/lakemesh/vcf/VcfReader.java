package io.lakemesh.vcf;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one split of one VCF file and gives its rows in batches: variants and genotypes, the samples of the file (with its first split), the lines that
 * cannot be read, and last one row of counts. What makes the file unreadable ends the split with a row that says so; an IOException means that reading
 * failed and may be tried again.
 */
public final class VcfReader implements Closeable {
  private final Opener opener;
  private final Split split;
  private final String uri;
  private final byte[] object;
  private final String wantedAssembly;
  private final Reference reference;
  private final Erased erased;

  private SeekableInput in;
  private Codec codec;
  private Header header;
  private LineReader lines;
  private final Line line = new Line();
  private final InfoValues info = new InfoValues();
  private Calls calls;
  private RowWriter writer;
  private boolean inLine;
  private boolean done;
  private int nextSample;
  private RefusedException refused;
  private long refusedAtLine;

  private byte[] contigInFile = new byte[0];
  private byte[] contig;
  private long contigLength;
  private final Map<String, byte[]> contigs = new HashMap<>();

  private long lineCount;
  private long records;
  private long quarantined;
  private long pastEnd;
  /** A line that waits for room in a batch. */
  private String malformed;

  /** Opens the file; a FileNotFoundException says that there is none. */
  public interface Opener {
    SeekableInput open() throws IOException;
  }

  /**
   * Makes a reader of a split; nothing is opened yet.
   *
   * @param object how rows call the file
   * @param assembly the assembly that the file must be of, or null: then its header has to tell
   * @param reference the sequence of that assembly, by which alleles are aligned to the left; null leaves them where they are. It stays open.
   * @param erased the samples that are left out
   */
  public VcfReader(Opener opener, Split split, String object, String assembly, Reference reference, Erased erased) {
    this.opener = opener;
    this.split = split;
    this.uri = object;
    this.object = Text.of(object);
    this.wantedAssembly = assembly;
    this.reference = reference;
    this.erased = erased;
  }

  /** Fills the batch with the next rows; false when there are no more. A batch may be empty and others still follow. */
  public boolean fill(Batch batch) throws IOException {
    batch.clear();
    if (done) {
      return false;
    }
    if (refused == null) {
      try {
        if (header == null) {
          open();
        }
        if (!writeSamples(batch) || !writeLines(batch)) {
          return true;
        }
      } catch (RefusedException e) {
        refused = e;
        refusedAtLine = header == null ? e.line : lineCount;
      }
    }
    if (!batch.hasRoom()) {
      return true;
    }
    if (refused != null && (header != null || split.index() == 0) && batch.wants(Batch.Kind.QUARANTINE)) {
      writeRefused(batch);
    }
    if (batch.wants(Batch.Kind.SPLIT)) {
      writeSplit(batch);
    }
    done = true;
    return true;
  }

  private void open() throws IOException, RefusedException {
    try {
      in = opener.open();
    } catch (FileNotFoundException e) {
      throw new RefusedException("the file does not exist");
    }
    codec = Codec.of(in);
    header = Header.read(in, codec, wantedAssembly);
    header.erase(erased, uri);
    if (reference != null) {
      reference.check(header);
    }
    lines = new LineReader(Chunks.open(in, codec, split.start(), split.end()), split.start(), split.end());
    calls = new Calls(header.samples.length, header.erased);
    writer = new RowWriter(object, header, line, info, calls, reference);
  }

  private boolean writeSamples(Batch batch) {
    if (split.index() > 0 || !batch.wants(Batch.Kind.SAMPLE)) {
      return true;
    }
    SampleColumns c = batch.sample;
    for (; nextSample < header.samples.length; nextSample++) {
      if (header.isErased(nextSample)) {
        continue;
      }
      if (!batch.hasRoom()) {
        return false;
      }
      int row = batch.add(Batch.Kind.SAMPLE);
      c.object.set(row, object);
      c.sampleId.set(row, header.samples[nextSample]);
      c.sampleIndex.set(row, nextSample + 1);
    }
    return true;
  }

  /** Writes rows of lines until the split ends, or the batch is full: then false. */
  private boolean writeLines(Batch batch) throws IOException, RefusedException {
    while (true) {
      if (malformed != null) {
        if (!batch.hasRoom()) {
          return false;
        }
        writeMalformed(batch);
      }
      if (inLine) {
        if (!writer.write(batch)) {
          return false;
        }
        inLine = false;
      }
      if (!batch.hasRoom()) {
        return false;
      }
      if (!lines.next()) {
        return true;
      }
      lineCount++;
      if (lines.start == lines.end || lines.bytes[lines.start] == '#' || lines.offset == 0) {
        continue; // the first line is one of the header, and may begin with a byte order mark
      }
      try {
        readLine();
        records++;
        inLine = true;
      } catch (MalformedException e) {
        malformed = e.getMessage();
      }
    }
  }

  private void readLine() throws MalformedException, IOException {
    line.read(lines.bytes, lines.start, lines.end);
    info.read(line, header.info, lineCount);
    calls.read(line, header.format);
    findContig();
    if (contigLength > 0 && line.pos > contigLength + 1) {
      pastEnd++;
    }
    writer.begin(lines.offset, contig);
  }

  /** Finds the name of the contig; lines that follow each other are mostly of one. */
  private void findContig() {
    int start = line.starts[Line.CHROM];
    int end = line.ends[Line.CHROM];
    if (contig != null && Text.equals(line.bytes, start, end, contigInFile)) {
      return;
    }
    String name = Text.string(line.bytes, start, end);
    contigInFile = Text.of(name);
    contigLength = header.contigLengths.getOrDefault(name, 0L);
    contig = contigs.computeIfAbsent(name, n -> Text.of(Assembly.contigName(n, contigLength, header.assembly)));
  }

  private void writeMalformed(Batch batch) {
    quarantined++;
    if (batch.wants(Batch.Kind.QUARANTINE)) {
      QuarantineColumns c = batch.quarantine;
      int row = batch.add(Batch.Kind.QUARANTINE);
      c.object.set(row, object);
      c.split.set(row, split.index());
      c.lineInSplit.set(row, lineCount);
      c.record.set(row, lines.offset);
      c.reason.set(row, Text.of(malformed));
      if (header.erased == null) {
        c.textSha256.set(row, Sha256.of(lines.bytes, lines.start, lines.end));
      }
    }
    malformed = null;
  }

  private void writeRefused(Batch batch) {
    QuarantineColumns c = batch.quarantine;
    int row = batch.add(Batch.Kind.QUARANTINE);
    c.object.set(row, object);
    c.split.set(row, split.index());
    c.lineInSplit.set(row, refusedAtLine);
    c.reason.set(row, Text.of("file refused: " + refused.getMessage()));
  }

  private void writeSplit(Batch batch) {
    SplitColumns c = batch.split;
    int row = batch.add(Batch.Kind.SPLIT);
    c.object.set(row, object);
    c.split.set(row, split.index());
    if (codec != null) {
      c.codec.set(row, Text.of(codec.name().toLowerCase(Locale.ROOT)));
    }
    if (header != null) {
      if (header.version != null) {
        c.version.set(row, Text.of(header.version));
      }
      c.assembly.set(row, Text.of(header.assembly));
      c.samples.set(row, header.remaining());
    }
    c.lines.set(row, lineCount);
    c.records.set(row, records);
    c.variants.set(row, writer == null ? 0 : writer.variants);
    c.genotypes.set(row, writer == null ? 0 : writer.genotypes);
    c.quarantined.set(row, quarantined);
    c.pastEnd.set(row, pastEnd);
    if (reference != null) {
      c.refMismatches.set(row, writer == null ? 0 : writer.refMismatches);
    }
    if (refused != null) {
      c.refused.set(row, Text.of(refused.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
    if (in != null) {
      in.close();
    }
  }
}
