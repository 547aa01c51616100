package io.lakemesh.vcf;

import java.io.IOException;

/**
 * Writes the rows of one line: for each alternate allele the variant, then the samples that carry it or miss a call. It stops where a batch is full and
 * goes on in the next, so that a line of any number of samples fits.
 */
final class RowWriter {
  private static final byte[] TRUE = Text.of("true");

  private final byte[] object;
  private final Header header;
  private final byte[] assembly;
  private final Line line;
  private final InfoValues info;
  private final Calls calls;
  private final AlleleForm form = new AlleleForm();
  private final Values values = new Values();
  private final SampleFields sampleFields;

  /** The sequence that the alleles are held against, or null. */
  private final Reference reference;
  /** Whether the reference has the bases of REF. */
  private boolean refAgrees;

  private long record;
  private byte[] contig;
  private boolean contigRenamed;
  private int allele;
  private boolean variantDone;
  private int nextCall;
  /** The row of the same batch that has the texts that all rows of this allele share, or -1. */
  private int sameAs;
  private final boolean decode;

  long variants;
  long genotypes;
  /** Records of which REF is not what the reference has. */
  long refMismatches;

  RowWriter(byte[] object, Header header, Line line, InfoValues info, Calls calls, Reference reference) {
    this.reference = reference;
    this.object = object;
    this.header = header;
    this.assembly = Text.of(header.assembly);
    this.line = line;
    this.info = info;
    this.calls = calls;
    this.decode = header.isAtLeast(3);
    this.sampleFields = new SampleFields(values);
  }

  /** Begins a line. */
  void begin(long record, byte[] contig) throws IOException {
    this.record = record;
    this.contig = contig;
    this.contigRenamed = !Text.equals(line.bytes, line.starts[Line.CHROM], line.ends[Line.CHROM], contig);
    allele = line.alts == 0 ? 0 : 1;
    refAgrees = reference == null || reference.has(contig, line.pos, line.alleleBytes, line.alleleStarts[0], line.alleleEnds[0]);
    refMismatches += refAgrees ? 0 : 1;
    beginAllele();
  }

  private void beginAllele() throws IOException {
    while (allele > 0 && allele <= line.alts && calls.counts[allele] == 0 && isLeftOut()) {
      allele++;
    }
    variantDone = false;
    nextCall = 0;
    sameAs = -1;
    if (allele <= line.alts) {
      form.read(line, allele, info, values, header, contig, aligns() ? reference : null);
    }
  }

  /** Whether an allele that nobody has is left out: "any other allele" where the line lists some, and one that an erased sample may have had. */
  private boolean isLeftOut() {
    boolean unspecified = line.alleleKinds[allele] == Allele.UNSPECIFIED;
    return unspecified ? allele > 1 : header.erased != null && calls.called;
  }

  /** Whether the allele is aligned to the left: the reference has REF, and both alleles are bases. */
  private boolean aligns() {
    return reference != null && refAgrees && allele > 0 && line.alleleKinds[allele] == Allele.BASES
        && Reference.isPlain(line.alleleBytes, line.alleleStarts[allele], line.alleleEnds[allele]);
  }

  /** Writes rows until the line is done, or the batch is full: then false. */
  boolean write(Batch batch) throws IOException {
    sameAs = -1;
    while (allele <= line.alts) {
      if (!variantDone) {
        if (batch.wants(Batch.Kind.VARIANT)) {
          if (!batch.hasRoom()) {
            return false;
          }
          writeVariant(batch.variant, batch.add(Batch.Kind.VARIANT));
        }
        variantDone = true;
        variants++;
      }
      for (; nextCall < calls.kept; nextCall++) {
        int copies = allele == 0 ? 0 : calls.copies(nextCall, allele);
        int missing = calls.copies(nextCall, Calls.MISSING);
        if (copies + missing == 0) {
          continue;
        }
        if (batch.wants(Batch.Kind.GENOTYPE)) {
          if (!batch.hasRoom()) {
            return false;
          }
          writeGenotype(batch.genotype, batch.add(Batch.Kind.GENOTYPE), copies, missing);
        }
        genotypes++;
      }
      allele++;
      beginAllele();
    }
    return true;
  }

