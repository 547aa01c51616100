package io.lakemesh.vcf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the header of a file says. */
final class Header {
  private static final String[] COLUMNS = {"#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"};

  /** The version of the format without VCFv, such as 4.2; null where no line says it. */
  String version;
  String assembly;
  final Fields info = new Fields();
  final Fields format = new Fields();
  final Map<String, Long> contigLengths = new HashMap<>();
  /** The names of the samples in their order. */
  byte[][] samples = new byte[0][];
  /** Which of them are erased; null where none is. */
  boolean[] erased;

  private final List<String> words = new ArrayList<>();
  private final String wantedAssembly;
  private long lineNumber;

  private Header(String wantedAssembly) {
    this.wantedAssembly = wantedAssembly;
  }

  /**
   * Reads the header of a file.
   *
   * @param assembly the assembly that the file must be of, or null: then the header has to tell
   */
  static Header read(SeekableInput in, Codec codec, String assembly) throws IOException, RefusedException {
    try (LineReader lines = new LineReader(Chunks.open(in, codec, 0, Long.MAX_VALUE), 0, Long.MAX_VALUE)) {
      return read(lines, assembly);
    }
  }

  private static Header read(LineReader lines, String assembly) throws IOException, RefusedException {
    Header h = new Header(assembly);
    while (lines.next()) {
      h.lineNumber++;
      String line = Text.string(lines.bytes, lines.start, lines.end);
      if (h.lineNumber == 1 && line.startsWith("\ufeff")) {
        line = line.substring(1);
      }
      if (line.startsWith("##")) {
        h.meta(line);
      } else if (line.startsWith("#CHROM")) {
        h.columns(line);
        h.declareReserved();
        h.assembly = h.decideAssembly();
        return h;
      } else if (!line.isBlank()) {
        throw new RefusedException(h.lineNumber, "a line of data stands before the line #CHROM");
      }
    }
    throw new RefusedException(h.lineNumber, "the file has no line #CHROM: it is no VCF, or cut off");
  }

  /** Leaves out the samples that are erased of a file. */
  void erase(Erased from, String object) throws RefusedException {
    erased = from.of(samples, object);
    if (erased != null && remaining() == 0) {
      throw new RefusedException("all samples of the file are erased");
    }
  }

  boolean isErased(int sample) {
    return erased != null && erased[sample];
  }

  /** How many samples are not erased. */
  int remaining() {
    int n = 0;
    for (int i = 0; i < samples.length; i++) {
      n += isErased(i) ? 0 : 1;
    }
    return n;
  }

  /** Whether the version is this or a later one of VCF 4. */
  boolean isAtLeast(int minor) {
    return version != null && version.startsWith("4.") && Integer.parseInt(version.substring(2)) >= minor;
  }

  private void meta(String line) throws RefusedException {
    int equals = line.indexOf('=');
    if (equals < 0) {
      return;
    }
    String key = line.substring(2, equals).strip();
    String value = line.substring(equals + 1).strip();
    switch (key) {
      case "fileformat" -> fileFormat(value);
      case "reference", "assembly" -> words.add(value);
      case "INFO", "FORMAT" -> {
        Map<String, String> parts = parts(value);
        if (parts.containsKey("ID")) {
          Field.Number n = Field.number(parts.getOrDefault("Number", "."), parts.getOrDefault("Type", ""));
          (key.equals("INFO") ? info : format).declare(parts.get("ID"), n);
        }
      }
      case "contig" -> contig(parts(value));
      default -> { }
    }
  }

  private void fileFormat(String value) throws RefusedException {
    String v = value.startsWith("VCFv") ? value.substring(4) : value;
    if (v.matches("4\\.[0-9]{1,3}")) {
      version = v;
    } else {
      throw new RefusedException(lineNumber, "the file format is none that is known, expected VCFv4.1 to VCFv4.4");
    }
  }

  private void contig(Map<String, String> parts) {
    String id = parts.get("ID");
    if (id == null) {
      return;
    }
    long length = 0;
    String said = parts.get("length");
    if (said != null) {
      byte[] b = Text.of(said);
      length = Math.max(0, Text.wholeNumber(b, 0, b.length));
    }
    contigLengths.putIfAbsent(id, length);
    if (parts.containsKey("assembly")) {
      words.add(parts.get("assembly"));
    }
  }

