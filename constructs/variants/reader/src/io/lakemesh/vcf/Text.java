package io.lakemesh.vcf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What is asked of spans of bytes. A span goes from {@code start} to before {@code end}. */
final class Text {
  private Text() {}

  static byte[] of(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  static String string(byte[] b, int start, int end) {
    return new String(b, start, end - start, StandardCharsets.UTF_8);
  }

  static boolean equals(byte[] b, int start, int end, byte[] want) {
    return end - start == want.length && Arrays.equals(b, start, end, want, 0, want.length);
  }

  /** Whether the span is the one character. */
  static boolean is(byte[] b, int start, int end, char c) {
    return end - start == 1 && b[start] == c;
  }

  static int indexOf(byte[] b, int start, int end, char c) {
    for (int i = start; i < end; i++) {
      if (b[i] == c) {
        return i;
      }
    }
    return -1;
  }

  static int count(byte[] b, int start, int end, char c) {
    int n = 0;
    for (int i = start; i < end; i++) {
      if (b[i] == c) {
        n++;
      }
    }
    return n;
  }

  static boolean isDigits(byte[] b, int start, int end) {
    if (start == end) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (b[i] < '0' || b[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** What {@link #wholeNumber} answers for a text that is none. */
  static final long NO_NUMBER = Long.MIN_VALUE;

  /** The whole number that the span says, with or without a sign, of at most 18 digits; else NO_NUMBER. */
  static long wholeNumber(byte[] b, int start, int end) {
    int i = start;
    boolean negative = i < end && b[i] == '-';
    if (negative || i < end && b[i] == '+') {
      i++;
    }
    if (i == end || end - i > 18) {
      return NO_NUMBER;
    }
    long n = 0;
    for (; i < end; i++) {
      int digit = b[i] - '0';
      if (digit < 0 || digit > 9) {
        return NO_NUMBER;
      }
      n = n * 10 + digit;
    }
    return negative ? -n : n;
  }

  /** The number that the span says, or null: a decimal number, or NaN, Inf and Infinity in any case and with any sign. */
  static Double number(byte[] b, int start, int end) {
    long whole = wholeNumber(b, start, end);
    if (whole != NO_NUMBER) {
      return (double) whole;
    }
    String s = string(b, start, end);
    String word = s.startsWith("-") || s.startsWith("+") ? s.substring(1) : s;
    if (word.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      return s.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    for (int i = start; i < end; i++) {
      if ("0123456789+-.eE".indexOf(b[i]) < 0) {
        return null; // Java would take 1f, 0x1p3 and blanks
      }
    }
    try {
      return Double.valueOf(s);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static int hash(byte[] b, int start, int end) {
    int h = 0x811c9dc5;
    for (int i = start; i < end; i++) {
      h = (h ^ b[i]) * 0x01000193;
    }
    return h ^ h >>> 15;
  }

  /** Writes the letters of the span in capitals over it. */
  static void toUpper(byte[] b, int start, int end) {
    for (int i = start; i < end; i++) {
      if (b[i] >= 'a' && b[i] <= 'z') {
        b[i] -= 32;
      }
    }
  }
}
