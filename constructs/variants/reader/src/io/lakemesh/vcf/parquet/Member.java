package io.lakemesh.vcf.parquet;

import io.lakemesh.vcf.Column;
import java.util.List;

/** One column of a file: a value, a list or a map, with the leaves that hold it. */
public final class Member {
  private static final int REQUIRED = 0;
  private static final int OPTIONAL = 1;
  private static final int REPEATED = 2;
  private static final int UTF8 = 0;
  private static final int MAP = 1;
  private static final int LIST = 3;

  private final Column column;
  private final int[] ids;
  /** The value or the elements, or the keys and the values. */
  private final Leaf[] leaves;

  /**
   * Makes a column of a file.
   *
   * @param ids the numbers by which a table knows the column, and its element, or its key and its value
   */
  public Member(Column column, int... ids) {
    this.column = column;
    this.ids = ids;
    String name = column.name;
    this.leaves = switch (column.type) {
      case STRINGS, INTS -> new Leaf[] {new Leaf(Leaf.Type.of(column.elements.type), 3, 1, name, "list", "element")};
      case MAP -> new Leaf[] {
        new Leaf(Leaf.Type.BYTE_ARRAY, 2, 1, name, "key_value", "key"), new Leaf(Leaf.Type.BYTE_ARRAY, 3, 1, name, "key_value", "value")
      };
      default -> new Leaf[] {new Leaf(Leaf.Type.of(column.type), 1, 0, name)};
    };
  }

  List<Leaf> leaves() {
    return List.of(leaves);
  }

  void addRows(int[] rows, int from, int to) {
    switch (column.type) {
      case STRINGS, INTS -> addLists(rows, from, to);
      case MAP -> addMaps(rows, from, to);
      default -> leaves[0].addRows(column, rows, from, to);
    }
  }

  private void addLists(int[] rows, int from, int to) {
    Leaf leaf = leaves[0];
    for (int i = from; i < to; i++) {
      int row = rows[i];
      int n = column.nulls[row] ? 0 : column.lengths[row];
      if (n == 0) {
        leaf.addLevel(column.nulls[row] ? 0 : 1, 0);
      }
      for (int k = 0; k < n; k++) {
        int e = column.starts[row] + k;
        boolean none = column.elements.nulls[e];
        leaf.addLevel(none ? 2 : 3, k > 0 ? 1 : 0);
        if (!none) {
          leaf.add(column.elements, e);
        }
      }
    }
  }

  private void addMaps(int[] rows, int from, int to) {
    Leaf keys = leaves[0];
    Leaf values = leaves[1];
    for (int i = from; i < to; i++) {
      int row = rows[i];
      int n = column.nulls[row] ? 0 : column.lengths[row];
      if (n == 0) {
        keys.addLevel(column.nulls[row] ? 0 : 1, 0);
        values.addLevel(column.nulls[row] ? 0 : 1, 0);
      }
      for (int k = 0; k < n; k++) {
        int e = column.starts[row] + k;
        keys.addLevel(2, k > 0 ? 1 : 0);
        keys.add(column.elements, e);
        values.addLevel(3, k > 0 ? 1 : 0);
        values.add(column.values, e);
      }
    }
  }

  /** How many elements of the schema the column has. */
  int elements() {
    return leaves.length == 2 ? 4 : leaves[0].maxRepetition > 0 ? 3 : 1;
  }

  void writeSchema(Compact c) {
    if (leaves[0].maxRepetition == 0) {
      leaf(c, leaves[0], OPTIONAL, column.name, ids[0]);
      return;
    }
    boolean map = leaves.length == 2;
    c.element().i32(3, OPTIONAL).text(4, column.name).i32(5, 1).i32(6, map ? MAP : LIST).i32(9, ids[0]);
    c.struct(10).struct(map ? 2 : 3).end().end().end();
    c.element().i32(3, REPEATED).text(4, map ? "key_value" : "list").i32(5, leaves.length).end();
    if (map) {
      leaf(c, leaves[0], REQUIRED, "key", ids[1]);
      leaf(c, leaves[1], OPTIONAL, "value", ids[2]);
    } else {
      leaf(c, leaves[0], OPTIONAL, "element", ids[1]);
    }
  }

  private static void leaf(Compact c, Leaf leaf, int repetition, String name, int id) {
    c.element().i32(1, leaf.type.number).i32(3, repetition).text(4, name);
    if (leaf.type == Leaf.Type.BYTE_ARRAY) {
      c.i32(6, UTF8).i32(9, id).struct(10).struct(1).end().end();
    } else {
      c.i32(9, id);
    }
    c.end();
  }
}