  /** The parts of a structured value: {@code <ID=x,Number=1,Description="a, \"b\"">}. What cannot be read is left out. */
  static Map<String, String> parts(String value) {
    Map<String, String> parts = new HashMap<>();
    if (!value.startsWith("<")) {
      return parts;
    }
    int at = 1;
    while (at < value.length() && value.charAt(at) != '>') {
      int equals = value.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String key = value.substring(at, equals).strip();
      StringBuilder said = new StringBuilder();
      boolean quoted = false;
      for (at = equals + 1; at < value.length(); at++) {
        char c = value.charAt(at);
        if (quoted && c == '\\' && at + 1 < value.length()) {
          said.append(value.charAt(++at));
        } else if (c == '"') {
          quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '>')) {
          break;
        } else {
          said.append(c);
        }
      }
      parts.putIfAbsent(key, said.toString());
      if (at < value.length() && value.charAt(at) == ',') {
        at++;
      }
    }
    return parts;
  }

  private void columns(String line) throws RefusedException {
    String[] names = line.indexOf('\t') >= 0 ? line.split("\t", -1) : line.strip().split(" +");
    for (int i = 0; i < COLUMNS.length; i++) {
      if (i >= names.length || !names[i].equals(COLUMNS[i])) {
        throw new RefusedException(lineNumber, "column " + (i + 1) + " of the line #CHROM is not " + COLUMNS[i]);
      }
    }
    int first = COLUMNS.length + 1;
    if (names.length >= first && !names[first - 1].equals("FORMAT")) {
      throw new RefusedException(lineNumber, "column " + first + " of the line #CHROM is not FORMAT");
    }
    samples = new byte[Math.max(0, names.length - first)][];
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < samples.length; i++) {
      String name = names[first + i];
      if (name.isEmpty()) {
        throw new RefusedException(lineNumber, "sample " + (i + 1) + " has no name");
      }
      Integer before = seen.put(name, i + 1);
      if (before != null) {
        throw new RefusedException(lineNumber, "samples " + before + " and " + (i + 1) + " have the same name");
      }
      samples[i] = Text.of(name);
    }
  }

  /** Declares what the specification reserves, where the header does not. */
  private void declareReserved() {
    for (String id : new String[] {"AC", "AF", "CIGAR"}) {
      info.declare(id, Field.Number.A);
    }
    for (String id : new String[] {"AD", "ADF", "ADR"}) {
      info.declare(id, Field.Number.R);
      format.declare(id, Field.Number.R);
    }
    for (String id : new String[] {"GL", "GP", "PL", "PP"}) {
      format.declare(id, Field.Number.G);
    }
    format.declare("EC", Field.Number.A);
    if (isAtLeast(4)) {
      info.declare("SVLEN", Field.Number.A);
    }
  }

  /** The assembly by the contigs' names and lengths, else by the words that name one. */
  private String decideAssembly() throws RefusedException {
    String found = null;
    for (Map.Entry<String, Long> c : contigLengths.entrySet()) {
      found = agree(found, Assembly.ofContig(c.getKey(), c.getValue()));
    }
    if (found == null) {
      for (String w : words) {
        found = agree(found, Assembly.ofWord(w));
      }
    }
    if (wantedAssembly == null && found == null) {
      throw new RefusedException("the header names no assembly that is known; fix: say the assembly");
    }
    if (wantedAssembly != null && found != null && !wantedAssembly.equals(found)) {
      throw new RefusedException("the header speaks of " + found + ", expected " + wantedAssembly);
    }
    return wantedAssembly != null ? wantedAssembly : found;
  }

  private static String agree(String one, String other) throws RefusedException {
    if (one != null && other != null && !one.equals(other)) {
      throw new RefusedException("the header speaks of " + Assembly.GRCH37 + " and of " + Assembly.GRCH38);
    }
    return one == null ? other : one;
  }
}