  private void writeVariant(VariantColumns c, int row) {
    byte[] b = line.bytes;
    c.object.set(row, object);
    c.record.set(row, record);
    c.alleleIndex.set(row, allele);
    c.variantId.set(row, form.id.data, 0, form.id.lengths[0]);
    c.assembly.set(row, assembly);
    c.contig.set(row, contig);
    c.pos.set(row, form.pos);
    c.endPos.set(row, form.endPos);
    c.ref.set(row, form.bytes, form.refStart, form.refEnd);
    if (allele > 0) {
      c.alt.set(row, form.bytes, form.altStart, form.altEnd);
    }
    c.variantType.set(row, form.type);
    writeList(c.ids, row, line.starts[Line.ID], line.ends[Line.ID]);
    if (line.hasQual) {
      c.qual.set(row, line.qual);
    }
    writeList(c.filters, row, line.starts[Line.FILTER], line.ends[Line.FILTER]);
    if (calls.called) {
      writeCounts(c, row);
    }
    writeInfo(c, row);
    if (contigRenamed) {
      c.contigInFile.set(row, b, line.starts[Line.CHROM], line.ends[Line.CHROM]);
    }
    if (reference != null && allele > 0 && line.alleleKinds[allele] == Allele.BASES) {
      c.normalized.set(row, aligns());
    }
    if (form.changed) {
      c.posInFile.set(row, line.pos);
      c.refInFile.set(row, line.alleleBytes, line.alleleStarts[0], line.alleleEnds[0]);
      c.altInFile.set(row, line.alleleBytes, line.alleleStarts[allele], line.alleleEnds[allele]);
    }
  }

  private void writeCounts(VariantColumns c, int row) {
    int carriers = 0;
    int missing = 0;
    for (int i = 0; i < calls.kept; i++) {
      carriers += allele > 0 && calls.copies(i, allele) > 0 ? 1 : 0;
      missing += calls.copies(i, Calls.MISSING) > 0 ? 1 : 0;
    }
    c.alleleNumber.set(row, calls.alleleNumber);
    c.alleleCount.set(row, allele == 0 ? 0 : calls.counts[allele]);
    c.carriers.set(row, carriers);
    c.missing.set(row, missing);
  }

  /** Writes a text of parts divided by semicolons; a point is none. */
  private void writeList(Column c, int row, int start, int end) {
    byte[] b = line.bytes;
    if (start == end || Text.is(b, start, end, '.')) {
      return;
    }
    c.beginElements(row);
    for (int at = start; at <= end; ) {
      int semicolon = Text.indexOf(b, at, end, ';');
      int to = semicolon < 0 ? end : semicolon;
      if (to > at) {
        c.elements.set(c.addElement(row), b, at, to);
      }
      at = to + 1;
    }
  }

  private void writeInfo(VariantColumns c, int row) {
    byte[] b = line.bytes;
    if (info.count == 0) {
      return;
    }
    boolean some = false;
    boolean unsplit = false;
    for (int i = 0; i < info.count; i++) {
      int start = info.valueStarts[i];
      int end = info.valueEnds[i];
      if (end >= start && (start == end || Text.is(b, start, end, '.'))) {
        continue; // missing
      }
      if (header.erased != null && Erased.counts(info.fields[i].id)) {
        continue;
      }
      if (!some) {
        c.info.beginElements(row);
        some = true;
      }
      int e = c.info.addElement(row);
      c.info.elements.set(e, info.fields[i].id);
      if (end < start) {
        c.info.values.set(e, TRUE);
        continue;
      }
      Picked picked = pick(b, start, end, info.fields[i].number, 2, c.info.values, e);
      if (picked == Picked.ALL) {
        continue;
      }
      c.info.dropElement(row);
      if (picked == Picked.NONE_FITS) {
        if (!unsplit) {
          c.infoUnsplit.beginElements(row);
          unsplit = true;
        }
        e = c.infoUnsplit.addElement(row);
        c.infoUnsplit.elements.set(e, info.fields[i].id);
        text(c.infoUnsplit.values, e, b, start, end);
      }
    }
    if (some && c.info.lengths[row] == 0) {
      c.info.setNull(row);
    }
  }

  /** What became of the values of a field. */
  private enum Picked {
    /** Those of the allele were written. */
    ALL,
    /** Those of the allele are missing. */
    MISSING,
    /** There are more or fewer than the header says. */
    NONE_FITS
  }

