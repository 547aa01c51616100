package io.lakemesh.vcf;

/**
 * What makes a whole file unreadable: broken compression, a header that cannot be used. The message says nothing that stands in the file. It is
 * no IOException: those mean that reading failed and may succeed when it is tried again.
 */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /** The header line that is to blame, counted from 1, or 0 where the file as a whole is. */
  public final long line;

  public RefusedException(long line, String reason) {
    super(reason);
    this.line = line;
  }

  public RefusedException(String reason) {
    this(0, reason);
  }
}
