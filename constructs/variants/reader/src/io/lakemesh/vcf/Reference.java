package io.lakemesh.vcf;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The sequence of an assembly: a FASTA file that is not compressed, of which only the parts are read that its index, a .fai file, is asked for. */
public final class Reference implements Closeable {
  /** Bases that are read at once. Two such blocks are kept, so that what lies over the border of two is not read again and again. */
  private static final int BLOCK = 1 << 16;

  /** Where the bases of a contig stand in the file. */
  private record Contig(long length, long offset, long lineBases, long lineBytes) {
    long place(long base) {
      return offset + base / lineBases * lineBytes + base % lineBases;
    }
  }

  private final VcfReader.Opener fasta;
  private final Map<String, Contig> contigs = new HashMap<>();
  private SeekableInput in;

  private byte[] name = new byte[0];
  private Contig contig;
  private final byte[][] blocks = new byte[2][];
  private final long[] blockNumbers = {-1, -1};

  /**
   * Reads the index.
   *
   * @param assembly the assembly, which says what rows call the contigs
   */
  public Reference(VcfReader.Opener fasta, VcfReader.Opener index, String assembly) throws IOException {
    this.fasta = fasta;
    try (SeekableInput file = index.open()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int n = file.read(buffer, 0, buffer.length); n >= 0; n = file.read(buffer, 0, buffer.length)) {
        text.write(buffer, 0, n);
      }
      for (String line : text.toString(StandardCharsets.UTF_8).split("\n")) {
        read(line.strip(), assembly);
      }
    }
  }

  private void read(String line, String assembly) throws IOException {
    if (line.isEmpty()) {
      return;
    }
    String[] columns = line.split("\t");
    try {
      Contig c = new Contig(Long.parseLong(columns[1]), Long.parseLong(columns[2]), Long.parseLong(columns[3]), Long.parseLong(columns[4]));
      if (c.lineBases < 1 || c.lineBytes < c.lineBases) {
        throw new IOException("the index of the reference has a line of no bases");
      }
      contigs.putIfAbsent(Assembly.contigName(columns[0], c.length, assembly), c);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("the index of the reference is no .fai file", e);
    }
  }

  /** Refuses a file whose header says another length of a contig than the reference has. */
  void check(Header header) throws RefusedException {
    for (String id : header.contigLengths.keySet().stream().sorted().toList()) {
      long said = header.contigLengths.get(id);
      Contig c = contigs.get(Assembly.contigName(id, said, header.assembly));
      if (said > 0 && c != null && c.length != said) {
        throw new RefusedException("the header says that contig " + id + " has " + said + " bases, the reference has " + c.length);
      }
    }
  }

  /** Goes to a contig, which the reference may not have. */
  private void go(byte[] to) {
    if (Text.equals(name, 0, name.length, to)) {
      return;
    }
    name = to;
    contig = contigs.get(Text.string(to, 0, to.length));
    blockNumbers[0] = -1;
    blockNumbers[1] = -1;
  }

  /** Whether the bases from {@code pos} on are these. */
  boolean has(byte[] contigName, long pos, byte[] b, int start, int end) throws IOException {
    go(contigName);
    for (int i = start; i < end; i++) {
      if (base(pos + i - start) != b[i]) {
        return false;
      }
    }
    return true;
  }

  /** The base at a position of the contig that was asked for last: A, C, G, T, N for all others, and 0 where the contig has none. */
  byte base(long pos) throws IOException {
    if (contig == null || pos < 1 || pos > contig.length) {
      return 0;
    }
    long number = (pos - 1) / BLOCK;
    int slot = (int) (number & 1);
    if (blockNumbers[slot] != number) {
      blocks[slot] = block(number * BLOCK, Math.min(contig.length, (number + 1) * BLOCK));
      blockNumbers[slot] = number;
    }
    return blocks[slot][(int) ((pos - 1) % BLOCK)];
  }

  private byte[] block(long from, long to) throws IOException {
    if (in == null) {
      in = fasta.open();
    }
    long place = contig.place(from);
    byte[] text = new byte[(int) (contig.place(to - 1) + 1 - place)];
    in.seek(place);
    byte[] bases = new byte[(int) (to - from)];
    int n = 0;
    int length = in.readFully(text, 0, text.length);
    for (int i = 0; i < length; i++) {
      if (text[i] > ' ') {
        if (text[i] == '>' || n == bases.length) {
          throw new IOException("the reference is not what its index says; fix: make the .fai file anew");
        }
        bases[n++] = plain(text[i]);
      }
    }
    if (n < bases.length) {
      throw new IOException("the reference is not what its index says; fix: make the .fai file anew");
    }
    return bases;
  }

  private static byte plain(byte b) {
    return switch (b) {
      case 'A', 'a' -> 'A';
      case 'C', 'c' -> 'C';
      case 'G', 'g' -> 'G';
      case 'T', 't' -> 'T';
      default -> 'N';
    };
  }

  /** Whether a span has no other letters than the reference can have. */
  static boolean isPlain(byte[] b, int start, int end) {
    for (int i = start; i < end; i++) {
      if (b[i] != 'N' && plain(b[i]) != b[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