  /** Writes the values of the allele: one for A, the reference's and its own for R, those of the genotypes of both for G. */
  private Picked pick(byte[] b, int start, int end, Field.Number number, int ploidy, Column into, int row) {
    if (number == Field.Number.OTHER || number == Field.Number.FLAG) {
      text(into, row, b, start, end);
      return Picked.ALL;
    }
    values.read(b, start, end);
    long want = switch (number) {
      case A -> line.alts;
      case R -> line.alts + 1;
      default -> Values.genotypes(ploidy, line.alts);
    };
    if (values.count != want) {
      return Picked.NONE_FITS;
    }
    if (number == Field.Number.A) {
      if (allele == 0 || values.isMissing(b, allele - 1)) {
        return Picked.MISSING;
      }
      text(into, row, b, values.start(allele - 1), values.end(allele - 1));
      return Picked.ALL;
    }
    into.begin(row);
    int last = allele == 0 ? 0 : number == Field.Number.R ? 1 : ploidy;
    for (int i = 0; i <= last; i++) {
      int at = number == Field.Number.R ? i * allele : (int) Values.genotype(ploidy, allele, i);
      if (i > 0) {
        into.add(',');
      }
      into.add(b, values.start(at), values.end(at));
    }
    into.finish(row);
    return Picked.ALL;
  }

  /** Writes a value; from VCF 4.3 on, characters that have a meaning of their own are written %3A and the like. */
  private void text(Column into, int row, byte[] b, int start, int end) {
    int percent = decode ? Text.indexOf(b, start, end, '%') : -1;
    if (percent < 0) {
      into.set(row, b, start, end);
      return;
    }
    into.begin(row);
    for (int i = start; i < end; i++) {
      int c = b[i] == '%' && i + 2 < end ? 16 * Character.digit(b[i + 1], 16) + Character.digit(b[i + 2], 16) : -1;
      if (c >= 0 && Character.digit(b[i + 1], 16) >= 0 && isReserved(c)) {
        into.add((char) c);
        i += 2;
      } else {
        into.add((char) (b[i] & 0xff));
      }
    }
    into.finish(row);
  }

  private static boolean isReserved(int c) {
    return c == ':' || c == ';' || c == '=' || c == '%' || c == ',' || c == '\r' || c == '\n' || c == '\t';
  }

  private void writeGenotype(GenotypeColumns c, int row, int copies, int missing) {
    if (sameAs < 0) {
      c.object.set(row, object);
      c.variantId.set(row, form.id.data, 0, form.id.lengths[0]);
      c.contig.set(row, contig);
      sameAs = row;
    } else {
      c.object.setSame(row, sameAs);
      c.variantId.setSame(row, sameAs);
      c.contig.setSame(row, sameAs);
    }
    c.record.set(row, record);
    c.alleleIndex.set(row, allele);
    c.pos.set(row, form.pos);
    c.sampleId.set(row, header.samples[calls.sample[nextCall]]);
    c.copies.set(row, copies);
    c.missing.set(row, missing);
    c.ploidy.set(row, calls.ploidy[nextCall]);
    if (calls.ploidy[nextCall] > 1) {
      c.phased.set(row, calls.phased[nextCall]);
    }
    writeFields(c, row);
  }

  /** Writes what FORMAT says of the sample. */
  private void writeFields(GenotypeColumns c, int row) {
    byte[] b = line.bytes;
    int ploidy = calls.ploidy[nextCall];
    int at = calls.columnStart[nextCall];
    int columnEnd = calls.columnEnd[nextCall];
    boolean others = false;
    boolean unsplit = false;
    for (int i = 0; i < calls.formatFields && at <= columnEnd; i++) {
      int colon = Text.indexOf(b, at, columnEnd, ':');
      int end = colon < 0 ? columnEnd : colon;
      int start = at;
      at = end + 1;
      Field f = calls.format[i];
      if (i == calls.gt) {
        c.genotype.set(row, b, start, end);
        continue;
      }
      if (start == end || Text.is(b, start, end, '.') || sampleFields.write(c, row, f, b, start, end, allele, line.alts, ploidy)) {
        continue;
      }
      if (!others) {
        c.fields.beginElements(row);
        others = true;
      }
      int e = c.fields.addElement(row);
      c.fields.elements.set(e, f.id);
      Picked picked = pick(b, start, end, f.number, ploidy, c.fields.values, e);
      if (picked != Picked.ALL) {
        c.fields.dropElement(row);
      }
      if (picked == Picked.NONE_FITS) {
        if (!unsplit) {
          c.fieldsUnsplit.beginElements(row);
          unsplit = true;
        }
        e = c.fieldsUnsplit.addElement(row);
        c.fieldsUnsplit.elements.set(e, f.id);
        text(c.fieldsUnsplit.values, e, b, start, end);
      }
    }
    if (others && c.fields.lengths[row] == 0) {
      c.fields.setNull(row);
    }
  }
}
