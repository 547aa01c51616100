package io.lakemesh.vcf;

import java.io.IOException;

/** How the bytes of a file are packed. The first bytes tell, never the name: bgzip and gzip files are both named .gz. */
public enum Codec {
  /** Text as it is; it can be read from any place. */
  PLAIN,
  /** gzip, one stream; it can only be read from its start. */
  GZIP,
  /** Blocked gzip as bgzip writes it; it can be read from any block. */
  BGZF;

  /** Whether the file can be read in several splits. */
  public boolean splits() {
    return this != GZIP;
  }

  /** Reads the first bytes of the file and says what it is. */
  public static Codec of(SeekableInput in) throws IOException, RefusedException {
    byte[] head = new byte[BgzfChunks.HEADER];
    in.seek(0);
    int n = in.readFully(head, 0, head.length);
    if (n >= 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
      return BgzfChunks.isHeader(head, 0, n) ? BGZF : GZIP;
    }
    if (n >= 3 && head[0] == 'B' && head[1] == 'C' && head[2] == 'F') {
      throw new RefusedException("the file is BCF, expected VCF; fix: bcftools view -Oz");
    }
    return PLAIN;
  }
}
