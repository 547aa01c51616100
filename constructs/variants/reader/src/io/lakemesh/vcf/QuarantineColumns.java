package io.lakemesh.vcf;

import io.lakemesh.vcf.Column.Type;

/** One line that was not read, or one file that was refused. The text is never said, only its hash. */
public final class QuarantineColumns extends Columns {
  final Column object = add("object", Type.STRING);
  /** Which split of the file, from 0, and which line in it, from 1: the line in the file is that plus the lines of the splits before. */
  final Column split = add("split", Type.INT);
  /** 0 where the file as a whole is refused. */
  final Column lineInSplit = add("line_in_split", Type.LONG);
  final Column record = add("record", Type.LONG);
  final Column reason = add("reason", Type.STRING);
  /** SHA-256 of the line without its line end, in hexadecimal; null where a file is refused, or has an erased sample. */
  final Column textSha256 = add("text_sha256", Type.STRING);
}
