package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** What a reading is told. */
final class Options {
  static final long SPLIT_SIZE = 32L << 20;
  private static final Pattern JSON_STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private Options() {}

  static Set<Kind> kinds(CaseInsensitiveStringMap options) {
    String said = options.get("kinds");
    if (said == null) {
      return EnumSet.allOf(Kind.class);
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String word : said.split(",")) {
      try {
        kinds.add(Kind.valueOf(word.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("option kinds: got \"" + word + "\", expected " + Arrays.toString(Kind.values()).toLowerCase(Locale.ROOT), e);
      }
    }
    return kinds;
  }

  /** The FASTA file that alleles are aligned to the left by, or null. */
  static String reference(CaseInsensitiveStringMap options) {
    String reference = options.get("reference");
    if (reference != null && options.get("assembly") == null) {
      throw new IllegalArgumentException("option reference: got no assembly, expected the one that the reference is of; fix: option assembly");
    }
    return reference;
  }

  static long splitSize(CaseInsensitiveStringMap options) {
    long size = options.getLong("splitSize", SPLIT_SIZE);
    if (size < 1) {
      throw new IllegalArgumentException("option splitSize: got " + size + ", expected at least 1");
    }
    return size;
  }

  /** The files: Spark passes one as the option path and several as paths, a list in JSON. */
  static List<String> files(CaseInsensitiveStringMap options) {
    List<String> files = new ArrayList<>();
    if (options.containsKey("path")) {
      files.add(options.get("path"));
    }
    if (options.containsKey("paths")) {
      Matcher m = JSON_STRING.matcher(options.get("paths"));
      while (m.find()) {
        files.add(unescape(m.group(1)));
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file is named; fix: load([uri, ...])");
    }
    return files;
  }

  private static String unescape(String json) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c != '\\') {
        s.append(c);
        continue;
      }
      c = json.charAt(++i);
      switch (c) {
        case 'u' -> {
          s.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
          i += 4;
        }
        case 'n' -> s.append('\n');
        case 't' -> s.append('\t');
        case 'r' -> s.append('\r');
        case 'b' -> s.append('\b');
        case 'f' -> s.append('\f');
        default -> s.append(c);
      }
    }
    return s.toString();
  }
}
