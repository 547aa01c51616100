package io.lakemesh.vcf;

/** An INFO or FORMAT field: what the header says of it, or the specification where the header does not. */
final class Field {
  /** How many values a field has: one for each alternate allele, for each allele, for each genotype, none, or any other number. */
  enum Number { A, R, G, FLAG, OTHER }

  final byte[] id;
  final Number number;

  /** The last line that named the field: so a second naming in one line is seen. */
  long seenIn = -1;

  Field(byte[] id, Number number) {
    this.id = id;
    this.number = number;
  }

  static Number number(String number, String type) {
    return switch (number) {
      case "A" -> Number.A;
      case "R" -> Number.R;
      case "G" -> Number.G;
      default -> number.equals("0") || type.equals("Flag") ? Number.FLAG : Number.OTHER;
    };
  }
}
