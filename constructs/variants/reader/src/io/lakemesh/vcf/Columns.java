package io.lakemesh.vcf;

import java.util.ArrayList;
import java.util.List;

/** The columns of one kind of row, in the order in which they were declared. */
public abstract class Columns {
  private final List<Column> all = new ArrayList<>();
  private Column[] array = new Column[0];

  final Column add(String name, Column.Type type) {
    Column c = new Column(name, type);
    all.add(c);
    array = all.toArray(new Column[0]);
    return c;
  }

  /** The columns in their order. */
  public final List<Column> all() {
    return List.copyOf(all);
  }

  /** The column of a name, or null. */
  public final Column named(String name) {
    for (Column c : array) {
      if (c.name.equals(name)) {
        return c;
      }
    }
    return null;
  }

  final void clear() {
    for (Column c : array) {
      c.clear();
    }
  }

  final void setNulls(int row) {
    for (Column c : array) {
      c.setNull(row);
    }
  }

  final long size() {
    long n = 0;
    for (Column c : array) {
      n += c.size();
    }
    return n;
  }
}
