package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Column;
import io.lakemesh.vcf.Columns;
import java.nio.charset.StandardCharsets;

/** One row as an object of JSON, for columns of numbers and texts. */
final class Json {
  private Json() {}

  static String of(Columns columns, int row) {
    StringBuilder json = new StringBuilder("{");
    for (Column c : columns.all()) {
      json.append(json.length() > 1 ? ", " : "").append(quote(c.name)).append(": ").append(c.nulls[row] ? "null" : value(c, row));
    }
    return json.append('}').toString();
  }

  private static String value(Column c, int row) {
    return switch (c.type) {
      case INT -> String.valueOf(c.ints[row]);
      case LONG -> String.valueOf(c.longs[row]);
      case STRING -> quote(new String(c.data, c.starts[row], c.lengths[row], StandardCharsets.UTF_8));
      default -> throw new IllegalArgumentException("column " + c.name + " is neither a number nor a text");
    };
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
