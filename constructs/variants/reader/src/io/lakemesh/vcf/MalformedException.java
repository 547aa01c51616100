package io.lakemesh.vcf;

/** What makes one line unreadable. The message says nothing that stands in the line. */
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedException(String reason) {
    super(reason, null, false, false);
  }
}
