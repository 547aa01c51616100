package io.lakemesh.vcf;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Some rows of any kinds. Of each row only the columns of its kind have values. */
public final class Batch {
  /** What a row is. */
  public enum Kind {
    VARIANT, GENOTYPE, SAMPLE, QUARANTINE, SPLIT;

    /** The word by which the column of this kind is called. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int MAX_ROWS = 4096;
  private static final long MAX_SIZE = 8 << 20;

  /** The kind of each row. */
  public final Kind[] kinds = new Kind[MAX_ROWS + 1];
  public final VariantColumns variant = new VariantColumns();
  public final GenotypeColumns genotype = new GenotypeColumns();
  public final SampleColumns sample = new SampleColumns();
  public final QuarantineColumns quarantine = new QuarantineColumns();
  public final SplitColumns split = new SplitColumns();

  private final Set<Kind> wanted;
  private int rows;

  /** Makes room for rows of the kinds that are wanted; others are never added. */
  public Batch(Set<Kind> wanted) {
    this.wanted = EnumSet.copyOf(wanted);
  }

  /** The columns of a kind. */
  public Columns columns(Kind kind) {
    return switch (kind) {
      case VARIANT -> variant;
      case GENOTYPE -> genotype;
      case SAMPLE -> sample;
      case QUARANTINE -> quarantine;
      case SPLIT -> split;
    };
  }

  public int rows() {
    return rows;
  }

  /** Writes into {@code into} which rows are of the kind, and says how many. */
  public int rowsOf(Kind kind, int[] into) {
    int n = 0;
    for (int row = 0; row < rows; row++) {
      if (kinds[row] == kind) {
        into[n++] = row;
      }
    }
    return n;
  }

  boolean wants(Kind kind) {
    return wanted.contains(kind);
  }

  /** Whether a row may be added, and one more behind it; texts may make a batch full before its rows do. */
  boolean hasRoom() {
    return rows < MAX_ROWS && (rows % 64 != 63 || size() < MAX_SIZE);
  }

  private long size() {
    return variant.size() + genotype.size() + quarantine.size();
  }

  /** Adds a row whose columns are all null and says which it is. */
  int add(Kind kind) {
    kinds[rows] = kind;
    columns(kind).setNulls(rows);
    return rows++;
  }

  void clear() {
    rows = 0;
    for (Kind kind : wanted) {
      columns(kind).clear();
    }
  }
}
