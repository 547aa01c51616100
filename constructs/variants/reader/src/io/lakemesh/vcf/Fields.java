package io.lakemesh.vcf;

import java.util.Arrays;

/** The INFO or the FORMAT fields of a file by their names. A name that nobody declared becomes a field when it is first asked for. */
final class Fields {
  /** A header declares some hundred fields; lines that name more than this are broken, and what they name is forgotten again. */
  private static final int MAX_UNDECLARED = 1 << 16;

  private Field[] slots = new Field[256];
  private int used;
  private Field[] declared = new Field[0];
  private int undeclared;

  void declare(String id, Field.Number number) {
    byte[] name = Text.of(id);
    if (find(name, 0, name.length) != null) {
      return; // the first declaration counts
    }
    Field f = new Field(name, number);
    declared = Arrays.copyOf(declared, declared.length + 1);
    declared[declared.length - 1] = f;
    put(f);
  }

  Field get(byte[] b, int start, int end) {
    Field f = find(b, start, end);
    if (f != null) {
      return f;
    }
    if (++undeclared > MAX_UNDECLARED) {
      slots = new Field[256];
      used = 0;
      undeclared = 1;
      for (Field d : declared) {
        put(d);
      }
    }
    f = new Field(Arrays.copyOfRange(b, start, end), Field.Number.OTHER);
    put(f);
    return f;
  }

  private Field find(byte[] b, int start, int end) {
    int mask = slots.length - 1;
    for (int i = Text.hash(b, start, end) & mask; slots[i] != null; i = i + 1 & mask) {
      if (Text.equals(b, start, end, slots[i].id)) {
        return slots[i];
      }
    }
    return null;
  }

  private void put(Field f) {
    if (2 * ++used > slots.length) {
      Field[] old = slots;
      slots = new Field[2 * old.length];
      used = 1;
      for (Field o : old) {
        if (o != null) {
          put(o);
        }
      }
    }
    int mask = slots.length - 1;
    int i = Text.hash(f.id, 0, f.id.length) & mask;
    while (slots[i] != null) {
      i = i + 1 & mask;
    }
    slots[i] = f;
  }
}
