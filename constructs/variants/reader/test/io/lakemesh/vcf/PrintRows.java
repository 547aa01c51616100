package io.lakemesh.vcf;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * Prints the rows of files as lines of JSON, for tests: {@code PrintRows KINDS SPLIT_SIZE ASSEMBLY FILE…}, where KINDS are divided by commas and the
 * assembly {@code -} is what the header says. The property {@code reference} names a FASTA file of the assembly.
 */
final class PrintRows {
  private PrintRows() {}

  public static void main(String[] args) throws IOException {
    Set<Batch.Kind> kinds = EnumSet.noneOf(Batch.Kind.class);
    for (String word : args[0].split(",")) {
      kinds.add(Batch.Kind.valueOf(word.toUpperCase(java.util.Locale.ROOT)));
    }
    long splitSize = Long.parseLong(args[1]);
    String assembly = args[2].equals("-") ? null : args[2];
    Batch batch = new Batch(kinds);
    String fasta = System.getProperty("reference");
    Reference reference = fasta == null ? null : new Reference(() -> new LocalInput(Path.of(fasta)), () -> new LocalInput(Path.of(fasta + ".fai")), assembly);
    try (PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8)) {
      for (int i = 3; i < args.length; i++) {
        print(Path.of(args[i]), splitSize, assembly, reference, batch, out);
      }
    }
  }

  private static void print(Path file, long splitSize, String assembly, Reference reference, Batch batch, PrintStream out) throws IOException {
    long size = Files.exists(file) ? Files.size(file) : 0;
    Codec codec = Codec.GZIP;
    if (size > splitSize) {
      try (SeekableInput in = new LocalInput(file)) {
        codec = Codec.of(in);
      } catch (RefusedException e) {
        // The reader says it as a row.
      }
    }
    for (Split split : Split.plan(size, codec, splitSize)) {
      try (VcfReader reader = new VcfReader(() -> new LocalInput(file), split, file.toString(), assembly, reference, new Erased(null))) {
        while (reader.fill(batch)) {
          for (int row = 0; row < batch.rows(); row++) {
            StringBuilder json = new StringBuilder("{\"kind\":\"" + batch.kinds[row].word() + "\"");
            for (Column c : batch.columns(batch.kinds[row]).all()) {
              if (!c.nulls[row]) {
                json.append(",\"").append(c.name).append("\":").append(value(c, row));
              }
            }
            out.println(json.append('}'));
          }
        }
      }
    }
  }

  private static String value(Column c, int row) {
    if (c.nulls[row]) {
      return "null";
    }
    return switch (c.type) {
      case BOOLEAN -> String.valueOf(c.booleans[row]);
      case INT -> String.valueOf(c.ints[row]);
      case LONG -> String.valueOf(c.longs[row]);
      case DOUBLE -> Double.isFinite(c.doubles[row]) ? String.valueOf(c.doubles[row]) : quote(String.valueOf(c.doubles[row]));
      case STRING -> quote(new String(c.data, c.starts[row], c.lengths[row], StandardCharsets.UTF_8));
      case STRINGS, INTS, MAP -> elements(c, row);
    };
  }

  private static String elements(Column c, int row) {
    StringBuilder s = new StringBuilder(c.type == Column.Type.MAP ? "{" : "[");
    for (int i = c.starts[row]; i < c.starts[row] + c.lengths[row]; i++) {
      s.append(i > c.starts[row] ? "," : "").append(value(c.elements, i));
      if (c.type == Column.Type.MAP) {
        s.append(':').append(value(c.values, i));
      }
    }
    return s.append(c.type == Column.Type.MAP ? '}' : ']').toString();
  }

  private static String quote(String s) {
    StringBuilder q = new StringBuilder("\"");
    for (char ch : s.toCharArray()) {
      if (ch == '"' || ch == '\\') {
        q.append('\\').append(ch);
      } else if (ch < ' ') {
        q.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) ch));
      } else {
        q.append(ch);
      }
    }
    return q.append('"').toString();
  }
}
