package io.lakemesh.vcf;

/** The FORMAT fields that have a column of their own in the rows of genotypes. */
final class SampleFields {
  private final Values values;

  SampleFields(Values values) {
    this.values = values;
  }

  /** Writes a value into its column; false where the field has none, or the value is not what a column of its type can hold. */
  boolean write(GenotypeColumns c, int row, Field f, byte[] b, int start, int end, int allele, int alts, int ploidy) {
    byte[] id = f.id;
    if (id.length != 2) {
      return false;
    }
    return switch (id[0] << 8 | id[1]) {
      case 'D' << 8 | 'P' -> writeInt(c.depth, row, b, start, end);
      case 'A' << 8 | 'D' -> writeDepths(c, row, b, start, end, allele, alts);
      case 'G' << 8 | 'Q' -> writeQuality(c, row, b, start, end);
      case 'P' << 8 | 'L' -> writeLikelihoods(c.likelihoods, row, b, start, end, allele, alts, ploidy);
      case 'P' << 8 | 'S' -> writePhaseSet(c, row, b, start, end);
      case 'F' << 8 | 'T' -> {
        c.filter.set(row, b, start, end);
        yield true;
      }
      default -> false;
    };
  }

  private static boolean writeInt(Column c, int row, byte[] b, int start, int end) {
    long n = Text.wholeNumber(b, start, end);
    if (n < Integer.MIN_VALUE || n > Integer.MAX_VALUE) {
      return false;
    }
    c.set(row, (int) n);
    return true;
  }

  private static boolean writeQuality(GenotypeColumns c, int row, byte[] b, int start, int end) {
    Double said = Text.number(b, start, end);
    if (said == null) {
      return false;
    }
    c.genotypeQuality.set(row, said);
    return true;
  }

  private static boolean writePhaseSet(GenotypeColumns c, int row, byte[] b, int start, int end) {
    long n = Text.wholeNumber(b, start, end);
    if (n == Text.NO_NUMBER) {
      return false;
    }
    c.phaseSet.set(row, n);
    return true;
  }

  /** Writes the depths of the reference and the allele, where there is one for each allele of the line. */
  private boolean writeDepths(GenotypeColumns c, int row, byte[] b, int start, int end, int allele, int alts) {
    values.read(b, start, end);
    if (values.count != alts + 1) {
      return false;
    }
    for (int i = 0; i < values.count; i++) {
      if (!values.isMissing(b, i) && !isInt(b, i)) {
        return false;
      }
    }
    if (!values.isMissing(b, 0)) {
      writeInt(c.refDepth, row, b, values.start(0), values.end(0));
    }
    if (allele > 0 && !values.isMissing(b, allele)) {
      writeInt(c.altDepth, row, b, values.start(allele), values.end(allele));
    }
    return true;
  }

  private boolean writeLikelihoods(Column c, int row, byte[] b, int start, int end, int allele, int alts, int ploidy) {
    values.read(b, start, end);
    if (values.count != Values.genotypes(ploidy, alts)) {
      return false;
    }
    int last = allele == 0 ? 0 : ploidy;
    for (int i = 0; i <= last; i++) {
      int at = (int) Values.genotype(ploidy, allele, i);
      if (!values.isMissing(b, at) && !isInt(b, at)) {
        return false;
      }
    }
    c.beginElements(row);
    for (int i = 0; i <= last; i++) {
      int at = (int) Values.genotype(ploidy, allele, i);
      int e = c.addElement(row);
      if (values.isMissing(b, at)) {
        c.elements.setNull(e);
      } else {
        writeInt(c.elements, e, b, values.start(at), values.end(at));
      }
    }
    return true;
  }

  private boolean isInt(byte[] b, int i) {
    long n = Text.wholeNumber(b, values.start(i), values.end(i));
    return n >= Integer.MIN_VALUE && n <= Integer.MAX_VALUE;
  }
}
